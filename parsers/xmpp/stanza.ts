/**
 * One message, presence or iq with its parties made out: a client leaves out its own address, a
 * server that of the account (RFC 6120 §8.1.2); rooms speak by nick.
 */
import type { ImEvent } from '../../src/event/event.ts';
import { Direction } from '../contract.ts';
import type { XmlElement } from '../framing/xml-element.ts';
import { XmppAnomaly } from './anomalies.ts';
import { type Jid, parseJid } from './jid.ts';
import type { XmppSession } from './session.ts';

const OWN = ''; // in keys: the account that is signed in, whether or not it is known
const SERVER = '@'; // in keys: its server, or itself as the server's guest

export class Stanza {
  readonly element: XmlElement;
  readonly direction: Direction;
  readonly type: string | undefined;
  readonly id: string | undefined;
  readonly from: Jid | undefined;
  readonly to: Jid | undefined;
  /** Sent by the account, from this device or (a copy of it) from another. */
  readonly outgoing: boolean;
  /** A client named a sender that it is not. */
  readonly misnamed: boolean;
  readonly #session: XmppSession;

  /** `outer` delivers this one inside itself; with `asOuter` its parties count, not those stated. */
  constructor(
    session: XmppSession,
    element: XmlElement,
    direction: Direction,
    outer?: Stanza,
    asOuter = false,
  ) {
    this.#session = session;
    this.element = element;
    this.direction = direction;
    this.type = element.repeated('type')?.toLowerCase();
    this.id = element.attribute('id') || undefined;
    const from = parseJid(element.repeated('from'));
    const to = parseJid(element.repeated('to'));
    if (outer !== undefined) {
      this.from = asOuter ? outer.from : (from ?? outer.from);
      this.to = asOuter ? outer.to : to;
    } else if (session.role === 'server') {
      this.from = from;
      this.to = to;
    } else if (direction === Direction.ToServer) {
      this.from = ownSender(session, from);
      if (session.linkLocal && to?.hasLocal) session.peer ??= to;
      this.to = to ?? session.peer;
    } else {
      if (to?.hasLocal) learnOwn(session, to);
      this.from = session.linkLocal ? peerSender(session, from) : (from ?? ownBare(session));
      this.to = to ?? ownBare(session);
    }
    this.misnamed =
      outer === undefined &&
      session.role === 'client' &&
      (direction === Direction.ToServer || session.linkLocal) &&
      from !== undefined &&
      from.bare !== this.from?.bare;
    if (this.misnamed) session.anomaly(XmppAnomaly.FromMismatch, direction);
    this.outgoing =
      direction === Direction.ToServer ||
      (outer !== undefined && this.from !== undefined && this.from.bare === session.own?.bare);
  }

  /** True for the direction from the signed-in account. */
  get fromClient(): boolean {
    return this.direction === Direction.ToServer;
  }

  /** The party at the other end, seen from the account. */
  get peer(): Jid | undefined {
    return this.outgoing ? this.to : this.from;
  }

  /** Key of sender and addressee, the account and its server being the same by any name. */
  get partyKey(): string {
    return `${this.senderKey}>${this.addresseeKey}`;
  }

  /** The partyKey of the request that this stanza answers. */
  get answeredKey(): string {
    return `${this.addresseeKey}>${this.senderKey}`;
  }

  get senderKey(): string {
    return keyOf(this.#session, this.from, this.fromClient);
  }

  get addresseeKey(): string {
    return keyOf(this.#session, this.to, !this.fromClient);
  }

  /** Fills in who says it to whom. */
  address(event: ImEvent): void {
    event.from = this.from?.bare;
    event.fromResource = this.from?.resource;
    if (this.to !== undefined) event.to = [this.to.bare];
    event.messageId = this.id;
  }
}

function keyOf(session: XmppSession, jid: Jid | undefined, own: boolean): string {
  if (session.role !== 'server') {
    if (own) return OWN;
    if (jid === undefined || session.isOwnServer(jid)) return SERVER;
  }
  return jid?.full ?? SERVER;
}

function ownBare(session: XmppSession): Jid | undefined {
  return session.own === undefined ? undefined : parseJid(session.own.bare);
}

/** Nobody but who connected speaks on a link-local stream. */
function peerSender(session: XmppSession, stated: Jid | undefined): Jid | undefined {
  if (stated?.hasLocal) session.peer ??= stated;
  const { peer } = session;
  return stated === undefined || peer?.bare !== stated.bare ? peer : stated;
}

/** A client speaks for itself; the server refuses or corrects any other name. */
function ownSender(session: XmppSession, stated: Jid | undefined): Jid | undefined {
  const own = session.own;
  if (stated === undefined) {
    if (session.role === 'unknown') session.role = 'client';
    return own;
  }
  if (session.role === 'unknown') {
    // Picked up in the middle: a connection that names senders of its own is a server's.
    if (own !== undefined && own.bare !== stated.bare) session.role = 'server';
    else if (own === undefined && stated.hasLocal) session.setOwn(stated);
    return stated;
  }
  if (own === undefined) {
    if (stated.hasLocal) session.setOwn(stated);
    return stated;
  }
  if (own.bare === stated.bare) return own.resource === undefined ? stated : own;
  return own;
}

/**
 * Picked up in the middle, or before binding: whom the server writes to is who is signed in. It
 * writes to one person; a connection with two is between servers.
 */
function learnOwn(session: XmppSession, to: Jid): void {
  const own = session.own;
  if (own === undefined || (own.bare === to.bare && own.resource === undefined)) {
    if (own === undefined || to.resource !== undefined) session.setOwn(to);
  } else if (own.bare !== to.bare && session.role === 'unknown') session.role = 'server';
}
