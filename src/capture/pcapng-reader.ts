/**
 * The pcapng file format (draft-ietf-opsawg-pcapng), both byte orders, several sections.
 *
 *     block      type(4) total length(4) body total length(4)
 *     section    0x0a0d0d0a: byte-order magic 0x1a2b3c4d(4) major(2) minor(2) section length(8) options
 *     interface  1: link type(2) reserved(2) snaplen(4) options
 *     packet     2 (obsolete): interface(2) drops(2) time(4+4) captured(4) original(4) octets
 *     simple     3: original(4) octets
 *     enhanced   6: interface(4) time(4+4) captured(4) original(4) octets, padding, options
 *     others are skipped, whatever their length
 */
import { i32be, i32le, u16be, u16le } from '../bytes/read.ts';
import {
  type CaptureOrigin,
  type CaptureReader,
  MAX_RECORD,
  packetLimit,
} from './capture-reader.ts';
import { CaptureError, Frame, type FrameSink } from './frame.ts';
import type { PcapngClock } from './pcapng-clock.ts';
import { clockOf } from './pcapng-options.ts';

const Block = {
  Section: 0x0a0d0d0a,
  Interface: 1,
  Packet: 2,
  Simple: 3,
  Enhanced: 6,
} as const;

const BYTE_ORDER = 0x1a2b3c4d;
/** Interfaces of one section; the obsolete packet block cannot name more. */
const MAX_INTERFACES = 65536;

interface Interface {
  readonly linkType: number;
  readonly snaplen: number;
  /** Octets a packet of it may have. */
  readonly limit: number;
  readonly clock: PcapngClock;
}

export class PcapngReader implements CaptureReader {
  readonly #origin: CaptureOrigin;
  readonly #frame = new Frame();
  #interfaces: Interface[] = [];
  #offset = 0; // in the file, of what was used so far
  #little = true;
  #skip = 0; // octets of the body of a skipped block that are still to come
  #skipped = 0; // total length of the block whose trailer is next; 0: none

  constructor(origin: CaptureOrigin) {
    this.#origin = origin;
    this.#frame.number = origin.framesBefore;
  }

  get frames(): number {
    return this.#frame.number - this.#origin.framesBefore;
  }

  get offset(): number {
    return this.#offset;
  }

  read(buffer: Uint8Array, start: number, end: number, sink: FrameSink): number {
    let at = start;
    for (;;) {
      const used =
        this.#skipped > 0 ? this.#skipOver(buffer, at, end) : this.#block(buffer, at, end, sink);
      if (used === 0) return at - start;
      at += used;
      this.#offset += used;
    }
  }

  finish(rest: number): void {
    if (rest === 0 && this.#skipped === 0) return;
    this.#fail(
      `the file is cut off in the middle of a block after packet ${this.frames}; everything before was read`,
    );
  }

