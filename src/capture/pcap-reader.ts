/**
 * The pcap file format (draft-ietf-opsawg-pcap), both byte orders.
 *
 *     file header   magic(4) major(2) minor(2) zone(4) accuracy(4) snaplen(4) FCS and link type(4)
 *     record        seconds(4) fraction(4) captured(4) original(4) octets(captured)
 *
 *     0xa1b2c3d4  fraction in microseconds
 *     0xa1b23c4d  fraction in nanoseconds
 *     0xa1b2cd34  Kuznetzov's: microseconds, and 8 more octets in each record header
 */
import { i32be, i32le, u16be, u16le } from '../bytes/read.ts';
import { type CaptureOrigin, type CaptureReader, packetLimit } from './capture-reader.ts';
import { CaptureError, Frame, type FrameSink } from './frame.ts';

export const PcapMagic = {
  Microseconds: 0xa1b2c3d4 | 0,
  Nanoseconds: 0xa1b23c4d | 0,
  Kuznetzov: 0xa1b2cd34 | 0,
} as const;

const FILE_HEADER = 24;

export class PcapReader implements CaptureReader {
  readonly #origin: CaptureOrigin;
  readonly #frame = new Frame();
  #offset = 0; // in the file, of what was used so far
  #started = false;
  #little = true;
  #nanoseconds = false;
  #recordHeader = 16;
  #limit = 0;

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
    if (!this.#started) {
      if (end - start < FILE_HEADER) return 0;
      this.#begin(buffer, start);
      at += FILE_HEADER;
    }
    const frame = this.#frame;
    const little = this.#little;
    const header = this.#recordHeader;
    while (end - at >= header) {
      const captured = little ? i32le(buffer, at + 8) : i32be(buffer, at + 8);
      if (captured < 0 || captured > this.#limit) {
        this.#offset += at - start;
        this.#fail(this.#oversize(captured >>> 0));
      }
      const body = at + header;
      if (end - body < captured) break;
      const seconds = (little ? i32le(buffer, at) : i32be(buffer, at)) >>> 0;
      const fraction = (little ? i32le(buffer, at + 4) : i32be(buffer, at + 4)) >>> 0;
      const original = little ? i32le(buffer, at + 12) : i32be(buffer, at + 12);
      const micro = this.#nanoseconds ? Math.floor(fraction / 1000) : fraction;
      frame.time[0] = seconds * 1e6 + micro;
      frame.buffer = buffer;
      frame.start = body;
      frame.end = body + captured;
      // Above int32 only in a corrupt file; kept in int32 so that the field is never boxed.
      frame.originalLength = original < 0 ? 0x7fffffff : Math.max(original, captured);
      frame.number++;
      at = body + captured;
      sink.frame(frame);
    }
    this.#offset += at - start;
    return at - start;
  }

  finish(rest: number): void {
    if (!this.#started) this.#fail('the file is cut off in its header; capture or copy it again');
    if (rest > 0) {
      this.#fail(
        `the file is cut off in the middle of packet ${this.frames + 1}; everything before was read`,
      );
    }
  }

  #begin(buffer: Uint8Array, at: number): void {
    const big = i32be(buffer, at);
    this.#little =
      big !== PcapMagic.Microseconds &&
      big !== PcapMagic.Nanoseconds &&
      big !== PcapMagic.Kuznetzov;
    const u16 = this.#little ? u16le : u16be;
    const i32 = this.#little ? i32le : i32be;
    const magic = i32(buffer, at);
    const major = u16(buffer, at + 4);
    if (major !== 2) {
      this.#fail(`pcap version ${major}.${u16(buffer, at + 6)} is not known (2.4 is)`);
    }
    this.#nanoseconds = magic === PcapMagic.Nanoseconds;
    this.#recordHeader = magic === PcapMagic.Kuznetzov ? 24 : 16;
    this.#limit = packetLimit(i32(buffer, at + 16));
    this.#frame.linkType = i32(buffer, at + 20) & 0xffff; // above: length of the FCS
    this.#started = true;
  }

  #oversize(captured: number): string {
    return (
      `packet ${this.frames + 1} claims ${captured} captured octets (at most ${this.#limit} are possible): ` +
      'the file is corrupt from here on, everything before was read; tools like pcapfix may recover more'
    );
  }

  #fail(what: string): never {
    throw new CaptureError(this.#origin.name, this.frames, this.#offset, what);
  }
}
