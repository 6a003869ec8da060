/** Invitations into rooms: mediated by the room (XEP-0045 §7.8) or direct (XEP-0249). */
import type { XmlElement } from '../framing/xml-element.ts';
import { bareJid, type Jid, parseJid } from './jid.ts';
import type { MessageCopy } from './message-copy.ts';
import { Ns } from './namespaces.ts';
import type { XmppSession } from './session.ts';
import type { Stanza } from './stanza.ts';

const MAX_INVITED = 64; // persons in one mediated invitation

/** True when the message was an invitation or its refusal, and has been reported as such. */
export function readInvitations(session: XmppSession, stanza: Stanza, copy: MessageCopy): boolean {
  const x = stanza.element.child('x', Ns.MucUser);
  if (x !== undefined && mediated(session, stanza, x, copy)) return true;
  const direct = stanza.element.child('x', Ns.Conference);
  const room = bareJid(direct?.attribute('jid'));
  if (direct === undefined || room === undefined || stanza.type === 'groupchat') return false;
  const event = session.make('room.invite', stanza, stanza.direction);
  event.room = room;
  event.reason = direct.attribute('reason') || undefined;
  event.route = 'direct';
  event.copy = copy.mark;
  session.emit(event);
  return true;
}

function mediated(session: XmppSession, stanza: Stanza, x: XmlElement, copy: MessageCopy): boolean {
  let count = 0;
  for (const c of x.children) {
    if ((c.name !== 'invite' && c.name !== 'decline') || c.namespace !== Ns.MucUser) continue;
    if (++count > MAX_INVITED) break;
    const kind = c.name === 'invite' ? 'room.invite' : 'room.decline';
    const event = session.make(kind, stanza, stanza.direction);
    const other = parseJid(c.attribute(stanza.outgoing ? 'to' : 'from'));
    event.room = stanza.peer?.bare;
    event.reason = c.childText('reason');
    event.route = 'room';
    event.copy = copy.mark;
    if (stanza.outgoing) event.to = other === undefined ? undefined : [other.bare];
    else sentBy(event, other);
    session.emit(event);
  }
  return count > 0;
}

function sentBy(event: { from: unknown; fromResource: unknown }, jid: Jid | undefined): void {
  event.from = jid?.bare;
  event.fromResource = jid?.resource;
}