  /** One block that is whole, or the beginning of one to skip: octets used, 0 if more are needed. */
  #block(buffer: Uint8Array, at: number, end: number, sink: FrameSink): number {
    if (end - at < 12) return 0;
    const first = i32be(buffer, at);
    if (first === Block.Section) return this.#section(buffer, at, end);
    const little = this.#little;
    const type = little ? i32le(buffer, at) : first;
    const length = little ? i32le(buffer, at + 4) : i32be(buffer, at + 4);
    const known =
      type === Block.Enhanced ||
      type === Block.Simple ||
      type === Block.Packet ||
      type === Block.Interface;
    if (!known) return this.#startSkip(length >>> 0, 8);
    if (length < 12 || (length & 3) !== 0 || length > MAX_RECORD) this.#badLength(length >>> 0);
    if (end - at < length) return 0;
    const trailer = at + length - 4;
    if ((little ? i32le(buffer, trailer) : i32be(buffer, trailer)) !== length)
      this.#badTrailer(length);
    if (type === Block.Enhanced) this.#enhanced(buffer, at + 8, trailer, sink);
    else if (type === Block.Interface) this.#interface(buffer, at + 8, trailer);
    else if (type === Block.Simple) this.#simple(buffer, at + 8, trailer, sink);
    else this.#packet(buffer, at + 8, trailer, sink);
    return length;
  }

  #section(buffer: Uint8Array, at: number, end: number): number {
    if (end - at < 28) return 0;
    this.#little = i32le(buffer, at + 8) === BYTE_ORDER;
    const i32 = this.#little ? i32le : i32be;
    const u16 = this.#little ? u16le : u16be;
    if (i32(buffer, at + 8) !== BYTE_ORDER)
      this.#fail('a section has no byte-order magic: the file is corrupt');
    // 1.2 is what 1.0 is (the draft says so of files that some writers made).
    const major = u16(buffer, at + 12);
    if (major !== 1)
      this.#fail(`pcapng version ${major}.${u16(buffer, at + 14)} is not known (1.0 is)`);
    this.#interfaces = [];
    const length = i32(buffer, at + 4) >>> 0;
    if (length < 28) this.#badLength(length);
    return this.#startSkip(length, 24);
  }

  #startSkip(length: number, used: number): number {
    if (length < 12 || length % 4 !== 0) this.#badLength(length);
    this.#skipped = length;
    this.#skip = length - used - 4;
    return used;
  }

  #skipOver(buffer: Uint8Array, at: number, end: number): number {
    if (this.#skip > 0) {
      const octets = Math.min(this.#skip, end - at);
      this.#skip -= octets;
      return octets;
    }
    if (end - at < 4) return 0;
    const trailer = (this.#little ? i32le(buffer, at) : i32be(buffer, at)) >>> 0;
    if (trailer !== this.#skipped) this.#badTrailer(this.#skipped);
    this.#skipped = 0;
    return 4;
  }

  #interface(buffer: Uint8Array, at: number, end: number): void {
    if (end - at < 8) this.#fail('an interface description is too short: the file is corrupt');
    if (this.#interfaces.length === MAX_INTERFACES)
      this.#fail(`more than ${MAX_INTERFACES} interfaces`);
    const snaplen = this.#little ? i32le(buffer, at + 4) : i32be(buffer, at + 4);
    this.#interfaces.push({
      linkType: this.#little ? u16le(buffer, at) : u16be(buffer, at),
      snaplen,
      limit: packetLimit(snaplen),
      clock: clockOf(buffer, at + 8, end, this.#little),
    });
  }

  #enhanced(buffer: Uint8Array, at: number, end: number, sink: FrameSink): void {
    if (end - at < 20) this.#fail('a packet block is too short: the file is corrupt');
    const little = this.#little;
    const index = little ? i32le(buffer, at) : i32be(buffer, at);
    this.#stamped(buffer, at, end, index, sink);
  }

  #packet(buffer: Uint8Array, at: number, end: number, sink: FrameSink): void {
    if (end - at < 20) this.#fail('a packet block is too short: the file is corrupt');
    const index = this.#little ? u16le(buffer, at) : u16be(buffer, at);
    this.#stamped(buffer, at, end, index, sink);
  }

  /** What enhanced and obsolete packet blocks have in common, after the interface. */
  #stamped(buffer: Uint8Array, at: number, end: number, index: number, sink: FrameSink): void {
    const little = this.#little;
    const from = this.#interfaceOf(index);
    const captured = little ? i32le(buffer, at + 12) : i32be(buffer, at + 12);
    const original = little ? i32le(buffer, at + 16) : i32be(buffer, at + 16);
    const high = little ? i32le(buffer, at + 4) : i32be(buffer, at + 4);
    const low = little ? i32le(buffer, at + 8) : i32be(buffer, at + 8);
    from.clock.stamp(this.#frame.time, high, low);
    this.#deliver(buffer, at + 20, end, captured, original, from, sink);
  }

  #simple(buffer: Uint8Array, at: number, end: number, sink: FrameSink): void {
    if (end - at < 4) this.#fail('a simple packet block is too short: the file is corrupt');
    const from = this.#interfaceOf(0);
    const original = this.#little ? i32le(buffer, at) : i32be(buffer, at);
    const whole = original >>> 0;
    const captured = from.snaplen > 0 && from.snaplen < whole ? from.snaplen : whole;
    // No time is recorded: the packet counts as caught when the one before it was.
    this.#deliver(buffer, at + 4, end, captured | 0, original, from, sink);
  }

  #deliver(
    buffer: Uint8Array,
    at: number,
    end: number,
    captured: number,
    original: number,
    from: Interface,
    sink: FrameSink,
  ): void {
    if (captured < 0 || captured > from.limit || captured > end - at) {
      this.#fail(
        `packet ${this.frames + 1} claims ${captured >>> 0} captured octets, its block has room for ` +
          `${end - at}: the file is corrupt from here on, everything before was read`,
      );
    }
    const frame = this.#frame;
    frame.buffer = buffer;
    frame.start = at;
    frame.end = at + captured;
    // Above int32 only in a corrupt file; kept in int32 so that the field is never boxed.
    frame.originalLength = original < 0 ? 0x7fffffff : Math.max(original, captured);
    frame.linkType = from.linkType;
    frame.number++;
    sink.frame(frame);
  }

  #interfaceOf(index: number): Interface {
    const found = this.#interfaces[index];
    if (found !== undefined) return found;
    this.#fail(
      `packet ${this.frames + 1} is of interface ${index >>> 0}, which the file does not describe: ` +
        'the file is corrupt from here on, everything before was read',
    );
  }

  #badLength(length: number): never {
    this.#fail(
      `a block claims ${length} octets, which cannot be: the file is corrupt from here on, everything before was read`,
    );
  }

  #badTrailer(length: number): never {
    this.#fail(
      `a block of ${length} octets does not end with its length: the file is corrupt from here on, ` +
        'everything before was read',
    );
  }

  #fail(what: string): never {
    throw new CaptureError(this.#origin.name, this.frames, this.#offset, what);
  }
}
