/**
 * Requests to be a contact and their answers.
 *
 *   0x0F, header status 3   old: 3 who asks, 1 whom, 14 text; 7: refused by 3, 14 reason; 1: presence
 *   0xD6, header status 3   4 who asks, 5 whom, 14 text, 216 and 254 names
 *   0xD6 of the client      5 who asked, 13: 1 accepted, 2 denied, 14 reason
 *   0xD6, header status 1   4 who answers, 13 as above
 *   0x86                    old: 7 who asked, 14 reason: denied
 */
import type { EventKind } from '../../src/event/kinds.ts';
import { onPresence } from './presence.ts';
import { HeaderStatus } from './services.ts';
import { boundedName } from './text-value.ts';
import type { YmsgFlow } from './ymsg-flow.ts';

const ASKED = 3;
const DENIED = 2;

export function onNewContact(flow: YmsgFlow): void {
  if (flow.packet.status === ASKED) asked(flow, flow.id(3) ?? flow.id(4), flow.id(1) ?? flow.id(5));
  else if (flow.packet.status === HeaderStatus.Denied) {
    answered(flow, 'contact.deny', flow.id(3) ?? flow.id(4), flow.id(1) ?? flow.account);
  } else onPresence(flow);
}

export function onAuthRequest15(flow: YmsgFlow): void {
  const answer = flow.pairs.number(13) === DENIED ? 'contact.deny' : 'contact.approve';
  if (flow.toServer) {
    flow.learnAccount(flow.id(1));
    answered(flow, answer, flow.id(1) ?? flow.account, flow.id(5));
  } else if (flow.packet.status === ASKED) {
    asked(flow, flow.id(4), flow.id(5) ?? flow.account);
  } else answered(flow, answer, flow.id(4), flow.id(5) ?? flow.account);
}

/** 0x86 is the client's; a server that passes it on names who denied in 1. */
export function onRejectContact(flow: YmsgFlow): void {
  const [from, to] = [flow.id(1) ?? flow.account, flow.id(7) ?? flow.id(5)];
  if (flow.toServer) flow.learnAccount(flow.id(1));
  answered(flow, 'contact.deny', from, to);
}

function asked(flow: YmsgFlow, from: string | undefined, to: string | undefined): void {
  if (!flow.toServer) flow.learnAccount(to);
  const event = flow.direct('contact.request', from, to);
  event.contact = from;
  const { pairs } = flow;
  event.text = pairs.text(14, flow.legacy);
  const names = [pairs.text(216), pairs.text(254)].filter((name) => name !== undefined);
  event.name = boundedName(names.join(' '));
  flow.say(event, flow.textPair(14));
}

function answered(
  flow: YmsgFlow,
  kind: EventKind,
  from: string | undefined,
  to: string | undefined,
): void {
  const other = flow.toServer ? to : from;
  if (!flow.toServer) flow.learnAccount(to);
  if (kind === 'contact.deny' && !flow.toServer && from !== undefined) flow.contacts.delete(from);
  const event = flow.direct(kind, from, to);
  event.contact = other;
  event.text = flow.pairs.text(14, flow.legacy);
  flow.say(event, flow.textPair(14));
}
