/**
 * Who comes to and goes from rooms (XEP-0045 §7, §9). A client asks, the room tells: what the room
 * tells about the client itself repeats what it asked (an echo); whom it lists before that was
 * there already (history).
 */
import type { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import type { XmlElement } from '../framing/xml-element.ts';
import { bareJid } from './jid.ts';
import { Ns } from './namespaces.ts';
import { fillPresence } from './presence-fields.ts';
import { addressInRoom, type Room, roomAt } from './rooms.ts';
import type { XmppSession } from './session.ts';
import type { Stanza } from './stanza.ts';

const STATUS_SELF = '110';
const STATUS_NICK_CHANGED = '303';
/** XEP-0045 §15.6.2: banned, kicked, affiliation changed, members only, shutdown. */
const PUT_OUT: Readonly<Record<string, string>> = {
  '301': 'banned',
  '307': 'kicked',
  '321': 'affiliation-changed',
  '322': 'members-only',
  '332': 'shutdown',
};

/** True when the presence belongs to a room, and has been read as such. */
export function readRoomPresence(session: XmppSession, stanza: Stanza): boolean {
  const { peer } = stanza;
  if (peer?.resource === undefined) return false;
  return stanza.fromClient
    ? ownPresence(session, stanza, peer.bare, peer.resource)
    : occupant(session, stanza, peer.bare, peer.resource);
}

function ownPresence(session: XmppSession, stanza: Stanza, jid: string, nick: string): boolean {
  const joins = stanza.type === undefined && stanza.element.child('x', Ns.Muc) !== undefined;
  const room = joins ? roomAt(session, jid) : session.rooms.get(jid);
  if (room === undefined && stanza.type === undefined) session.greeted.set(jid, true);
  if (room === undefined || stanza.type === 'error') return false;
  if (stanza.type === 'unavailable') {
    room.leaving = true;
    emit(session, stanza, room, 'room.leave');
  } else if (joins) {
    room.nick = nick;
    room.joining = true;
    emit(session, stanza, room, 'room.join');
  } else {
    const event = make(session, stanza, room, 'presence');
    if (room.nick !== undefined && room.nick !== nick) newNick(event, nick);
    session.emit(event);
  }
  return true;
}

function occupant(session: XmppSession, stanza: Stanza, jid: string, nick: string): boolean {
  const x = stanza.element.child('x', Ns.MucUser);
  const room =
    x === undefined || !session.mayBeRoom(jid) ? session.rooms.get(jid) : roomAt(session, jid);
  if (room === undefined) return false;
  if (stanza.type === 'error') {
    if (!room.inside) session.rooms.delete(jid);
    room.joining = false;
    return true;
  }
  const codes = codesOf(x);
  const self = codes.has(STATUS_SELF) || nick === room.nick;
  if (stanza.type === 'unavailable') gone(session, stanza, room, nick, self, x, codes);
  else if (stanza.type === undefined) here(session, stanza, room, nick, self, x);
  return true;
}

function here(
  session: XmppSession,
  stanza: Stanza,
  room: Room,
  nick: string,
  self: boolean,
  x: XmlElement | undefined,
): void {
  const known = room.occupants.has(nick);
  if (known || session.hasPlace) room.occupants.set(nick, true);
  const event = make(session, stanza, room, known ? 'presence' : 'room.join');
  person(event, session, x);
  if (self) {
    room.nick = nick;
    if (!known && room.joining) event.copy = 'echo';
    room.joining = false;
    room.inside = true;
  } else if (!known && !room.inside) event.copy = 'history';
  session.emit(event);
}

function gone(
  session: XmppSession,
  stanza: Stanza,
  room: Room,
  nick: string,
  self: boolean,
  x: XmlElement | undefined,
  codes: ReadonlySet<string>,
): void {
  room.occupants.delete(nick);
  const item = x?.child('item');
  const next = item?.attribute('nick');
  if (codes.has(STATUS_NICK_CHANGED) && next) {
    if (session.hasPlace) room.occupants.set(next, true);
    if (self) room.nick = next;
    const event = make(session, stanza, room, 'presence');
    person(event, session, x);
    newNick(event, next);
    session.emit(event);
    return;
  }
  const putOut = Object.keys(PUT_OUT).find((code) => codes.has(code));
  if (putOut !== undefined) kicked(session, stanza, room, nick, item, PUT_OUT[putOut]);
  else {
    const event = make(session, stanza, room, 'room.leave');
    person(event, session, x);
    event.reason = item?.childText('reason');
    if (self && room.leaving) event.copy = 'echo';
    session.emit(event);
  }
  if (self) session.rooms.delete(room.jid);
}

function kicked(
  session: XmppSession,
  stanza: Stanza,
  room: Room,
  nick: string,
  item: XmlElement | undefined,
  state: string | undefined,
): void {
  const event = make(session, stanza, room, 'room.kick');
  const actor = item?.child('actor');
  event.from = actor?.attribute('nick') || bareJid(actor?.attribute('jid'));
  event.to = [nick];
  event.contact = bareJid(item?.attribute('jid'));
  event.state = state;
  event.reason = item?.childText('reason');
  const asked = room.putOut.take(nick) ?? room.putOut.take(event.contact ?? '');
  if (asked === true) event.copy = 'echo';
  session.emit(event);
}

/** `query` in muc#admin: the account puts somebody out (XEP-0045 §8.2, §9.1). */
export function readRoomAdmin(session: XmppSession, stanza: Stanza, query: XmlElement): void {
  if (stanza.type !== 'set' || !stanza.fromClient || stanza.to === undefined) return;
  const room = roomAt(session, stanza.to.bare);
  for (const item of query.children) {
    const banned = item.attribute('affiliation') === 'outcast';
    const who = item.attribute('nick') || bareJid(item.attribute('jid'));
    if (who === undefined || !(banned || item.attribute('role') === 'none')) continue;
    room.putOut.set(who, true);
    const event = make(session, stanza, room, 'room.kick');
    event.to = [who];
    event.contact = bareJid(item.attribute('jid'));
    event.state = banned ? 'banned' : 'kicked';
    event.reason = item.childText('reason');
    session.emit(event);
  }
}

function make(session: XmppSession, stanza: Stanza, room: Room, kind: EventKind): ImEvent {
  const event = session.make(kind, stanza, stanza.direction);
  addressInRoom(event, stanza, room);
  fillPresence(event, stanza);
  if (kind !== 'presence') event.state = undefined;
  return event;
}

function emit(session: XmppSession, stanza: Stanza, room: Room, kind: EventKind): void {
  session.emit(make(session, stanza, room, kind));
}

/** The person behind the nick, where the room shows it. */
function person(event: ImEvent, session: XmppSession, x: XmlElement | undefined): void {
  const jid = bareJid(x?.child('item')?.attribute('jid'));
  if (jid !== session.account) event.contact = jid;
}

function newNick(event: ImEvent, nick: string): void {
  event.name = nick;
  event.state = 'renamed';
}

function codesOf(x: XmlElement | undefined): ReadonlySet<string> {
  const codes = new Set<string>();
  for (const c of x?.children ?? [])
    if (c.name === 'status' && codes.size < 16) codes.add(c.attribute('code') ?? '');
  return codes;
}
