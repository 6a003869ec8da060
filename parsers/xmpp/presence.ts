/** Presence stanzas: availability (RFC 6121 §4), subscriptions (§3), rooms (XEP-0045 §7). */
import type { EventKind } from '../../src/event/kinds.ts';
import { Ns } from './namespaces.ts';
import { fillPresence } from './presence-fields.ts';
import { readRoomPresence } from './room-presence.ts';
import { sentAt } from './sent-at.ts';
import type { XmppSession } from './session.ts';
import type { Stanza } from './stanza.ts';

const SUBSCRIPTIONS: Readonly<Record<string, EventKind>> = {
  subscribe: 'contact.request',
  subscribed: 'contact.approve',
  unsubscribe: 'contact.remove',
  unsubscribed: 'contact.deny',
};

export function readPresence(session: XmppSession, stanza: Stanza): void {
  const { type, element } = stanza;
  if (type !== undefined && Object.hasOwn(SUBSCRIPTIONS, type)) {
    const kind = SUBSCRIPTIONS[type];
    if (kind !== undefined) subscription(session, stanza, kind);
    return;
  }
  if (readRoomPresence(session, stanza)) return;
  if (type !== undefined && type !== 'unavailable') return; // error, probe
  const event = session.make('presence', stanza, stanza.direction);
  fillPresence(event, stanza);
  event.sentAt = sentAt(element);
  const own = session.own;
  if (!stanza.fromClient && own?.resource !== undefined && own.full === stanza.from?.full)
    event.copy = 'echo'; // the server shows a client its own presence
  session.emit(event);
}

function subscription(session: XmppSession, stanza: Stanza, kind: EventKind): void {
  const event = session.make(kind, stanza, stanza.direction);
  event.contact = stanza.peer?.bare;
  event.status = stanza.element.childTexts('status');
  event.text = event.status;
  event.name = stanza.element.childText('nick', Ns.Nick);
  event.messageId = undefined;
  event.route = 'direct';
  session.emit(event);
}
