/** Chat rooms: invitations, joining and leaving. Rooms have numbers, which the server gives them. */
import { TocAnomaly } from './anomalies.ts';
import type { Word } from './client-words.ts';
import { wordText } from './messages.ts';
import type { ServerCommand } from './server-command.ts';
import type { TocFlow } from './toc-flow.ts';
import { PEOPLE_LIMIT } from './toc-limits.ts';
import { canonicalName, setText, some, tocText } from './toc-text.ts';

/** toc_chat_join exchange name; toc_chat_accept id: a request, which CHAT_JOIN confirms. */
export function onAskToJoin(flow: TocFlow, room: string | undefined): void {
  const event = flow.newEvent('room.join');
  event.from = flow.account;
  event.room = room;
  event.route = 'room';
  event.state = 'requested';
  flow.say(event);
}

/** CHAT_JOIN:id:name. */
export function onJoined(flow: TocFlow, command: ServerCommand): void {
  const name = some(command.split(3).text(2));
  if (name === undefined) flow.anomaly(TocAnomaly.Malformed);
  else flow.learnRoom(command.text(1), name);
  const event = flow.newEvent('room.join');
  event.from = flow.account;
  event.room = name;
  event.route = 'room';
  flow.say(event);
}

/** toc_chat_leave id; CHAT_LEFT:id. */
export function onLeave(flow: TocFlow, id: string): void {
  const event = flow.newEvent('room.leave');
  event.from = flow.account;
  event.room = flow.room(id);
  event.route = 'room';
  if (flow.toServer) event.state = 'requested';
  else flow.forgetRoom(id);
  flow.say(event);
}

/** CHAT_UPDATE_BUDDY:id:T|F:user:user…: who came, or went. */
export function onPeople(flow: TocFlow, command: ServerCommand): void {
  command.split(4 + PEOPLE_LIMIT);
  const here = command.text(2) === 'T';
  for (let i = 3; i < command.count; i++) {
    if (i === 3 + PEOPLE_LIMIT) {
      flow.anomaly(TocAnomaly.TooMany);
      return;
    }
    const event = flow.newEvent(here ? 'room.join' : 'room.leave');
    event.from = command.name(i);
    event.room = flow.room(command.text(1));
    event.route = 'room';
    flow.say(event);
  }
}

/** toc_chat_invite id text user…. */
export function onInvite(flow: TocFlow, words: readonly Word[]): void {
  const people = words.slice(3).flatMap((word) => canonicalName(wordText(word)) ?? []);
  if (people.length === 0) flow.anomaly(TocAnomaly.Malformed);
  const event = flow.newEvent('room.invite');
  event.from = flow.account;
  if (people.length > 0) event.to = people;
  event.room = flow.room(wordText(words[1]));
  event.route = 'direct';
  setText(event, wordText(words[2]));
  flow.say(event);
}

/** CHAT_INVITE:room:id:user:text. */
export function onInvited(flow: TocFlow, command: ServerCommand): void {
  command.split(5);
  const room = some(command.text(1));
  if (room !== undefined) flow.learnRoom(command.text(2), room);
  const event = flow.between('room.invite', command.name(3));
  event.room = room;
  setText(event, tocText(command.octets(4) ?? new Uint8Array(0)).replace(/\0/g, ''));
  flow.say(event);
}
