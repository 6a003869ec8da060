/**
 * What every protocol parser promises, and what it may ask of the engine.
 *
 * Sans-io: octets in, units and events out. A parser is made per flow, is fed both directions,
 * never throws on input, keeps no view of lent octets after the call, and holds no more memory
 * than its named limits. It sees this file, parsers/framing, src/bytes and src/event; no Node
 * API, no clock, no other parser.
 */
import type {
  Activity,
  Confidence,
  Evidence,
  ImEvent,
  TlsReference,
  TransferMethod,
  VerdictRecord,
} from '../src/event/event.ts';

/** To the server or to the client of the flow: never "in" or "out". */
export const Direction = { ToServer: 0, ToClient: 1 } as const;
export type Direction = (typeof Direction)[keyof typeof Direction];

/** The parser's word to the session after each call. */
export const Status = {
  /** Go on feeding this flow. */
  More: 0,
  /** Nothing further of interest: stop feeding, free the parser. */
  Done: 1,
  /** Not this protocol, or past recovery: stop feeding, count it. */
  Lost: 2,
  /** The rest of the flow is another protocol; `sink.handOver` was called in this push. */
  HandOver: 3,
} as const;
export type Status = (typeof Status)[keyof typeof Status];

/** A probe's answer about the first octets of one direction. */
export const Probe = { No: 0, More: 1, Yes: 2 } as const;
export type Probe = (typeof Probe)[keyof typeof Probe];

/**
 * One message of the protocol as a range of stream octets [start, end) of one direction, counted
 * from the first octet the parser was fed in that direction (gaps count). `end` is -1 while the
 * unit is judged before its last octet arrived. Parsers reuse one object per direction.
 * `start` is -1 where the unit has no range of its own (inside compression): a refusal becomes a reset.
 */
export interface Unit {
  direction: Direction;
  start: number;
  end: number;
  /** Where the event's text stands verbatim in the stream, or -1: redaction in place masks there. */
  textStart: number;
  textEnd: number;
  /**
   * Octets at the unit's start that its neutral form keeps or builds upon (a frame header, a command
   * line); 0 where it needs none.
   */
  head: number;
  /**
   * Which of the protocol's neutral forms fits: a number of the protocol's own, 0 where there is one
   * for all. -1: this unit has none, a refusal becomes a reset.
   */
  form: number;
}

/** A unit that is refused, as its neutraliser sees it. */
export interface RefusedUnit {
  readonly direction: Direction;
  /** Octets; -1 while the end is not known. */
  readonly length: number;
  /** `Unit.head` and `Unit.form` (never -1 here). */
  readonly head: number;
  readonly form: number;
}

/** What a proxy puts in the place of a refused unit: whole frames, of any length. */
export interface Replacement {
  /** Goes on instead of the unit, in its direction; empty: nothing goes on. */
  readonly forward: Uint8Array;
  /** Goes back to who sent the unit: the protocol's own refusal, and the notice. May be empty. */
  readonly back: Uint8Array;
}

/** What was decided about a unit. A parser may stop describing a refused unit, nothing more. */
export type Decision = VerdictRecord;

/** A connection that an offer announces, registered before it opens. */
export interface ExpectedConnection {
  /** Registry name of the protocol that reads it: `dcc-send`, `dcc-chat`, `socks5`. */
  readonly protocol: string;
  readonly service: string;
  /** Numeric address and port of the side that listens; absent when only the token is known. */
  readonly address?: string;
  readonly port?: number;
  /** In-band token by which the connection tells itself (SOCKS5 DST.ADDR). */
  readonly token?: string;
  /**
   * Others come there too (a relay, a file server): where the offer was refused, only the connection that tells
   * the token is.
   */
  readonly shared?: boolean;
  /** The transfer this connection carries, or the chat's parties. */
  readonly offer: TransferOffer;
}

/** One offered file or chat: made by the control parser, carried to the data parser. */
export interface TransferOffer {
  readonly service: string;
  /** Who is logged in on the control flow's client side, when known. */
  readonly account: string | undefined;
  /** The party whose octets are the content, and the party who gets them. */
  readonly sender: string | undefined;
  readonly recipient: string | undefined;
  /** Which end of the data connection the sender is: it listens (server), it connects (client). */
  readonly senderListens: boolean | undefined;
  readonly room: string | undefined;
  readonly name: string | undefined;
  /** Octets announced. */
  size: number | undefined;
  /** Resume position, octets; 0 for a whole file. */
  offset: number;
  readonly mime: string | undefined;
  readonly token: string | undefined;
  readonly method: TransferMethod;
  /** Seen from the control flow: was the offer made by its client or received by it? */
  readonly origin: 'client' | 'server';
}

/** Follows the content of one transfer: hashes it (and may keep it, where configured). */
export interface ContentFollower {
  /** Octets are lent for the call. */
  write(octets: Uint8Array): void;
  /**
   * SHA-256 of everything written, lower-case hex. Call once, and say the `file.complete` that
   * carries it before anything else: the engine puts the two together.
   */
  finish(): string;
  /** The content is not whole, or not wanted: nothing of it is kept. */
  discard(): void;
}

