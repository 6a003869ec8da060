/** Rooms (XEP-0045) this connection is in: its nick and who else was seen there. */
import type { ImEvent } from '../../src/event/event.ts';
import { BoundedMap } from './bounded-map.ts';
import { Ns } from './namespaces.ts';
import type { XmppSession } from './session.ts';
import type { Stanza } from './stanza.ts';

const OCCUPANTS = 2048; // nicks remembered per room
const OCCUPANTS_OCTETS = 512 << 10;
const REQUESTS = 16; // kicks and bans asked for and not yet seen to happen
const REQUESTS_OCTETS = 8 << 10;
const ROOM_HELD = 1024; // octets of a room with nobody in it
const MAX_TOPIC = 1024; // characters; a longer one is not known again

export class Room {
  readonly jid: string;
  /** The account's own nick. */
  nick: string | undefined = undefined;
  /** Its own join was seen and not yet confirmed; its own leave likewise. */
  joining = false;
  leaving = false;
  /** It is in the room: presence from now on is news. */
  inside = false;
  /** The subject that a room tells everybody who joins has come. */
  topicTold = false;
  /** A subject the account itself has just set. */
  ownTopic: string | undefined = undefined;
  readonly occupants = new BoundedMap<true>(OCCUPANTS, OCCUPANTS_OCTETS);
  /** Nicks and JIDs the account has asked to be put out. */
  readonly putOut = new BoundedMap<true>(REQUESTS, REQUESTS_OCTETS);

  constructor(jid: string) {
    this.jid = jid;
  }

  setTopic(text: string | undefined): void {
    this.ownTopic = text !== undefined && text.length > MAX_TOPIC ? undefined : text;
  }

  /** Memory, octets; that of its name is the table's. */
  held(): number {
    const texts = (this.nick?.length ?? 0) + (this.ownTopic?.length ?? 0);
    return ROOM_HELD + 2 * texts + this.occupants.held + this.putOut.held;
  }
}

/** The room, made when it was not known. */
export function roomAt(session: XmppSession, jid: string): Room {
  let room = session.rooms.get(jid);
  if (room === undefined) {
    room = new Room(jid);
    session.rooms.set(jid, room);
  }
  return room;
}

/** The room that a stanza passes through, if its peer is one. */
export function roomOf(session: XmppSession, stanza: Stanza): Room | undefined {
  const peer = stanza.peer;
  if (peer === undefined) return undefined;
  const known = session.rooms.get(peer.bare);
  if (known !== undefined) return known;
  if (!stanza.outgoing && !session.mayBeRoom(peer.bare)) return undefined;
  if (stanza.type === 'groupchat') return roomAt(session, peer.bare);
  const x = stanza.element.child('x', Ns.MucUser);
  const invites = x?.child('invite') !== undefined || x?.child('decline') !== undefined;
  if (x !== undefined && !invites && peer.resource !== undefined) return roomAt(session, peer.bare);
  return undefined;
}

/**
 * Names the parties as the room does: by nick, where there is one. What all hear has no `to`; what
 * one hears is a conversation of two, though it passes through the room.
 */
export function addressInRoom(event: ImEvent, stanza: Stanza, room: Room): void {
  event.room = room.jid;
  const nick = stanza.peer?.resource;
  const everybody = stanza.type === 'groupchat' || stanza.element.name === 'presence';
  const ofTwo = !everybody && stanza.element.name === 'message' && nick !== undefined;
  event.route = ofTwo ? 'direct' : 'room';
  event.fromResource = undefined;
  if (stanza.outgoing) event.from = room.nick ?? event.from;
  else event.from = nick; // undefined: the room itself speaks
  if (everybody) event.to = undefined;
  else if (stanza.outgoing && nick !== undefined) event.to = [nick];
}
