/**
 * Presence by subscription (RFC 6665, RFC 3856): SUBSCRIBE to somebody's presence asks to see it, NOTIFY
 * brings it, PUBLISH (RFC 3903) tells the own. Other event packages make no event by themselves.
 */
import { ImBody } from '../framing/im-body.ts';
import { onOtherBody, readBody } from './page-message.ts';
import { onPresenceDocument } from './presence-document.ts';
import { kept, type SipFlow } from './sip-flow.ts';
import { statusText } from './status-text.ts';

const DENIED: ReadonlySet<number> = new Set([403, 603]);

/** Event package, without parameters and template. */
function eventPackage(flow: SipFlow): string {
  return (flow.message.header('event') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

export function onSubscribe(flow: SipFlow): void {
  const { message } = flow;
  const { from, to } = message;
  if (eventPackage(flow) !== 'presence' || message.isInDialog) return;
  if (from.address === to.address || to.address === undefined) return;
  if (/^0+$/.test(message.header('expires') ?? '')) return; // fetches once, or ends
  const contact = flow.isOwn ? to.address : from.address;
  flow.transactions.set(flow.transactionKey, { kind: 'subscribe', contact });
  const event = flow.newEvent('contact.request');
  event.contact = contact;
  event.name = flow.isOwn ? to.name : from.name;
  const before = kept(`${flow.isOwn ? '>' : '<'} ${contact}`);
  // Asked again at every start, and with credentials after a challenge.
  if (flow.subscriptions.has(before)) event.copy = 'echo';
  flow.subscriptions.set(before, { contact });
  flow.say(event);
}

export function onSubscribeAnswer(flow: SipFlow): void {
  const { message } = flow;
  const asked = flow.transactions.get(flow.transactionKey);
  if (message.status < 200 || asked?.kind !== 'subscribe') return;
  flow.transactions.delete(flow.transactionKey);
  if (!DENIED.has(message.status)) return;
  const event = flow.newEvent('contact.deny');
  event.contact = asked.contact;
  event.reason = statusText(message);
  flow.say(event);
}

export function onNotify(flow: SipFlow): void {
  const { message } = flow;
  const state = (message.header('subscription-state') ?? '').toLowerCase();
  if (eventPackage(flow) === 'presence' && /^terminated\b.*reason\s*=\s*"?rejected/.test(state)) {
    const event = flow.newEvent('contact.deny');
    event.contact = flow.isOwn ? message.to.address : message.from.address;
    event.reason = 'rejected';
    flow.say(event);
  }
  sayDocuments(flow);
}

export function onPublish(flow: SipFlow): void {
  const { message } = flow;
  if (message.bodyLength > 0) {
    sayDocuments(flow);
    return;
  }
  // Without a body: refreshed, or taken back.
  if (eventPackage(flow) !== 'presence' || !/^0+$/.test(message.header('expires') ?? '')) return;
  const event = flow.newEvent('presence');
  event.to = undefined;
  event.route = 'service';
  event.state = 'offline';
  flow.say(event);
}

function sayDocuments(flow: SipFlow): void {
  const { message } = flow;
  if (message.bodyLength === 0) return;
  const type = message.header('content-type') ?? '';
  if (/^\s*(?:text\/|message\/cpim)/i.test(type)) {
    onOtherBody(flow);
    return;
  }
  const body = isPlainDocument(type) ? readDocument(flow, type) : readBody(flow);
  for (const item of body.items) {
    if (item.kind === 'document') onPresenceDocument(flow, item);
  }
}

/** Wrapped ones may name senders and other oddities; plain ones cannot. */
function isPlainDocument(type: string): boolean {
  return /^\s*application\/[^;]*\+xml/i.test(type);
}

function readDocument(flow: SipFlow, type: string): ImBody {
  const { message } = flow;
  return new ImBody().read(message.buffer, message.bodyStart, message.bodyEnd, {
    type,
    encoding: message.header('content-encoding'),
  });
}
