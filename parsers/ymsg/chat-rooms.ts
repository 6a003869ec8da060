/**
 * Public chat rooms (0x96 to 0xA8): key 104 names the room, 109 the member, 105 the topic, 117 what is
 * said. The server's word on joining lists the members, each begun by 109.
 */
import type { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import { actor } from './actor.ts';
import { fillText, onMessage } from './messages.ts';
import { Service } from './services.ts';
import { boundedName, canonicalId } from './text-value.ts';
import type { YmsgFlow } from './ymsg-flow.ts';
import { NAME_LIMIT } from './ymsg-limits.ts';

const EMOTE = 2; // key 124; 1 says, 3 thinks

/** 0x98, and 0x97 (to where 109 is): asked by the client; the server's list of who is in. */
export function onChatJoin(flow: YmsgFlow): void {
  const { pairs } = flow;
  if (flow.toServer) {
    const event = inRoom(flow, 'room.join', actor(flow));
    event.state = 'requested';
    const follows = flow.id(109);
    if (follows !== undefined && follows !== event.from) event.to = [follows];
    flow.say(event);
    return;
  }
  const code = pairs.number(114);
  if (code !== undefined && code < 0) {
    const event = inRoom(flow, 'room.join', flow.account);
    event.state = 'refused';
    event.reason = `code ${code}`;
    flow.say(event);
    return;
  }
  const topic = pairs.find(105);
  for (let i = pairs.find(109); i !== -1; i = pairs.find(109, i + 1)) {
    const member = canonicalId(pairs.at(i));
    if (member !== undefined) flow.say(inRoom(flow, 'room.join', member));
  }
  if (topic === -1 || pairs.at(topic) === undefined) return;
  const event = inRoom(flow, 'room.topic', undefined);
  event.text = pairs.at(topic, flow.legacy);
  flow.say(event, topic);
}

/** 0x9B, 0x99 with the member that goes; 0xA0 of the client: out of all rooms. */
export function onChatLeave(flow: YmsgFlow): void {
  const { pairs } = flow;
  if (flow.toServer) {
    flow.say(inRoom(flow, 'room.leave', actor(flow)));
    return;
  }
  for (let i = pairs.find(109); i !== -1; i = pairs.find(109, i + 1)) {
    const member = canonicalId(pairs.at(i));
    if (member !== undefined) flow.say(inRoom(flow, 'room.leave', member));
  }
}

/** 0x9D {104 room, 117 text, 118 who is invited, 119 who invites}. */
export function onChatInvite(flow: YmsgFlow): void {
  const { pairs } = flow;
  const event = inRoom(flow, 'room.invite', flow.toServer ? actor(flow) : flow.id(119));
  const invited = flow.id(118) ?? (flow.toServer ? undefined : flow.account);
  if (invited !== undefined) event.to = [invited];
  event.text = pairs.text(117, flow.legacy);
  flow.say(event, flow.textPair(117));
}

/** 0xA8, and 0x20 of old clients. */
export function onComment(flow: YmsgFlow): void {
  const { pairs, toServer } = flow;
  const text = flow.textPair(117);
  if (text === -1) {
    // To libpurple 0x20 is a message like 0x06.
    if (flow.packet.service === Service.ChatMessage) onMessage(flow);
    return;
  }
  const from = toServer ? actor(flow) : flow.id(109);
  const event = inRoom(flow, 'message', from);
  const verbatim = fillText(event, pairs.text(117, flow.legacy));
  if (pairs.number(124) === EMOTE && event.form === undefined) event.form = 'action';
  if (!toServer && flow.isOwn(from)) event.copy = 'echo';
  flow.say(event, verbatim ? text : -1);
}

function inRoom(flow: YmsgFlow, kind: EventKind, from: string | undefined): ImEvent {
  const event = flow.newEvent(kind);
  event.from = from;
  event.room = boundedName(flow.pairs.text(104), NAME_LIMIT);
  event.route = 'room';
  return event;
}
