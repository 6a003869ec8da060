/**
 * For the tests of this folder: a TCP connection told packet by packet, and what was heard of it.
 *
 * Sequence and acknowledgement numbers are stream offsets: 0 is the SYN, 1 the first octet.
 */
import { PacketView } from '../decode/packet-view.ts';
import { Disposition } from '../flow/disposition.ts';
import { FlowTable } from '../flow/table.ts';
import { DEFAULT_LIMITS, type Limits } from '../limits.ts';
import type { EndCause, FlowDirection, StreamListener } from './listener.ts';
import { Streams } from './streams.ts';

const FLAGS: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, A: 16, U: 32 };
const CLIENT_ADDRESS = 0x0a000005; // 10.0.0.5
const SERVER_ADDRESS = 0xc0000201 | 0; // 192.0.2.1
const CLIENT_PORT = 40123;
const SERVER_PORT = 5222;
const LENT_PAD = 3; // octets before the payload, so that offsets are not 0

export interface Segment {
  /** Letters of FSRPAU; '' is none. */
  readonly flags?: string;
  readonly seq: number;
  /** Given, sets the ACK flag as well. */
  readonly ack?: number;
  readonly data?: string | Uint8Array;
  /** Octets not captured behind the data. */
  readonly missing?: number;
  /** Seconds since the packet before. */
  readonly after?: number;
  readonly bad?: boolean;
  readonly window?: number;
}

/** Octets as Latin-1, so that every octet is one character. */
export function latin1(octets: Uint8Array): string {
  return Array.from(octets, (octet) => String.fromCharCode(octet)).join('');
}

export function octetsOf(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? Uint8Array.from(data, (c) => c.charCodeAt(0)) : data;
}

/** Writes down what it hears: `>` to server, `<` to client. */
export class Scribe implements StreamListener {
  readonly log: string[] = [];
  /** Called first, to steer from inside the calls. */
  hook: (what: string, slot: number) => void = () => {};

  opened(slot: number): void {
    this.log.push('opened');
    this.hook('opened', slot);
  }

  data(slot: number, d: FlowDirection, buffer: Uint8Array, start: number, end: number): void {
    this.log.push(`${arrow(d)} ${latin1(buffer.subarray(start, end))}`);
    this.hook('data', slot);
  }

  gap(slot: number, d: FlowDirection, octets: number, cause: string): void {
    this.log.push(`${arrow(d)} gap ${octets} ${cause}`);
    this.hook('gap', slot);
  }

  ended(slot: number, d: FlowDirection, cause: EndCause): void {
    this.log.push(`${arrow(d)} ended ${cause}`);
    this.hook('ended', slot);
  }

  closed(slot: number, cause: EndCause): void {
    this.log.push(`closed ${cause}`);
    this.hook('closed', slot);
  }

  anomaly(slot: number, d: FlowDirection, name: string): void {
    this.log.push(`${arrow(d)} ! ${name}`);
    this.hook('anomaly', slot);
  }

  /** What was heard since the last call. */
  take(): string[] {
    return this.log.splice(0);
  }
}

function arrow(direction: FlowDirection): string {
  return direction === 0 ? '>' : '<';
}

export interface ConversationOptions {
  readonly limits?: Partial<Limits>;
  readonly listener?: StreamListener;
  /** Initial sequence numbers. */
  readonly clientInitial?: number;
  readonly serverInitial?: number;
  readonly serverPortHint?: (port: number) => boolean;
  /** Disposition set when the flow opens; Session where absent. */
  readonly disposition?: Disposition;
}

export class Conversation {
  readonly scribe = new Scribe();
  readonly table: FlowTable;
  readonly streams: Streams;
  readonly view = new PacketView();
  clientInitial: number;
  serverInitial: number;
  clientPort: number = CLIENT_PORT;
  clientAddress: number = CLIENT_ADDRESS;
  readonly #buffer = new Uint8Array(70_000);

  constructor(options: ConversationOptions = {}) {
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    const { serverPortHint } = options;
    const hint = serverPortHint === undefined ? {} : { serverPortHint };
    this.table = new FlowTable(limits, Uint32Array.of(1, 2, 3, 4), hint);
    this.streams = new Streams(this.table, limits, options.listener ?? this.scribe);
    this.clientInitial = options.clientInitial ?? 1000;
    this.serverInitial = options.serverInitial ?? 5000;
    this.view.time[0] = 1_700_000_000e6;
    this.view.buffer = this.#buffer;
    this.view.ipVersion = 4;
    this.view.transport = 6;
    const disposition = options.disposition ?? Disposition.Session;
    this.scribe.hook = (what, slot) => {
      if (what === 'opened') this.table.setDisposition(slot, disposition);
    };
  }

  /** Slot of the packet last told. */
  get slot(): number {
    return this.table.current;
  }

  client(segment: Segment): this {
    this.#send(segment, true);
    return this;
  }

  server(segment: Segment): this {
    this.#send(segment, false);
    return this;
  }

  handshake(): this {
    this.client({ flags: 'S', seq: 0 });
    this.server({ flags: 'S', seq: 0, ack: 1 });
    this.client({ seq: 1, ack: 1 });
    this.scribe.take();
    return this;
  }

  datagram(fromClient: boolean, data: string, missing = 0): this {
    this.view.transport = 17;
    this.#send({ seq: 0, data, missing }, fromClient);
    this.view.transport = 6;
    return this;
  }

  finish(): this {
    this.streams.finish();
    return this;
  }

  #send(segment: Segment, fromClient: boolean): void {
    const { view } = this;
    const own = fromClient ? this.clientInitial : this.serverInitial;
    const other = fromClient ? this.serverInitial : this.clientInitial;
    view.addresses[3] = fromClient ? this.clientAddress : SERVER_ADDRESS;
    view.addresses[7] = fromClient ? SERVER_ADDRESS : this.clientAddress;
    view.sourcePort = fromClient ? this.clientPort : SERVER_PORT;
    view.destinationPort = fromClient ? SERVER_PORT : this.clientPort;
    view.sequence = (own + segment.seq) | 0;
    view.acknowledgement = segment.ack === undefined ? 0 : (other + segment.ack) | 0;
    view.flags = segment.ack === undefined ? 0 : 16;
    for (const letter of segment.flags ?? '') view.flags |= FLAGS[letter] ?? 0;
    view.window = segment.window ?? 65535;
    view.badChecksum = segment.bad ?? false;
    const data = octetsOf(segment.data ?? '');
    this.#buffer.set(data, LENT_PAD);
    view.payloadStart = LENT_PAD;
    view.payloadEnd = LENT_PAD + data.length;
    view.payloadMissing = segment.missing ?? 0;
    view.time[0] = (view.time[0] ?? 0) + (segment.after ?? 0.001) * 1e6;
    this.streams.packet(view);
    this.#buffer.fill(0xee, 0, LENT_PAD + data.length); // lent
  }
}
