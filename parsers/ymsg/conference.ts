/**
 * Conferences (0x18 to 0x1D): rooms made by invitation, named in key 57. Nobody confirms to the client
 * what it does itself: joining, leaving and declining are facts when it says so.
 *
 *   0x18, 0x1C  invite: 50 who invites, 51 or 52 who is invited, 53 who is in, 58 text
 *   0x19, 0x1B  join, leave: 53, 56 who (of the server); 3 the others (of the client)
 *   0x1A        decline: 54 who, 14 text
 *   0x1D        message: 3 who (of the server), 53 the others (of the client), 14 text, 97 its charset
 */
import type { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import { actor } from './actor.ts';
import { Anomaly } from './anomalies.ts';
import { fillText } from './messages.ts';
import { HeaderStatus, Service } from './services.ts';
import { boundedName, canonicalId } from './text-value.ts';
import type { YmsgFlow } from './ymsg-flow.ts';
import { PEOPLE_LIMIT } from './ymsg-limits.ts';

export function onConferenceInvite(flow: YmsgFlow): void {
  const { pairs, packet, toServer } = flow;
  const event = inRoom(flow, 'room.invite', toServer ? actor(flow) : flow.id(50));
  let invited = people(flow, 51);
  // Who is in already stands in 52 as well, where the invitation is to a conference that goes on.
  if (invited.length === 0 && (toServer || packet.status === HeaderStatus.NotYou)) {
    invited = people(flow, 52);
  }
  if (invited.length === 0) invited = toServer ? people(flow, 53) : ownName(flow);
  if (invited.length > 0) event.to = invited;
  if (packet.status === HeaderStatus.NotYou) event.copy = 'carbon';
  event.text = pairs.text(58, flow.legacy);
  flow.say(event, flow.textPair(58));
}

export function onConferenceMember(flow: YmsgFlow): void {
  const joins = flow.packet.service === Service.ConferenceLogon;
  const who = flow.toServer ? actor(flow) : flow.id(joins ? 53 : 56);
  flow.say(inRoom(flow, joins ? 'room.join' : 'room.leave', who));
}

export function onConferenceDecline(flow: YmsgFlow): void {
  const event = inRoom(flow, 'room.decline', flow.toServer ? actor(flow) : flow.id(54));
  const text = flow.pairs.text(14, flow.legacy);
  event.text = text;
  flow.say(event, flow.textPair(14));
}

export function onConferenceMessage(flow: YmsgFlow): void {
  const { pairs, toServer } = flow;
  const first = pairs.find(14);
  if (first === -1) return;
  if (pairs.find(14, first + 1) !== -1) flow.once(Anomaly.RepeatedText);
  const from = toServer ? actor(flow) : flow.id(3);
  for (let i = first; i !== -1; i = pairs.find(14, i + 1)) {
    const event = inRoom(flow, 'message', from);
    const verbatim = fillText(event, pairs.at(i, flow.legacy));
    if (!toServer && flow.isOwn(from)) event.copy = 'echo';
    flow.say(event, verbatim ? i : -1);
  }
}

function inRoom(flow: YmsgFlow, kind: EventKind, from: string | undefined): ImEvent {
  if (!flow.toServer) flow.learnAccount(flow.id(1));
  const event = flow.newEvent(kind);
  event.from = from;
  event.room = boundedName(flow.pairs.text(57));
  event.route = 'room';
  return event;
}

function ownName(flow: YmsgFlow): string[] {
  const own = flow.id(1) ?? flow.account;
  return own === undefined ? [] : [own];
}

/** All that a key names; several stand in one value, between commas. */
function people(flow: YmsgFlow, key: number): string[] {
  const { pairs } = flow;
  const found = new Set<string>();
  for (let i = pairs.find(key); i !== -1; i = pairs.find(key, i + 1)) {
    for (const written of (pairs.at(i) ?? '').split(',', PEOPLE_LIMIT + 1)) {
      const id = canonicalId(written);
      if (id === undefined || found.has(id)) continue;
      if (found.size >= PEOPLE_LIMIT) {
        flow.once(Anomaly.TooManyPeople);
        return [...found];
      }
      found.add(id);
    }
  }
  return [...found];
}