/** Bounded key-value memory shared by all flows of one engine, keyed by family of protocols and text. */
export interface SharedMemory {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  delete(key: string): void;
}

/** What a parser is told when it is made. Addresses are numeric text without port. */
export interface FlowContext {
  readonly transport: 'tcp' | 'udp';
  readonly clientAddress: string;
  readonly clientPort: number;
  readonly serverAddress: string;
  readonly serverPort: number;
  /** The opening of the connection was not seen. */
  readonly midstream: boolean;
  /** Set for a data connection that an offer announced at this address and port for this protocol. */
  readonly expected: ExpectedConnection | undefined;
  readonly memory: SharedMemory;
  /** Undefined when content is not followed. */
  follow(): ContentFollower | undefined;
  /** The connection announced under this in-band token, if any (taken: the next call has none). */
  expectedByToken(token: string): ExpectedConnection | undefined;
}

/**
 * What a connection shows of the service that it belongs to. The catalogue (rules/services) makes a service of it:
 * parsers know protocols, never hosts.
 */
export interface FlowFacts {
  /** What tells it, where a host or signature below is known. */
  readonly evidence: Evidence;
  /** Names of the server, best first: lower case, A-labels, no dot at the end, no address. */
  readonly hosts?: readonly string[] | undefined;
  /** Names of signatures, best first, as the catalogue has them: `whatsapp-noise`, `alpn:apns-security-v3`. */
  readonly signatures?: readonly string[] | undefined;
  /** Where the octets tell more than the catalogue can (Telegram's media data centres). */
  readonly activity?: Activity | undefined;
  /** No more than this, whatever the catalogue says. */
  readonly confidence?: Confidence | undefined;
  /** As events call it; the definition's own where absent. */
  readonly protocol?: string | undefined;
  readonly protocolVersion?: string | undefined;
  /** Asked for only where the service is known: fingerprints cost. */
  readonly tls?: (() => TlsReference) | undefined;
  /** Where an account stands in clear. */
  readonly account?: string | undefined;
  /**
   * What tells it is one message among others (a name's lookup): a refusal takes out this unit, not the flow, and it
   * is said again for the next one.
   */
  readonly unit?: Unit | undefined;
  /** Why it cannot be read, for `flow.opaque`: `TLS 1.3`, `Noise handshake`. */
  readonly reason: string;
}

/** What a parser says. The engine adds id, time, flow; the parser sets everything else it knows. */
export interface ParserSink {
  /** Judged at once: the decision holds for the unit (the worst of its events). */
  event(event: ImEvent, unit: Unit): Decision;
  /** Odd input: named, counted, matchable by rules. Names are kebab-case constants of the parser. */
  anomaly(name: string, direction: Direction): void;
  /**
   * Register a connection before it opens; also where its offer was refused: then it is not to be. The engine
   * knows that of the transfer's token; `refused` says it of an offer without one.
   */
  expect(connection: ExpectedConnection, refused?: boolean): void;
  /**
   * The rest of the flow is `protocol`; say it, then return Status.HandOver. A protocol of the
   * registry goes on reading, ANY_PROTOCOL is identified by its content, and what nobody reads
   * (tls) makes the flow opaque, for this `reason`. The octets of either direction that belong to
   * it already go along; they are lent, like all others.
   */
  handOver(protocol: string, reason: string, toServer?: Uint8Array, toClient?: Uint8Array): void;
  /**
   * What the flow shows of its service. True: it is known, and `flow.identified` was said; then return Status.Done
   * where nothing more can be read (the flow is opaque from there on), or read on. False: no service of the
   * catalogue; say more when more is seen, or return Status.Done: the flow is let go without a word. Without hosts
   * and signatures, names resolved before (`resolved`) and address ranges are asked.
   */
  identify(facts: FlowFacts): boolean;
  /** A name was looked up: `addresses` (numeric text) are `host` for `ttl` seconds. */
  resolved(host: string, addresses: readonly string[], ttl: number): void;
}

/** One per flow. */
export interface FlowParser {
  /** In-order octets of one direction, each once; lent for the call. */
  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status;
  /** `octets` were lost between the last push and the next one. Forget what is unfinished, resynchronise. */
  gap(direction: Direction, octets: number, sink: ParserSink): Status;
  /** No more octets in this direction (FIN, RST, timeout, end of capture). Called once a direction. */
  end(direction: Direction, sink: ParserSink): void;
  /**
   * The watermark: stream offset from which a unit that can still be refused is open, or -1 when
   * everything pushed so far may be forwarded.
   */
  holdFrom(direction: Direction): number;
  /** Memory held now, octets: buffers and tables, for budgets and tests. */
  held(): number;
  /**
   * What a proxy would put in this unit's place. Called only from inside `ParserSink.event`, for the
   * event and unit being said, when it was refused; `notice` is what the user is to be told, if
   * anything. Undefined: nothing fits, the refusal is a reset. Absent: never anything.
   */
  replace?(event: ImEvent, unit: Unit, notice: string | undefined): Replacement | undefined;
}

