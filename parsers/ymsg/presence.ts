/**
 * Presence in all its forms: of contacts 0x01, 0x02, 0x03, 0x04, 0x0F (status 1) and 0xF0, blocks of
 * pairs each beginning with key 7; the account's own 0x03, 0x04, 0xC5 and 0xC6.
 */
import { HeaderStatus, Service } from './services.ts';
import { grant } from './session.ts';
import { canonicalId } from './text-value.ts';
import type { YmsgFlow } from './ymsg-flow.ts';

/** Key 10. */
const STATES: ReadonlyMap<number, string> = new Map([
  [0, 'available'],
  [1, 'brb'],
  [2, 'busy'],
  [3, 'not-at-home'],
  [4, 'not-at-desk'],
  [5, 'not-in-office'],
  [6, 'on-phone'],
  [7, 'on-vacation'],
  [8, 'out-to-lunch'],
  [9, 'stepped-out'],
  [12, 'invisible'],
  [999, 'idle'],
  [-1, 'offline'],
]);
const CUSTOM = 99;
/** Key 47 beside a text of one's own: whether it means that one is away. */
const AWAY: readonly string[] = ['available', 'away', 'idle'];

/** The packet says who is there; a sign-off packet, and key 13 = 0, that they are not. */
export function onPresence(flow: YmsgFlow): void {
  if (flow.toServer) {
    onOwnPresence(flow);
    return;
  }
  const { service, status } = flow.packet;
  if (service === Service.Logon || service === Service.Status15) grant(flow);
  const { pairs } = flow;
  let from = pairs.find(7);
  while (from !== -1) {
    const next = pairs.find(7, from + 1);
    const to = next === -1 ? pairs.size : next;
    tell(flow, from, to, service === Service.Logoff || status === HeaderStatus.Failed);
    from = next;
  }
}

function tell(flow: YmsgFlow, from: number, to: number, gone: boolean): void {
  const { pairs } = flow;
  const contact = canonicalId(pairs.at(from));
  if (contact === undefined) return;
  const event = flow.newEvent('presence');
  event.from = contact;
  const away = pairs.number(47, from, to);
  const legacy = pairs.number(97, from, to) === 0;
  const text = flow.textPair(19, from, to);
  event.status = pairs.text(19, legacy, from, to);
  event.state = gone ? 'offline' : stateOf(pairs.number(10, from, to), away);
  flow.say(event, text);
}

/** 0xC6 and 0x03 carry key 10 and a text of one's own in 19; 0x04 says that one is back. */
export function onOwnPresence(flow: YmsgFlow): void {
  const { pairs, packet } = flow;
  const event = flow.newEvent('presence');
  event.from = flow.account;
  const back = packet.service === Service.IsBack && pairs.find(10) === -1;
  event.state = back ? 'available' : stateOf(pairs.number(10), pairs.number(47));
  event.status = pairs.text(19, flow.legacy);
  flow.say(event, flow.textPair(19));
}

/** 0xC5: seen by others, or not. Servers repeat it. */
export function onVisibility(flow: YmsgFlow): void {
  const event = flow.newEvent('presence');
  event.from = flow.account;
  event.state = flow.pairs.number(13) === 2 ? 'invisible' : 'visible';
  if (!flow.toServer) event.copy = 'echo';
  flow.say(event);
}

function stateOf(code: number | undefined, away: number | undefined): string | undefined {
  if (code === undefined) return undefined;
  if (code === CUSTOM) return AWAY[away ?? 0] ?? 'away';
  return STATES.get(code) ?? `state ${code}`;
}
