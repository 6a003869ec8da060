/**
 * The event: the one vocabulary that parsers speak and that rules, reports and sinks hear.
 *
 * One object of fixed shape per IM event, never one per packet. A field that is not known is
 * `undefined` here and absent in JSON; never an empty string, null or a guess.
 */
import type { EventKind } from './kinds.ts';

export type Service = string; // who runs the network: xmpp, google-talk, irc, msn, yahoo, aim, icq, …
export type Protocol = string; // what is on the wire: xmpp, irc, dcc, socks5, tls, …
export type Visibility = 'content' | 'metadata' | 'opaque';
export type Origin = 'client' | 'server';
export type Transport = 'tcp' | 'udp';

/** The connection an event came from. One object per flow, shared by its events. */
export interface FlowReference {
  readonly id: string;
  readonly transport: Transport;
  /** `address:port`; IPv6 in brackets. */
  readonly client: string;
  readonly server: string;
  readonly vlan?: number;
}

export type TransferMethod =
  | 'dcc'
  | 'oft'
  | 'p2p'
  | 'ymsg-http'
  | 'ibb'
  | 'socks5'
  | 'jingle'
  | 'http-upload'
  | 'oob'
  | 'attachment'
  | 'msnftp'
  | 'msrp'
  | 'gg'
  | 'nmdc'
  | 'odc';

export interface FileReference {
  /** As offered, path and all: shown made harmless, never used as a path. */
  name?: string | undefined;
  /** Octets, as offered or (file.complete) as counted. At most 2^53-1. */
  size?: number | undefined;
  /** As offered; on file.complete as the content shows, where it tells. */
  mime?: string | undefined;
  /** Lower-case hex; of the content that passed, on file.complete, else as announced. */
  sha256?: string | undefined;
  method?: TransferMethod | undefined;
  /** Ties offer, answer and data connection together. */
  token?: string | undefined;
  /** `address:port` where the data is announced to be fetched. */
  endpoint?: string | undefined;
  url?: string | undefined;
  /** Octets already there when the transfer was resumed. */
  offset?: number | undefined;
  /** What it is for, where it is no file that somebody sent: shown inside a text, or beside a name. */
  purpose?: FilePurpose | undefined;
}

/** inline: an image inside a message; ink: handwriting; picture: of a person; emoticon: also winks. */
export const FILE_PURPOSES = ['inline', 'ink', 'picture', 'emoticon'] as const;
export type FilePurpose = (typeof FILE_PURPOSES)[number];

export interface CallReference {
  media?: 'audio' | 'video' | undefined;
  token?: string | undefined;
}

/** What a handshake shows: TLS, DTLS or QUIC. */
export interface TlsReference {
  /** Newest version that the client offers, or that was chosen where that was seen: `1.3`. */
  version?: string | undefined;
  sni?: string | undefined;
  /** First of those offered. */
  alpn?: string | undefined;
  ja3?: string | undefined;
  ja4?: string | undefined;
  /** An encrypted client hello came along, real or for show: which one cannot be told. */
  ech?: boolean | undefined;
}

/**
 * What a connection is for, where the service tells by its hosts or its first octets. media: up or down cannot be
 * told; web: pages, sign-in, static content; lookup: the name of one of its hosts is asked for.
 */
export const ACTIVITIES = [
  'chat',
  'media',
  'media-upload',
  'media-download',
  'call',
  'push',
  'web',
  'lookup',
] as const;
export type Activity = (typeof ACTIVITIES)[number];

/** What a connection was recognised by, best first. */
export const EVIDENCE = [
  /** Its protocol is read. */
  'content',
  /** Name asked for in the TLS or QUIC handshake. */
  'sni',
  /** Name asked for in clear: HTTP Host, CONNECT. */
  'host',
  /** Name in the server's certificate. */
  'certificate',
  /** The protocol's own first octets. */
  'signature',
  'alpn',
  /** Attributes or realm of a STUN or TURN message. */
  'stun',
  /** The server's address was the answer to a name looked up before. */
  'dns',
  /** The server's address was that of a refused connection of the service before. */
  'learned',
  /** The server's address is in a range of the service's own. */
  'address',
] as const;
export type Evidence = (typeof EVIDENCE)[number];

