/**
 * Conferences and chat rooms: one whose Contact says `isfocus` (RFC 4579 §5.1), or whose MSRP session is
 * a `chatroom` (RFC 7701 §8).
 */
import { nameAddress } from '../framing/sip-address.ts';
import { descriptionOf } from './description.ts';
import type { Dialog } from './dialog.ts';
import { kept, type SipFlow } from './sip-flow.ts';

/** What the message tells of its sender being a room. */
export function learnRoom(flow: SipFlow, dialog: Dialog): void {
  if (dialog.room !== undefined) return;
  const { message } = flow;
  const isFocus = /;\s*isfocus\b/i.test(message.header('contact') ?? '');
  const isRoom =
    isFocus || descriptionOf(flow)?.some(({ attributes }) => attributes.has('chatroom')) === true;
  if (!isRoom) return;
  const inviting = message.isRequest && isFocus;
  // A participant that offers to talk to rooms says `chatroom`, too: only the answer tells.
  if (message.isRequest && !isFocus) return;
  const room = inviting ? dialog.caller : dialog.callee;
  if (room === undefined) return;
  dialog.room = room;
  flow.context.memory.set(kept(`room ${room}`), true);
  if (!inviting) return;
  const event = flow.newEvent('room.invite');
  event.room = room;
  flow.say(event);
}

export function joinRoom(flow: SipFlow, dialog: Dialog): void {
  if (dialog.room === undefined) return;
  for (const session of dialog.sessions) if (session !== undefined) session.room = dialog.room;
  sayMembership(flow, dialog, 'room.join');
}

export function leaveRoom(flow: SipFlow, dialog: Dialog): void {
  if (dialog.room !== undefined) sayMembership(flow, dialog, 'room.leave');
}

function sayMembership(flow: SipFlow, dialog: Dialog, kind: 'room.join' | 'room.leave'): void {
  const event = flow.newEvent(kind);
  event.from = dialog.room === dialog.caller ? dialog.callee : dialog.caller;
  event.to = undefined;
  event.room = dialog.room;
  event.route = 'room';
  flow.say(event);
}

/** REFER (RFC 3515): somebody is asked to join a room that is known, or the room to ask somebody. */
export function onRefer(flow: SipFlow): void {
  const { message } = flow;
  const target = nameAddress(message.header('refer-to') ?? '');
  const { address } = message.to;
  const isRoom = (name: string | undefined) =>
    name !== undefined && flow.context.memory.get(kept(`room ${name}`)) === true;
  if (target.address === undefined || address === undefined) return;
  const event = flow.newEvent('room.invite');
  if (isRoom(target.address) || /;\s*isfocus\b/i.test(target.uri)) event.room = target.address;
  else if (isRoom(address)) {
    event.room = address;
    event.to = [target.address];
  } else return;
  flow.say(event);
}
