/**
 * Rooms: JOIN, PART, KICK, TOPIC, INVITE, KNOCK.
 *
 * What the client asks for is an event with state `requested`, so that policy can refuse it and
 * its text is read; what the server says is the fact. A refused request is never followed by one.
 */
import { utf8Prefix } from '../../src/bytes/text.ts';
import type { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import { stripFormatting } from './formatting.ts';
import { type IrcFlow, some } from './irc-flow.ts';
import { namesOf } from './targets.ts';

const REQUESTED = 'requested';

/** `JOIN #a,#b keys` or `:n!u@h JOIN #a [account :real name]`. Keys are secrets. `0` leaves all. */
export function onJoin(flow: IrcFlow): void {
  const name = flow.toServer ? undefined : some(flow.line.param(2));
  for (const room of new Set(roomsOf(flow, 0))) {
    const event = roomEvent(flow, 'room.join', room);
    event.from = flow.speaker();
    event.name = name;
    flow.say(event);
  }
}

/** `PART #a,#b :reason`. */
export function onPart(flow: IrcFlow): void {
  const reason = some(flow.line.param(1));
  for (const room of new Set(roomsOf(flow, 0))) {
    const event = roomEvent(flow, 'room.leave', room);
    event.from = flow.speaker();
    event.reason = reason;
    flow.say(event);
  }
}

/** `KICK #a nick,nick :why`: one room for all, or a room each. */
export function onKick(flow: IrcFlow): void {
  const rooms = roomsOf(flow, 0);
  const reason = some(flow.line.param(2));
  namesOf(flow, flow.line.param(1)).forEach((nick, i) => {
    const room = rooms.length === 1 ? rooms[0] : rooms[i];
    if (room === undefined) return;
    const event = roomEvent(flow, 'room.kick', room);
    event.from = flow.speaker();
    event.to = [nick];
    event.reason = reason;
    flow.say(event);
  });
}

/** `TOPIC #a :text`; without text it asks, with an empty one it clears. */
export function onTopic(flow: IrcFlow): void {
  const { line } = flow;
  if (line.count < 2) return;
  sayTopic(flow, 0, flow.speaker());
}

/** 332 RPL_TOPIC `me #a :text`: who set it is not said. */
export function onTopicReply(flow: IrcFlow): void {
  if (flow.line.count >= 3 && !flow.toServer) sayTopic(flow, 1, undefined);
}

/** `INVITE nick #a`, also others' invitations (invite-notify). */
export function onInvite(flow: IrcFlow): void {
  const { line } = flow;
  const nick = line.param(0);
  const [room] = roomsOf(flow, 1);
  if (room === undefined || nick === '') return;
  const event = roomEvent(flow, 'room.invite', room);
  event.from = flow.speaker();
  event.to = [nick];
  event.state = undefined;
  flow.say(event);
}

/** 341 RPL_INVITING `me nick #a`: the client's invitation went out. */
export function onInviting(flow: IrcFlow): void {
  const { line } = flow;
  const [room] = roomsOf(flow, 2);
  if (room === undefined || flow.toServer) return;
  const event = roomEvent(flow, 'room.invite', room);
  event.from = flow.nick;
  event.to = [line.param(1)];
  event.copy = 'echo';
  flow.say(event);
}

/** `KNOCK #a :reason` asks to be let in. */
export function onKnock(flow: IrcFlow): void {
  const [room] = roomsOf(flow, 0);
  if (room === undefined) return;
  const event = roomEvent(flow, 'room.join', room);
  event.from = flow.speaker();
  event.state = 'knocking';
  event.reason = some(flow.line.param(1));
  flow.say(event);
}

function sayTopic(flow: IrcFlow, roomAt: number, from: string | undefined): void {
  const { line } = flow;
  const [room] = roomsOf(flow, roomAt);
  if (room === undefined) return;
  const event = roomEvent(flow, 'room.topic', room);
  event.from = from;
  const start = line.paramStart(roomAt + 1);
  const end = line.paramEnd(roomAt + 1);
  const topic = line.param(roomAt + 1);
  const plain = stripFormatting(topic);
  event.text = some(plain);
  if (plain !== topic) event.markup = topic;
  const verbatim = plain === topic && utf8Prefix(line.buffer, start, end) === end;
  flow.say(event, verbatim ? start : -1, verbatim ? end : -1);
}

function roomEvent(flow: IrcFlow, kind: EventKind, room: string): ImEvent {
  const event = flow.tagged(kind);
  event.room = room;
  event.route = 'room';
  if (flow.toServer) event.state = REQUESTED;
  return event;
}

/** The rooms of a comma list, as first spelled; names that are no rooms are left out. */
function roomsOf(flow: IrcFlow, at: number): string[] {
  const rooms: string[] = [];
  for (const name of namesOf(flow, flow.line.param(at))) {
    const room = flow.support.roomOf(name);
    if (room !== '') rooms.push(flow.room(room));
  }
  return rooms;
}