export const CONFIDENCES = ['high', 'medium', 'low'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** Octets of a readable stream that were not seen. */
export interface GapReference {
  readonly octets: number;
  readonly cause: GapCause;
  readonly direction: 'to-server' | 'to-client';
}
/** loss: not in the capture; snap: cut by the snap length; memory: given up at a memory cap. */
export type GapCause = 'loss' | 'snap' | 'memory';

/** flow.end: the ledger of one flow. */
export interface FlowTotals {
  readonly packetsToServer: number;
  readonly packetsToClient: number;
  /** TCP or UDP payload octets. */
  readonly octetsToServer: number;
  readonly octetsToClient: number;
  /** Seconds between the first and the last packet. */
  readonly duration: number;
  readonly events: number;
  readonly gaps: number;
  readonly gapOctets: number;
  readonly anomalies: number;
  /** The first packet seen was not the opening of the connection. */
  readonly midstream: boolean;
}

/** Why an event repeats what was or will be said elsewhere; such events are not counted twice. */
export type CopyMark = 'echo' | 'carbon' | 'archive' | 'history';

export const ACTIONS = ['pass', 'drop', 'reset', 'redact', 'strip', 'hold'] as const;
export type Action = (typeof ACTIONS)[number];

export interface VerdictRecord {
  readonly action: Action;
  /** False where this mode or wire could not carry it out; `why` tells. */
  readonly enforced: boolean;
  readonly rule?: string | undefined;
  /** `sha256:…` of the rule set. */
  readonly ruleset?: string | undefined;
  readonly matched?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly alert?: 'low' | 'medium' | 'high' | undefined;
  readonly archive?: 'full' | 'metadata' | 'none' | undefined;
  readonly quarantine?: boolean | undefined;
  readonly log?: boolean | undefined;
  readonly count?: readonly string[] | undefined;
  /** Seconds for which later connections to the same server address are known by this one. */
  readonly learn?: number | undefined;
  /** What the user was, or in this mode would have been, told. */
  readonly tell?: string | undefined;
  /** What rules in shadow mode would have done. */
  readonly shadow?: readonly { readonly rule: string; readonly action: string }[] | undefined;
  readonly why?: string | undefined;
}

/** nudge: buzz; auto-reply: written by a machine; ink: handwriting; sms: to or from a telephone. */
export const MESSAGE_FORMS = [
  'notice',
  'action',
  'headline',
  'ctcp',
  'nudge',
  'auto-reply',
  'ink',
  'sms',
] as const;
export type MessageForm = (typeof MESSAGE_FORMS)[number];

/** Field order is the order in JSON. Fields after `verdict` are additions within v1. */
export class ImEvent {
  /** Time of the packet that completed the unit, microseconds since 1970. In JSON: `ts`. */
  time = 0;
  id: string | undefined = undefined;
  readonly kind: EventKind;
  service: Service | undefined = undefined;
  protocol: Protocol | undefined = undefined;
  protocolVersion: string | undefined = undefined;
  visibility: Visibility = 'content';
  flow: FlowReference | undefined = undefined;
  origin: Origin | undefined = undefined;
  /** The identity that is logged in on the flow's client side. */
  account: string | undefined = undefined;
  from: string | undefined = undefined;
  fromResource: string | undefined = undefined;
  to: readonly string[] | undefined = undefined;
  room: string | undefined = undefined;
  text: string | undefined = undefined;
  markup: string | undefined = undefined;
  file: FileReference | undefined = undefined;
  contact: string | undefined = undefined;
  list: 'allow' | 'block' | 'forward' | 'reverse' | 'pending' | 'roster' | undefined = undefined;
  call: CallReference | undefined = undefined;
  state: string | undefined = undefined;
  status: string | undefined = undefined;
  reason: string | undefined = undefined;
  tls: TlsReference | undefined = undefined;
  verdict: VerdictRecord | undefined = undefined;

  /** The protocol's own identifier of this message (XMPP id, IRCv3 msgid). */
  messageId: string | undefined = undefined;
  /** The message that an edit, deletion, receipt or reply speaks of. */
  refersTo: string | undefined = undefined;
  subject: string | undefined = undefined;
  thread: string | undefined = undefined;
  /** How the message was sent, where it is not plain chat. */
  form: MessageForm | undefined = undefined;
  /** direct: one to one; room; service: to or from the network itself. */
  route: 'direct' | 'room' | 'service' | undefined = undefined;
  copy: CopyMark | undefined = undefined;
  /** When a delayed or archived message was first sent, RFC 3339. */
  sentAt: string | undefined = undefined;
  /** The body is end-to-end encrypted with this method; `text` is then what the wire shows. */
  encrypted: string | undefined = undefined;
  /** Display name of the contact or the person joining. */
  name: string | undefined = undefined;
  groups: readonly string[] | undefined = undefined;
  /** Roster subscription state: none, to, from, both. */
  subscription: string | undefined = undefined;
  gap: GapReference | undefined = undefined;
  totals: FlowTotals | undefined = undefined;
  /** Odd input seen in this unit, by name; rules match on them. */
  anomalies: readonly string[] | undefined = undefined;
  /** The person behind `account`, from the directory. */
  person: string | undefined = undefined;
  /** The people behind the other party or parties, where the directory knows them. */
  peers: readonly string[] | undefined = undefined;
  /** flow.*: what the connection is for. */
  activity: Activity | undefined = undefined;
  /** flow.identified: what tells the service, and how sure that is. */
  evidence: Evidence | undefined = undefined;
  confidence: Confidence | undefined = undefined;
  /** flow.*: the server's name that told the service. */
  host: string | undefined = undefined;
  /** Capture position of the packet that completed the unit, counted from 1 in its file (replay only). */
  packet: number | undefined = undefined;
  /** Name of the capture file, without its folder (replay only). */
  capture: string | undefined = undefined;

  constructor(kind: EventKind) {
    this.kind = kind;
  }
}
