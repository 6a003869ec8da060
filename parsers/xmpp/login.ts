/**
 * Signing in and out: SASL (RFC 6120 §6), SASL2 (XEP-0388) with Bind 2 (XEP-0386), resource
 * binding (§7), the old jabber:iq:auth (XEP-0078), resumption (XEP-0198), and the ends of streams.
 */
import { Direction } from '../contract.ts';
import type { XmlElement } from '../framing/xml-element.ts';
import { XmppAnomaly } from './anomalies.ts';
import { base64Text } from './base64-text.ts';
import { IqRequestKind } from './iq-requests.ts';
import { type Jid, parseJid } from './jid.ts';
import { Ns } from './namespaces.ts';
import { expectAnswer } from './pending-iq.ts';
import { SaslExchange } from './sasl.ts';
import type { XmppSession } from './session.ts';
import type { Stanza } from './stanza.ts';
import { errorCondition } from './stanza-error.ts';

const MAX_MESSAGE = 65_536; // octets of base64: tokens reach tens of thousands
const MAX_ID = 512; // characters of an identifier that is remembered

/** SASL and SASL2 elements of the client. */
export function saslFromClient(session: XmppSession, element: XmlElement): void {
  if (element.name === 'auth' || element.name === 'authenticate') {
    session.sasl = new SaslExchange((element.attribute('mechanism') ?? '').slice(0, 64));
    noteResume(
      session,
      element.children.find((c) => c.name === 'resume'),
    );
    const initial = element.name === 'auth' ? element : element.child('initial-response');
    if (initial !== undefined) feed(session, initial);
  } else if (element.name === 'response') feed(session, element);
  else if (element.name === 'abort') session.sasl = undefined;
}

function feed(session: XmppSession, element: XmlElement): void {
  if (element.contentEnd - element.contentStart > MAX_MESSAGE) return;
  const message = base64Text(element);
  if (message !== undefined) session.sasl?.fromClient(message);
}

/** SASL elements of the server. True when everything after is wrapped by a security layer. */
export function saslFromServer(session: XmppSession, element: XmlElement): boolean {
  const exchange = session.sasl;
  if (element.name === 'failure') {
    failed(session, exchange?.identity, condition(element));
    session.sasl = undefined;
  } else if (element.name === 'success') {
    session.sasl = undefined;
    if (element.namespace === Ns.Sasl2) return sasl2Success(session, element, exchange);
    const identity = exchange?.identity;
    if (identity !== undefined) signIn(session, session.accountOf(identity));
    return exchange?.wrapped ?? false;
  }
  return false;
}

function sasl2Success(
  session: XmppSession,
  element: XmlElement,
  exchange: SaslExchange | undefined,
): boolean {
  const stated = parseJid(element.childText('authorization-identifier'));
  const identity = exchange?.identity;
  signIn(session, stated ?? (identity === undefined ? undefined : session.accountOf(identity)));
  const resumed = element.children.find((c) => c.name === 'resumed');
  if (resumed !== undefined) resume(session, resumed);
  const enabled = element.child('bound', Ns.Bind2)?.children.find((c) => c.name === 'enabled');
  if (enabled !== undefined) remember(session, enabled);
  return exchange?.wrapped ?? false;
}

/** The answer to a bind request names the account with authority. */
export function bound(session: XmppSession, bind: XmlElement): void {
  const jid = parseJid(bind.childText('jid'));
  if (jid === undefined) return;
  if (session.signedIn) session.setOwn(jid);
  else signIn(session, jid);
}

/** The client's half of jabber:iq:auth. */
export function legacyAuth(session: XmppSession, stanza: Stanza, query: XmlElement): void {
  const name = query.childText('username');
  const withSecret = query.child('password') ?? query.child('digest') ?? query.child('hash');
  if (stanza.type !== 'set' || name === undefined || withSecret === undefined) return;
  const jid = session.accountOf(name);
  const resource = query.childText('resource');
  const full = jid === undefined ? name : jid.bare + (resource === undefined ? '' : `/${resource}`);
  expectAnswer(session, stanza, IqRequestKind.Auth, full);
}

