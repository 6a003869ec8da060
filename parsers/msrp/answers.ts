/** What comes back: responses to SEND (RFC 4975 §7.2), REPORT (§7.1.2), and names in rooms (RFC 7701 §7). */
import type { MsrpFlow } from './msrp-flow.ts';
import type { MsrpHead } from './msrp-head.ts';
import type { Sends } from './send.ts';

/** `sends`: of the other direction, from where the request came. */
export function onResponse(flow: MsrpFlow, head: MsrpHead, sends: Sends): void {
  const key = `${flow.direction === 0 ? 1 : 0} ${head.id}`;
  const asked = flow.transactions.get(key);
  if (asked === undefined) return;
  flow.transactions.delete(key);
  if (head.status < 300) return;
  const reason = head.comment === '' ? String(head.status) : `${head.status} ${head.comment}`;
  if (asked.file !== undefined) {
    sends.refusedBy(asked.file, reason);
    return;
  }
  const event = flow.newEvent('message.receipt', flow.parties(head));
  event.state = 'failed';
  event.refersTo = asked.messageId;
  event.reason = reason;
  flow.say(event);
}

/** `Status: 000 200 OK`: of a whole message, or of a part of it. */
export function onReport(flow: MsrpFlow, head: MsrpHead): void {
  const parties = flow.parties(head);
  if (parties.session?.file !== undefined) return;
  const status = /^000 (\d{3})(?: (.*))?$/.exec(head.headers.value('status') ?? '');
  if (status === null) return;
  const event = flow.newEvent('message.receipt', parties);
  const isDelivered = status[1] === '200';
  event.state = isDelivered ? 'received' : 'failed';
  event.refersTo = head.headers.value('message-id') || undefined;
  if (!isDelivered) event.reason = `${status[1]} ${status[2] ?? ''}`.trim();
  flow.say(event);
}

export function onNickname(flow: MsrpFlow, head: MsrpHead): void {
  const name = (head.headers.value('use-nickname') ?? '').replace(/^"|"$/g, '');
  if (name === '') return;
  const event = flow.newEvent('presence', flow.parties(head));
  event.name = name;
  event.state = 'renamed';
  flow.say(event);
}
