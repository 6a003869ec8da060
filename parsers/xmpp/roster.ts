/**
 * Contact lists: the roster (RFC 6121 §2) with Google's marks, blocking (XEP-0191), privacy lists
 * (XEP-0016) and roster item exchange (XEP-0144). One event per entry.
 */
import type { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import type { XmlElement } from '../framing/xml-element.ts';
import { bareJid } from './jid.ts';
import { Ns } from './namespaces.ts';
import type { XmppSession } from './session.ts';
import type { Stanza } from './stanza.ts';

const MAX_GROUPS = 64; // of one entry

/** `query` in jabber:iq:roster: a result is the whole list, a set adds, changes or removes. */
export function readRoster(session: XmppSession, stanza: Stanza, query: XmlElement): void {
  if (stanza.type !== 'result' && stanza.type !== 'set') return;
  for (const item of query.children) {
    const contact = item.is('item', Ns.Roster) ? bareJid(item.attribute('jid')) : undefined;
    if (contact === undefined) continue;
    const subscription = item.attribute('subscription');
    const kind =
      stanza.type === 'result'
        ? 'contact.list'
        : subscription === 'remove'
          ? 'contact.remove'
          : 'contact.add';
    const event = entry(session, stanza, kind, contact);
    event.list = 'roster';
    if (subscription !== 'remove') event.subscription = subscription || undefined;
    event.name = item.attribute('name') || undefined;
    event.groups = groupsOf(item);
    markPush(session, stanza, event, contact);
    session.emit(event);
    if (item.attribute('t', Ns.GoogleRoster) === 'B') {
      block(session, stanza, contact, stanza.type === 'result' ? 'contact.list' : 'contact.block');
    }
  }
}

/** The server tells every device what changed; to the one that changed it that is an echo. */
function markPush(session: XmppSession, stanza: Stanza, event: ImEvent, contact: string): void {
  const key = `${event.kind} ${contact}`;
  if (stanza.fromClient) session.ownChanges.set(key, true);
  else if (stanza.type === 'set' && session.ownChanges.take(key)) event.copy = 'echo';
}

function groupsOf(item: XmlElement): readonly string[] | undefined {
  const groups: string[] = [];
  for (const c of item.children) {
    const group = c.is('group', Ns.Roster) ? c.text().trim() : '';
    if (group !== '' && groups.length < MAX_GROUPS) groups.push(group);
  }
  return groups.length === 0 ? undefined : groups;
}

/** `block`, `unblock` or `blocklist` in urn:xmpp:blocking. */
export function readBlocking(session: XmppSession, stanza: Stanza, element: XmlElement): void {
  const kind = blockingKind(stanza, element);
  if (kind === undefined) return;
  for (const item of element.children) {
    const jid = item.is('item', Ns.Blocking) ? bareJid(item.attribute('jid')) : undefined;
    if (jid !== undefined) block(session, stanza, jid, kind);
  }
  if (element.name === 'unblock' && element.children.length === 0) {
    const event = entry(session, stanza, 'contact.unblock', undefined); // everybody
    event.list = 'block';
    session.emit(event);
  }
}

function blockingKind(stanza: Stanza, element: XmlElement): EventKind | undefined {
  if (element.name === 'blocklist') return stanza.type === 'result' ? 'contact.list' : undefined;
  if (stanza.type !== 'set') return undefined;
  if (element.name === 'block') return 'contact.block';
  return element.name === 'unblock' ? 'contact.unblock' : undefined;
}

/** Items of privacy lists that name a person and deny or allow everything. */
export function readPrivacy(session: XmppSession, stanza: Stanza, query: XmlElement): void {
  if (stanza.type !== 'result' && stanza.type !== 'set') return;
  for (const list of query.children) {
    if (!list.is('list', Ns.Privacy)) continue;
    for (const item of list.children) {
      const jid = item.attribute('type') === 'jid' ? bareJid(item.attribute('value')) : undefined;
      if (jid === undefined) continue;
      const denied = item.attribute('action') === 'deny';
      if (stanza.type === 'set')
        block(session, stanza, jid, denied ? 'contact.block' : 'contact.unblock');
      else if (denied) block(session, stanza, jid, 'contact.list');
    }
  }
}

function block(session: XmppSession, stanza: Stanza, contact: string, kind: EventKind): void {
  const event = entry(session, stanza, kind, contact);
  event.list = 'block';
  markPush(session, stanza, event, contact);
  session.emit(event);
}

/** A peer suggests contacts: adding them is up to the recipient's client. */
export function readRosterExchange(session: XmppSession, stanza: Stanza): void {
  const x = stanza.element.child('x', Ns.RosterExchange);
  if (x === undefined) return;
  for (const item of x.children) {
    const contact = bareJid(item.attribute('jid'));
    if (item.name !== 'item' || contact === undefined) continue;
    const removes = item.attribute('action') === 'delete';
    const event = session.make(
      removes ? 'contact.remove' : 'contact.add',
      stanza,
      stanza.direction,
    );
    event.contact = contact;
    event.list = 'roster';
    event.name = item.attribute('name') || undefined;
    event.reason = 'suggested';
    session.emit(event);
  }
}

/** The list is the account's own, whoever passes it on. */
function entry(
  session: XmppSession,
  stanza: Stanza,
  kind: EventKind,
  contact: string | undefined,
): ImEvent {
  const event = session.make(kind, stanza, stanza.direction);
  event.messageId = undefined;
  event.to = undefined;
  if (session.account !== undefined && !stanza.fromClient) {
    event.from = session.account;
    event.fromResource = undefined;
  }
  event.contact = contact;
  return event;
}