export function legacyAuthAnswered(session: XmppSession, stanza: Stanza, name: string): void {
  if (stanza.type === 'result') signIn(session, parseJid(name));
  else failed(session, name, errorCondition(stanza.element));
}

function signIn(session: XmppSession, jid: Jid | undefined): void {
  if (jid === undefined) return;
  session.linkLocal = false;
  // Somebody else on the same stream (RFC 6120 §6.3.2 forbids it): the first one is gone.
  if (session.signedIn && session.own?.bare !== jid.bare)
    streamClosed(session, Direction.ToClient, 'signed in again');
  session.setOwn(jid);
  session.role = 'client';
  if (session.signedIn) return;
  session.signedIn = true;
  session.signedOut = false;
  const event = session.make('session.login', undefined, Direction.ToClient);
  event.from = jid.bare;
  event.fromResource = jid.resource;
  session.emit(event);
}

function failed(session: XmppSession, name: string | undefined, reason: string | undefined): void {
  const jid = name === undefined ? undefined : session.accountOf(name);
  session.refused = true;
  const event = session.make('session.failed', undefined, Direction.ToClient);
  event.account = jid?.bare;
  event.from = jid?.bare;
  event.reason = reason;
  session.emit(event);
}

function condition(element: XmlElement): string | undefined {
  return element.children.find((c) => c.name !== 'text')?.name;
}

/** `</stream:stream>`: the first one signs out. */
export function streamClosed(session: XmppSession, direction: Direction, reason?: string): void {
  // Picked up in the middle, the account is known without its sign-in having been seen.
  if (session.signedOut || session.account === undefined || session.linkLocal) return;
  session.signedOut = true;
  session.signedIn = false;
  const event = session.make('session.logout', undefined, direction);
  event.from = session.account;
  event.fromResource = session.own?.resource;
  event.reason = reason;
  session.emit(event);
}

/** A stream error (RFC 6120 §4.9) ends the session, or refuses it. */
export function streamError(session: XmppSession, element: XmlElement, direction: Direction): void {
  if (session.linkLocal) return;
  const reason = element.children.find(
    (c) => c.namespace === Ns.StreamErrors && c.name !== 'text',
  )?.name;
  if (session.account !== undefined) streamClosed(session, direction, reason ?? 'stream-error');
  else if (direction === Direction.ToClient && session.role === 'client' && !session.refused)
    failed(session, session.sasl?.identity, reason ?? 'stream-error');
}

/** Stream management, XEP-0198: only what tells who is signed in. */
export function streamManagement(
  session: XmppSession,
  element: XmlElement,
  direction: Direction,
): void {
  if (direction === Direction.ToServer) {
    if (element.name === 'resume') noteResume(session, element);
  } else if (element.name === 'enabled') remember(session, element);
  else if (element.name === 'resumed') resume(session, element);
  else if (element.name === 'failed') session.resuming = undefined;
}

function noteResume(session: XmppSession, element: XmlElement | undefined): void {
  const id = element?.attribute('previd');
  session.resuming = id && id.length <= MAX_ID ? id : undefined;
}

function memoryKey(session: XmppSession, id: string): string {
  return `xmpp resume ${session.domain ?? ''} ${id}`;
}

function remember(session: XmppSession, enabled: XmlElement): void {
  const id = enabled.attribute('id');
  if (id && id.length <= MAX_ID && session.own !== undefined)
    session.context.memory.set(memoryKey(session, id), session.own.raw);
}

function resume(session: XmppSession, resumed: XmlElement): void {
  const id = resumed.attribute('previd') ?? session.resuming;
  session.resuming = undefined;
  if (id === undefined) return;
  const known = session.context.memory.get(memoryKey(session, id));
  const jid = typeof known === 'string' ? parseJid(known) : undefined;
  if (jid === undefined) return;
  if (session.own !== undefined && session.own.bare !== jid.bare) {
    session.anomaly(XmppAnomaly.ResumedOther, Direction.ToClient);
    return;
  }
  session.partial = true;
  signIn(session, jid);
}
