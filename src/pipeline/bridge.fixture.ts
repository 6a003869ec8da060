/** A bridge on a bench: packets made by hand in, what went on and what its receiver reads out. */
import type { StoredFrame } from '../../test/corpus/frames.ts';
import { addWords, foldChecksum } from '../bytes/checksum.ts';
import { Frame } from '../capture/frame.ts';
import type { ImEvent, VerdictRecord } from '../event/event.ts';
import type { Judge } from '../verdict/judge.ts';
import { Fate, type PacketOut, Side } from '../verdict/wire/packet-judge.ts';
import { Bridge } from './bridge.ts';
import type { BridgeSettings } from './bridge-settings.ts';
import type { EngineOptions } from './engine.ts';

export const START = 1_795_411_200_000_000; // microseconds
const encoder = new TextEncoder();
export const octetsOf = (text: string): Uint8Array => encoder.encode(text);
export const latin = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');

/** Feeds a bridge and keeps what came out, in order. */
export class Bench implements PacketOut {
  readonly bridge: Bridge;
  readonly events: ImEvent[] = [];
  readonly out: { readonly side: Side; readonly octets: Uint8Array; readonly time: number }[] = [];
  readonly #frame = new Frame();
  #time = START;

  constructor(
    judge?: Judge,
    options: Partial<EngineOptions> = {},
    settings?: Partial<BridgeSettings>,
  ) {
    const all = { onEvent: (event: ImEvent) => this.events.push(event), ...options };
    this.bridge = new Bridge(judge === undefined ? all : { ...all, judge }, this, settings);
  }

