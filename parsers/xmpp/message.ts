/** Message stanzas (RFC 6121 §5) and what travels in them. */
import type { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import { Direction } from '../contract.ts';
import { XmppAnomaly } from './anomalies.ts';
import { readJingleMessage } from './calls.ts';
import { encryptionOf } from './encryption.ts';
import { readIbbInMessage } from './ibb.ts';
import { readInvitations } from './invitations.ts';
import { deliveredCopy, type MessageCopy, NO_COPY } from './message-copy.ts';
import { readReferences } from './message-references.ts';
import { messageText } from './message-text.ts';
import { Ns } from './namespaces.ts';
import { addressInRoom, type Room, roomOf } from './rooms.ts';
import { readRosterExchange } from './roster.ts';
import { sentAt } from './sent-at.ts';
import type { XmppSession } from './session.ts';
import { readSharedFiles } from './sharing.ts';
import type { Stanza } from './stanza.ts';
import { reportUnknown } from './unknown.ts';

const MAX_FORWARDED = 16; // messages unpacked from one stanza

export function readMessage(session: XmppSession, stanza: Stanza): void {
  if (stanza.type === 'error') return; // the sender's own words, sent back
  const copy = deliveredCopy(session, stanza);
  if (copy === undefined) {
    readOne(session, stanza, NO_COPY);
    readForwarded(session, stanza);
  } else readOne(session, copy.message, copy);
}

/** Messages a person forwards (XEP-0297) are read like the text around them. */
function readForwarded(session: XmppSession, stanza: Stanza): void {
  let count = 0;
  for (const c of stanza.element.children) {
    const inner = c.is('forwarded', Ns.Forward) ? c.child('message', Ns.Client) : undefined;
    if (inner === undefined || ++count > MAX_FORWARDED) continue;
    const said = messageText(inner);
    if (said.text === undefined) continue;
    const event = session.make('message', stanza, stanza.direction);
    event.text = said.text;
    event.markup = said.markup;
    event.messageId = inner.attribute('id') || undefined;
    event.sentAt = sentAt(c);
    event.route = 'direct';
    session.emit(event);
  }
}

function readOne(session: XmppSession, stanza: Stanza, copy: MessageCopy): void {
  const before = session.events;
  const { element } = stanza;
  if (readIbbInMessage(session, stanza)) return;
  const invited = readInvitations(session, stanza, copy);
  const room = invited ? undefined : roomOf(session, stanza);
  const make = (kind: EventKind): ImEvent => {
    const event = session.make(kind, stanza, stanza.direction);
    place(event, stanza, room);
    mark(session, event, stanza, room, copy);
    return event;
  };
  const referring = readReferences(session, stanza, make);
  readBody(session, stanza, room, make, referring);
  readSharedFiles(session, stanza, make);
  readRosterExchange(session, stanza);
  readJingleMessage(session, stanza, make);
  if (session.events === before && !invited) {
    readTyping(session, stanza, make);
    if (session.events === before) reportUnknown(session, stanza, element.children);
  }
}

function readBody(
  session: XmppSession,
  stanza: Stanza,
  room: Room | undefined,
  make: (kind: EventKind) => ImEvent,
  edits: string | undefined,
): void {
  const { element } = stanza;
  const said = messageText(element);
  const subject = element.child('subject');
  const encrypted = encryptionOf(element, said.text);
  if (said.text === undefined && encrypted === undefined) {
    if (subject !== undefined) readSubject(session, stanza, room, make);
    return;
  }
  const event = make(edits === undefined ? 'message' : 'message.edit');
  event.text = said.text;
  event.markup = said.markup;
  event.subject = element.childTexts('subject');
  event.thread = element.childText('thread');
  event.refersTo = edits ?? (element.child('reply', Ns.Reply)?.attribute('id') || undefined);
  if (stanza.type === 'headline') event.form = 'headline';
  else if (said.text?.startsWith('/me ')) event.form = 'action'; // XEP-0245
  if (encrypted !== undefined) {
    event.encrypted = encrypted;
    event.visibility = 'metadata';
  }
  if (said.differ) session.anomaly(XmppAnomaly.AlternativeBodies, stanza.direction, event);
  session.emitText(event, said.verbatim);
}

/** A subject without a body: a room's topic (XEP-0045 §8.1), else a message that is only that. */
function readSubject(
  session: XmppSession,
  stanza: Stanza,
  room: Room | undefined,
  make: (kind: EventKind) => ImEvent,
): void {
  const text = stanza.element.childTexts('subject');
  if (room === undefined || stanza.type !== 'groupchat') {
    if (text === undefined) return;
    const event = make('message');
    event.subject = text;
    session.emit(event);
    return;
  }
  const event = make('room.topic');
  event.text = text;
  if (stanza.fromClient) room.setTopic(text);
  else {
    if (event.copy === 'echo' && text !== room.ownTopic) event.copy = undefined; // other device
    if (event.copy === undefined && !room.topicTold) event.copy = 'history'; // told on joining
    room.topicTold = true;
    room.ownTopic = undefined;
  }
  session.emit(event);
}

const CHAT_STATES: ReadonlySet<string> = new Set([
  'active',
  'composing',
  'paused',
  'inactive',
  'gone',
]);

function readTyping(
  session: XmppSession,
  stanza: Stanza,
  make: (kind: EventKind) => ImEvent,
): void {
  const state = stanza.element.childIn(Ns.ChatStates)?.name;
  const old = stanza.element.child('x', Ns.MessageEvents);
  const legacy = old === undefined ? undefined : old.child('composing') ? 'composing' : 'paused';
  const said = state !== undefined && CHAT_STATES.has(state) ? state : legacy;
  if (said === undefined) return;
  const event = make('typing');
  event.state = said;
  session.emit(event);
}

/** Who to whom, where: in a room by nick, else by address. */
function place(event: ImEvent, stanza: Stanza, room: Room | undefined): void {
  if (room !== undefined) addressInRoom(event, stanza, room);
  else {
    const { peer } = stanza;
    event.route = peer !== undefined && !peer.hasLocal ? 'service' : 'direct';
  }
}

/** Why it is not new, if it is not. */
function mark(
  session: XmppSession,
  event: ImEvent,
  stanza: Stanza,
  room: Room | undefined,
  copy: MessageCopy,
): void {
  event.copy = copy.mark;
  event.sentAt = copy.sentAt ?? sentAt(stanza.element);
  if (copy.spoofed) session.anomaly(XmppAnomaly.CarbonSpoofed, stanza.direction, event);
  if (copy.mark !== undefined || stanza.direction === Direction.ToServer) return;
  const own = session.own;
  if (room !== undefined && stanza.type === 'groupchat') {
    if (event.sentAt !== undefined) event.copy = 'history';
    else if (room.nick !== undefined && event.from === room.nick) event.copy = 'echo';
  } else if (own?.resource !== undefined && own.full === stanza.from?.full) {
    event.copy = 'echo'; // a note to oneself comes back
  }
}
