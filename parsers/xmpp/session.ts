/**
 * What one XMPP flow has told so far: who is signed in, in which role, which rooms, requests and
 * transfers are open. The readers of the single stanzas share it; it owns the way to the sink.
 */
import { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import {
  type Decision,
  Direction,
  type FlowContext,
  type ParserSink,
  type Unit,
} from '../contract.ts';
import type { XmlElement } from '../framing/xml-element.ts';
import { XmppAnomaly } from './anomalies.ts';
import { BoundedMap } from './bounded-map.ts';
import { type Jid, parseJid } from './jid.ts';
import { isLinkLocalPort } from './link-local.ts';
import { Ns } from './namespaces.ts';
import type { PendingIq } from './pending-iq.ts';
import type { Room } from './rooms.ts';
import type { SaslExchange } from './sasl.ts';
import type { Stanza } from './stanza.ts';
import { Transfers } from './transfers.ts';

const PENDING_IQS = 128;
const ROOMS = 256;
const OWN_CHANGES = 64;
const TABLE_OCTETS = 256 << 10; // of each of these tables
/** Octets of all rooms' occupants: about 40 000 of them. */
const OCCUPANTS_OCTETS = 8 << 20;
const MAX_VERSION = 16; // characters; there is only '1.0'
const MAX_DOMAIN = 1023; // RFC 7622 §3.1
const GOOGLE_DOMAINS: ReadonlySet<string> = new Set([
  'gmail.com',
  'googlemail.com',
  'talk.google.com',
]);

/** Whose connection it is; unknown when its opening was not seen. */
export type Role = 'unknown' | 'client' | 'server';

export class XmppSession {
  readonly context: FlowContext;
  role: Role = 'unknown';
  /** Between two people of one link (XEP-0174), without a server. */
  linkLocal: boolean;
  /** The other end of a link-local stream, as the root names it. */
  peer: Jid | undefined = undefined;
  /** A root was seen that names nobody. */
  unaddressed = false;
  #service: 'xmpp' | 'google-talk' = 'xmpp';
  version: string | undefined = undefined;
  /** The domain the client wants to be at. */
  domain: string | undefined = undefined;
  /** The JID that is signed in: full once a resource is bound. */
  own: Jid | undefined = undefined;
  /** An account signed in and did not sign out. */
  signedIn = false;
  /** The end of its session was said. */
  signedOut = false;
  /** A sign-in was refused and said so. */
  refused = false;
  /** Rooms may have been joined that this parser did not see joined. */
  partial: boolean;
  sasl: SaslExchange | undefined = undefined;
  /** `previd` of a stream the client asks to resume (XEP-0198). */
  resuming: string | undefined = undefined;
  compression: string | undefined = undefined;
  readonly iqs = new BoundedMap<PendingIq>(
    PENDING_IQS,
    TABLE_OCTETS,
    ({ subject }) => 2 * subject.length,
  );
  readonly rooms = new BoundedMap<Room>(ROOMS, TABLE_OCTETS);
  readonly transfers = new Transfers();
  /** What the client itself just did, by kind and contact: the server's push repeats it. */
  readonly ownChanges = new BoundedMap<true>(OWN_CHANGES, TABLE_OCTETS);
  /** Whom the client sent its presence to by name. */
  readonly greeted = new BoundedMap<true>(ROOMS, TABLE_OCTETS);
  readonly unit: Unit = {
    direction: Direction.ToServer,
    start: 0,
    end: 0,
    textStart: -1,
    textEnd: -1,
    head: 0,
    form: 0,
  };
  /** Where in its buffer the stanza begins that `unit` speaks of. */
  stanzaStart = 0;
  events = 0;
  #sink: ParserSink | undefined = undefined;

  constructor(context: FlowContext) {
    this.context = context;
    this.partial = context.midstream;
    this.linkLocal = context.midstream && isLinkLocalPort(context);
  }

  get service(): 'xmpp' | 'google-talk' | 'bonjour' {
    return this.linkLocal ? 'bonjour' : this.#service;
  }

  set service(service: 'google-talk') {
    this.#service = service;
  }

  get account(): string | undefined {
    return this.role === 'server' ? undefined : this.own?.bare;
  }

  /** The sink of the call in hand. */
  enter(sink: ParserSink): void {
    this.#sink = sink;
  }

  get sink(): ParserSink | undefined {
    return this.#sink;
  }

  setVersion(version: string): void {
    if (version.length <= MAX_VERSION) this.version = version;
  }

  setDomain(domain: string): void {
    if (domain.length > MAX_DOMAIN) return;
    this.domain = domain.toLowerCase();
    if (GOOGLE_DOMAINS.has(this.domain)) this.service = 'google-talk';
  }

  setOwn(jid: Jid): void {
    this.own = jid;
    if (GOOGLE_DOMAINS.has(jid.domain)) this.service = 'google-talk';
  }

  /** The account for a login name: a JID as it stands, else a user of the stream's domain. */
  accountOf(name: string): Jid | undefined {
    if (name.includes('@') || this.domain === undefined) return parseJid(name);
    return parseJid(`${name}@${this.domain}`);
  }

  /** An event with everything filled in that the stanza (if any) and the session know. */
  make(kind: EventKind, stanza: Stanza | undefined, direction: Direction): ImEvent {
    const event = new ImEvent(kind);
    event.service = this.service;
    event.protocol = 'xmpp';
    event.protocolVersion = this.version;
    event.origin = direction === Direction.ToServer ? 'client' : 'server';
    event.account = this.account;
    if (stanza !== undefined) stanza.address(event);
    if (stanza?.misnamed === true) event.anomalies = [XmppAnomaly.FromMismatch];
    return event;
  }

  emit(event: ImEvent): Decision | undefined {
    this.events += 1;
    return this.#sink?.event(event, this.unit);
  }

  /** The same, for text that stands octet for octet in the stream, where redaction can mask it. */
  emitText(event: ImEvent, verbatim: XmlElement | undefined): Decision | undefined {
    const { unit } = this;
    if (verbatim !== undefined && unit.start >= 0) {
      unit.textStart = unit.start + verbatim.contentStart - this.stanzaStart;
      unit.textEnd = unit.start + verbatim.contentEnd - this.stanzaStart;
    }
    const decision = this.emit(event);
    unit.textStart = -1;
    unit.textEnd = -1;
    return decision;
  }

  anomaly(name: XmppAnomaly, direction: Direction, event?: ImEvent): void {
    this.#sink?.anomaly(name, direction);
    if (event !== undefined) event.anomalies = [...(event.anomalies ?? []), name];
  }

  /**
   * Whether somebody who speaks like a room, not seen joined, may be one: a contact could pretend
   * to be. Old clients join by a presence alone (XEP-0045 §7.2.1).
   */
  mayBeRoom(jid: string): boolean {
    return this.partial || this.role !== 'client' || this.rooms.has(jid) || this.greeted.has(jid);
  }

  /** Whether another occupant can be remembered. */
  get hasPlace(): boolean {
    let octets = 0;
    for (const room of this.rooms.values()) octets += room.occupants.held;
    return octets < OCCUPANTS_OCTETS;
  }

  /** Memory of the tables, octets. */
  held(): number {
    const { iqs, rooms, transfers, ownChanges } = this;
    let octets = iqs.held + rooms.held + transfers.held() + ownChanges.held + this.greeted.held;
    for (const room of rooms.values()) octets += room.held();
    return octets;
  }

  /** Namespaces only Google's own service sends. */
  noteNamespace(namespace: string, direction: Direction): void {
    if (direction === Direction.ToClient && namespace.startsWith('google:'))
      this.service = 'google-talk';
  }

  /** Whether the JID is the account itself or its server: who is meant when nobody is named. */
  isOwnServer(jid: Jid): boolean {
    return jid.full === this.own?.bare || jid.full === this.domain || jid.full === this.own?.domain;
  }
}

/** The role that a stream's default namespace states. */
export function roleOf(namespace: string | undefined): Role {
  if (namespace === undefined || namespace === Ns.Client) return 'client';
  return 'server';
}