  send(side: Side, buffer: Uint8Array, start: number, end: number): void {
    this.out.push({ side, octets: buffer.slice(start, end), time: this.#time });
  }

  /** Octets are lent: they are overwritten after the call. */
  give(octets: Uint8Array, side: Side, time = this.#time + 10, linkType = 1): Fate {
    this.#time = time;
    const frame = this.#frame;
    frame.buffer = octets.slice();
    frame.start = 0;
    frame.end = frame.buffer.length;
    frame.originalLength = frame.buffer.length;
    frame.linkType = linkType;
    frame.number++;
    frame.time[0] = time;
    const fate = this.bridge.packet(frame, side);
    if (fate === Fate.Forward) {
      this.send(side === Side.A ? Side.B : Side.A, frame.buffer, frame.start, frame.end);
    }
    frame.buffer.fill(0xee);
    return fate;
  }

  giveAll(packets: Iterable<Packet>): this {
    for (const { octets, side } of packets) this.give(octets, side);
    return this;
  }

  later(milliseconds: number): this {
    this.#time += milliseconds * 1000;
    this.bridge.tick(this.#time);
    return this;
  }

  /** Time goes on, to so many microseconds after START at least. */
  until(microseconds: number): void {
    this.#time = Math.max(this.#time, START + microseconds);
    this.bridge.tick(this.#time);
  }

  /** What a receiver at this side got of one stream: octets from `initial` on, each once, first copy first. */
  received(side: Side, initial: number): Uint8Array {
    return received(
      this.out.filter((packet) => packet.side === side).map(({ octets }) => octets),
      initial,
    );
  }

  counter(name: string): number {
    return this.bridge.counters[name] ?? Number.NaN;
  }

  verdicts(kind: string): (VerdictRecord | undefined)[] {
    return this.events.filter((event) => event.kind === kind).map(({ verdict }) => verdict);
  }
}

export interface Packet {
  readonly octets: Uint8Array;
  readonly side: Side;
}

export interface Ends {
  readonly isIpv6?: boolean;
  readonly vlan?: number;
  readonly serverPort?: number;
  readonly clientPort?: number;
  /** TCP options of both SYNs; whole words. */
  readonly synOptions?: readonly number[];
}

const SYN = 2;
const RST = 4;
const ACK = 16;
const PSH = 8;

/** A connection whose packets the test makes: sequence numbers by offset, checksums right. */
export class Connection {
  /** Initial sequence numbers: close to where they wrap. */
  readonly initial: readonly [number, number] = [0xffff_ff00, 0x7fff_ff80];
  /** Octets said so far by the client and by the server. */
  readonly said: [number, number] = [0, 0];
  readonly #ends: Ends;

  constructor(ends: Ends = {}) {
    this.#ends = ends;
  }

  open(): Packet[] {
    const { synOptions } = this.#ends;
    return [
      this.packet(0, -1, '', SYN, 0, synOptions),
      this.packet(1, -1, '', SYN | ACK, 0, synOptions),
      this.packet(0, 0, '', ACK),
    ];
  }

  /** The next octets of the client (0) or the server. */
  say(by: 0 | 1, text: string | Uint8Array): Packet {
    const packet = this.packet(by, this.said[by], text);
    this.said[by] += (typeof text === 'string' ? octetsOf(text) : text).length;
    return packet;
  }

  /** Everything said by the other side is acknowledged. */
  acknowledge(by: 0 | 1): Packet {
    return this.packet(by, this.said[by], '', ACK);
  }

  /** A segment at this offset of the stream. */
  packet(
    by: 0 | 1,
    offset: number,
    payload: string | Uint8Array,
    flags: number = ACK | PSH,
    acknowledged = this.said[by === 0 ? 1 : 0],
    options: readonly number[] = [],
  ): Packet {
    const octets = typeof payload === 'string' ? octetsOf(payload) : payload;
    const sequence = (this.initial[by] + 1 + offset) >>> 0;
    const other = this.initial[by === 0 ? 1 : 0];
    const ack = (flags & ACK) === 0 ? 0 : (other + 1 + acknowledged) >>> 0;
    const segment = tcpSegment(this.#ports(by), sequence, ack, flags, octets, options);
    return { octets: this.#frame(by, 6, segment), side: by === 0 ? Side.A : Side.B };
  }

  datagram(by: 0 | 1, text: string | Uint8Array): Packet {
    const payload = typeof text === 'string' ? octetsOf(text) : text;
    const udp = new Uint8Array(8 + payload.length);
    const view = new DataView(udp.buffer);
    const [source, destination] = this.#ports(by);
    view.setUint16(0, source);
    view.setUint16(2, destination);
    view.setUint16(4, udp.length);
    udp.set(payload, 8);
    return { octets: this.#frame(by, 17, udp), side: by === 0 ? Side.A : Side.B };
  }

  /** First sequence number of the octets of one side. */
  first(by: 0 | 1): number {
    return (this.initial[by] + 1) >>> 0;
  }

  #ports(by: 0 | 1): readonly [number, number] {
    const { clientPort = 40_000, serverPort = 6667 } = this.#ends;
    return by === 0 ? [clientPort, serverPort] : [serverPort, clientPort];
  }

  #frame(by: 0 | 1, protocol: number, segment: Uint8Array): Uint8Array {
    const { isIpv6 = false, vlan } = this.#ends;
    const tag = vlan === undefined ? [] : [0x81, 0, vlan >> 8, vlan & 255];
    const link = [
      ...(by === 0 ? [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1] : [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]),
      ...tag,
      ...(isIpv6 ? [0x86, 0xdd] : [8, 0]),
    ];
    const client = isIpv6 ? [0x20, 1, 0xd, 0xb8, ...Array(11).fill(0), 1] : [10, 0, 0, 1];
    const server = isIpv6 ? [0x20, 1, 0xd, 0xb8, ...Array(11).fill(0), 2] : [192, 0, 2, 1];
    const addresses = by === 0 ? [...client, ...server] : [...server, ...client];
    const ip = isIpv6
      ? [0x60, 0, 0, 0, ...u16(segment.length), protocol, 64, ...addresses]
      : [0x45, 0, ...u16(20 + segment.length), 0, 1, 0x40, 0, 64, protocol, 0, 0, ...addresses];
    const header = Uint8Array.from(ip);
    if (!isIpv6) header.set(u16(foldChecksum(addWords(header, 0, 20, 0))), 10);
    const pseudo = Uint8Array.from([...addresses, 0, protocol, ...u16(segment.length)]);
    const sum = addWords(segment, 0, segment.length, addWords(pseudo, 0, pseudo.length, 0));
    segment.set(u16(foldChecksum(sum)), protocol === 6 ? 16 : 6);
    return Uint8Array.from([...link, ...header, ...segment]);
  }
}

function tcpSegment(
  [source, destination]: readonly [number, number],
  sequence: number,
  acknowledgement: number,
  flags: number,
  payload: Uint8Array,
  options: readonly number[],
): Uint8Array {
  const header = 20 + options.length;
  const segment = new Uint8Array(header + payload.length);
  const view = new DataView(segment.buffer);
  view.setUint16(0, source);
  view.setUint16(2, destination);
  view.setUint32(4, sequence);
  view.setUint32(8, acknowledgement);
  segment[12] = (header / 4) << 4;
  segment[13] = flags;
  view.setUint16(14, 0xffff);
  segment.set(options, 20);
  segment.set(payload, header);
  return segment;
}

const u16 = (n: number): number[] => [(n >> 8) & 255, n & 255];

/** What of a frame with IPv4 or IPv6, and with a TCP segment, a receiver looks at. */
export function segmentOf(frame: Uint8Array): {
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly flags: number;
  readonly options: Uint8Array;
  readonly payload: Uint8Array;
  readonly isIntact: boolean;
  readonly sourcePort: number;
} {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const ip = view.getUint16(12) === 0x8100 ? 18 : 14;
  const isIpv6 = view.getUint8(ip) >> 4 === 6;
  const tcp = ip + (isIpv6 ? 40 : 20);
  const end = isIpv6 ? tcp + view.getUint16(ip + 4) : ip + view.getUint16(ip + 2);
  const addresses = frame.slice(isIpv6 ? ip + 8 : ip + 12, tcp);
  const sum = addWords(addresses, 0, addresses.length, 6 + end - tcp);
  const headerSum = isIpv6 ? 0 : foldChecksum(addWords(frame, ip, tcp, 0));
  return {
    sequence: view.getUint32(tcp + 4),
    acknowledgement: view.getUint32(tcp + 8),
    flags: view.getUint8(tcp + 13),
    options: frame.slice(tcp + 20, tcp + ((frame[tcp + 12] ?? 0) >> 4) * 4),
    payload: frame.slice(tcp + ((frame[tcp + 12] ?? 0) >> 4) * 4, end),
    isIntact: headerSum === 0 && foldChecksum(addWords(frame, tcp, end, sum)) === 0,
    sourcePort: view.getUint16(tcp),
  };
}

/** A TCP receiver (RFC 9293): takes what is in order, keeps what is ahead, first copy first, drops what is damaged. */
export function received(frames: readonly Uint8Array[], initial: number): Uint8Array {
  const stream: number[] = [];
  const kept = new Map<number, number>();
  for (const frame of frames) {
    const { sequence, payload, isIntact, flags } = segmentOf(frame);
    if (!isIntact || (flags & (SYN | RST)) !== 0) continue;
    payload.forEach((octet, i) => {
      const at = (sequence + i - initial) | 0;
      if (at >= stream.length && at < stream.length + 65_536 && !kept.has(at)) kept.set(at, octet);
    });
    for (let next = kept.get(stream.length); next !== undefined; next = kept.get(stream.length)) {
      kept.delete(stream.length);
      stream.push(next);
    }
  }
  return Uint8Array.from(stream);
}

/** The server of most conversations here: enough of IRC that it is known for IRC. */
export function ircLogin(connection: Connection): Packet[] {
  return [
    ...connection.open(),
    connection.say(0, 'NICK ann\r\nUSER ann 0 * :Ann\r\n'),
    connection.say(1, ':irc.example 001 ann :Welcome\r\n'),
    connection.acknowledge(0),
  ];
}

/** Refuses what says this word. */
export function refusing(word: string, action: VerdictRecord['action'] = 'drop'): Judge {
  const refusal: VerdictRecord = Object.freeze({ action, enforced: true, rule: 'no' });
  const pass: VerdictRecord = Object.freeze({ action: 'pass', enforced: true });
  return {
    judge: (event) => (event.text?.includes(word) ? refusal : pass),
    redactions: ({ text = '' }) => {
      const start = text.indexOf(word);
      return start < 0 ? [] : [{ start, end: start + word.length }];
    },
  };
}

export function storedPackets(frames: readonly StoredFrame[]): Packet[] {
  return frames.map(({ octets }) => ({ octets, side: Side.A }));
}

/** What a line of so many octets to an IRC server becomes when it is refused (parsers/irc/neutral.ts). */
export function neutralLine(length: number): string {
  return `PONG :${'x'.repeat(length - 8)}\r\n`;
}
