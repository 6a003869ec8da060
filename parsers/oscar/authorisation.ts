/**
 * Asking to be a contact (family 0013, 14 to 1C). All have u8 length · screen name first; then
 *
 *   request, grant ahead   u16 length · reason · u16
 *   answer                 u8 1 yes, 0 no · u16 length · reason
 */

import { utf8OrWindows1252 } from '../../src/bytes/text.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import { type OscarFlow, some } from './oscar-flow.ts';
import { withoutNul } from './text-decoding.ts';

/** 13/18 of the client, 13/19 of somebody else. */
export function onRequest(flow: OscarFlow): void {
  say(flow, 'contact.request', flow.snac.body.name());
}

/** 13/14, 13/15: agreed before being asked. */
export function onGrantAhead(flow: OscarFlow): void {
  say(flow, 'contact.approve', flow.snac.body.name());
}

/** 13/1A, 13/1B. */
export function onAnswer(flow: OscarFlow): void {
  const other = flow.snac.body.name();
  const yes = flow.snac.body.u8() === 1;
  say(flow, yes ? 'contact.approve' : 'contact.deny', other);
}

/** 13/1C: somebody put the account on a list; 13/16: the account takes itself off one. */
export function onAdded(flow: OscarFlow): void {
  sayReverse(flow, 'contact.add');
}
export function onRemoveMe(flow: OscarFlow): void {
  sayReverse(flow, 'contact.remove');
}

function sayReverse(flow: OscarFlow, kind: EventKind): void {
  const other = flow.snac.body.name();
  if (other === undefined) return;
  const event = flow.between(kind, other);
  event.contact = other;
  event.list = 'reverse';
  flow.say(event);
}

function say(flow: OscarFlow, kind: EventKind, other: string | undefined): void {
  if (other === undefined) return;
  const { body } = flow.snac;
  const event = flow.between(kind, other);
  event.contact = other;
  const length = body.u16();
  const start = body.skip(Math.min(length, body.left));
  event.text = some(withoutNul(utf8OrWindows1252(body.buffer, start, body.at)));
  flow.say(event);
}