/** For `handOver`: what comes is identified by its content, as a new connection would be. */
export const ANY_PROTOCOL = '*';

/**
 * How a refused unit vanishes in a bridge without breaking the framing: makes `part`, which lies at
 * [from, from + part.length) of the unit and holds what was sent, neutral. Octets that may stay (a
 * frame header) stay. Any cut of a unit into parts gives the same octets.
 */
export type Neutraliser = (part: Uint8Array, from: number, unit: RefusedUnit) => void;

/** What a datagram of nobody's says all the same. */
export interface PassingEar {
  /** The name is a service's. */
  knows(host: string): boolean;
  /** These are addresses of a name of nobody's. */
  nobodys(addresses: readonly string[]): void;
  /** As ParserSink has it. */
  resolved(host: string, addresses: readonly string[], ttl: number): void;
  count(anomaly: string): void;
}

/** The names of services, asked by their octets. */
export interface NameBook {
  /** The name in buffer[start, end) is a service's at this port. No string is made of one that surely is not. */
  knows(buffer: Uint8Array, start: number, end: number, port: number): boolean;
}

/** Datagrams that its protocol's probe said Yes to. */
export interface PassingReader {
  /** True: it was read, and nothing is to be said of it. False: a parser has to look. `slot`: of its flow. */
  pass(slot: number, octets: Uint8Array, ear: PassingEar): boolean;
}

/** One line of the registry. */
export interface ProtocolDefinition {
  readonly name: string;
  /** What events call it, where several lines of the registry read one protocol; `name` when absent. */
  readonly protocol?: string;
  /** Protocols of one family share their memory (a pager and its file relay); `name` when absent. */
  readonly family?: string;
  /** Who runs the network when the parser does not know better; `name` when absent. */
  readonly service?: string;
  readonly transport: 'tcp' | 'udp';
  /**
   * Carries other protocols and nothing of its own (HTTP CONNECT, SOCKS): no event is said of the
   * flow unless what comes inside is IM.
   */
  readonly tunnel?: boolean;
  /**
   * Names the service of a flow and reads nothing of it (TLS, QUIC, signatures): no event is said of a flow that
   * belongs to no service of the catalogue. A bridge holds nothing while its probe asks for more.
   */
  readonly opaque?: boolean;
  /**
   * UDP: its flows carry one small thing after the other (lookups). Where it is Done and nothing was said of the flow,
   * the next datagram is looked at as a first one, and no session is kept meanwhile.
   */
  readonly repeats?: boolean;
  /**
   * TCP: its Yes counts only where no other protocol may still be the flow's. For signatures that others could
   * bear, and for what many carry (plain HTTP).
   */
  readonly weak?: boolean;
  /**
   * TCP: what its probe looks at comes in the first segment of its direction: of a shorter one no more is awaited.
   * For signatures that many other protocols' first octets could begin.
   */
  readonly firstSegment?: boolean;
  /** What flows of it are for; `chat` when absent. */
  readonly activity?: Activity;
  /**
   * What its probe asks for more of says nothing yet that could be refused (a greeting that names no target):
   * a bridge does not hold it until more comes, which its receiver may have to answer first.
   */
  readonly emptyGreeting?: boolean;
  /** Hints only: they orient mid-stream flows and order the probes. */
  readonly ports: readonly number[];
  /** Octets of one direction a probe may ask for before it must decide. */
  readonly probeLimit: number;
  /**
   * TCP: looks at all octets seen so far from the start of one direction. Pure, allocates nothing,
   * bounded by probeLimit. "No" in either direction is final for the flow. Absent for protocols
   * that are only reached by expectation.
   * UDP: looks at one datagram; "More" is a flow worth another look, "No" one that is let go when
   * Limits.identificationDatagrams have passed.
   */
  probe?(direction: Direction, octets: Uint8Array, midstream: boolean): Probe;
  /**
   * TCP, opaque: whether the first segment to the server, buffer[start, end), asks for a name of nobody's and the
   * parser would come to learn no more than that: its probe says Yes, too. The flow is let go without a parser, as
   * most flows are; false: make one. Asked where no protocol before this one may begin so (registry order).
   */
  isNobodys?(
    buffer: Uint8Array,
    start: number,
    end: number,
    serverPort: number,
    names: NameBook,
  ): boolean;
  /** UDP, opaque: reads on its usual ports what is nobody's, without a session; one for all flows of an engine. */
  passing?(): PassingReader;
  /**
   * UDP: the octets that a datagram of this protocol, or one that comes before, may begin with. All others
   * are passed over without a look; absent: none are. (Over TCP the probe itself is asked.)
   */
  readonly firstOctets?: string;
  create(context: FlowContext): FlowParser;
  /** Absent where nothing neutral exists: a refusal becomes a reset. */
  readonly neutralise?: Neutraliser;
}
