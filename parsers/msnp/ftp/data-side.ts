/**
 * One direction of an MSNFTP connection: lines, and from the sender, after its `FIL`, blocks of content:
 * an octet 0, two octets of length (little-endian) and so many octets; `01 00 00` ends them (dossier §7).
 */
import { find } from '../../../src/bytes/find.ts';
import { u16le } from '../../../src/bytes/read.ts';
import { utf8 } from '../../../src/bytes/text.ts';
import { OctetHold } from '../../framing/octet-hold.ts';
import { LINE_LIMIT } from './ftp-limits.ts';

const LF = 0x0a;
const CR = 0x0d;
const BLOCK = 0;
const END = 1;
const HEADER = 3; // octets of a block before its content

export interface SideListener {
  /** Without its line end; [from, to) is where all of it stands in the stream. True: blocks follow. */
  line(text: string, from: number, to: number): boolean;
  /** A line that is too long. */
  overlong(): void;
  /** A block of so many octets began. */
  block(length: number, from: number): void;
  content(buffer: Uint8Array, start: number, end: number, to: number): void;
  ended(from: number, to: number): void;
}

export class DataSide {
  readonly #hold = new OctetHold();
  /** Octets of the stream that were read, before what is held. */
  offset = 0;
  #blocks = false;
  /** Of the block under the hand. */
  #left = 0;
  /** To the next LF: a line that is too long, or whose beginning was lost. */
  #skipping: boolean;
  /** Where blocks begin was lost with the octets between, or nothing more is to be read. */
  lost = false;

  constructor(midstream: boolean) {
    this.#skipping = midstream;
  }

  get pending(): number {
    return this.#hold.used === 0 ? -1 : this.offset;
  }

  get held(): number {
    return this.#hold.size;
  }

  push(octets: Uint8Array, listener: SideListener): void {
    let at = 0;
    while (at < octets.length) {
      if (this.lost) {
        this.offset += octets.length - at;
        return;
      }
      if (this.#left > 0) at = this.#content(octets, at, listener);
      else
        at = this.#blocks ? this.#header(octets, at, listener) : this.#line(octets, at, listener);
    }
  }

  /** Octets of content that were among those lost: all of them where a block goes on. */
  gap(octets: number): number {
    this.offset += this.#hold.used + octets;
    const torn = this.#hold.used > 0;
    this.#hold.release();
    if (!this.#blocks) {
      this.#skipping = true;
      return 0;
    }
    const within = Math.min(this.#left, octets);
    if (torn || octets > this.#left) this.lost = true;
    this.#left -= within;
    return within;
  }

  #content(octets: Uint8Array, at: number, listener: SideListener): number {
    const end = Math.min(octets.length, at + this.#left);
    this.#left -= end - at;
    this.offset += end - at;
    listener.content(octets, at, end, this.offset);
    return end;
  }

  #header(octets: Uint8Array, at: number, listener: SideListener): number {
    const hold = this.#hold;
    const kind = hold.used > 0 ? hold.buffer[0] : octets[at];
    if (kind !== BLOCK && kind !== END) {
      this.#blocks = false; // a line after all
      return at;
    }
    const end = Math.min(octets.length, at + HEADER - hold.used);
    hold.append(octets, at, end);
    if (hold.used < HEADER) return end;
    const from = this.offset;
    const length = u16le(hold.buffer, 1);
    hold.release();
    this.offset += HEADER;
    if (kind === END) listener.ended(from, this.offset);
    else {
      this.#left = length;
      listener.block(length, from);
    }
    return end;
  }

  #line(octets: Uint8Array, at: number, listener: SideListener): number {
    const hold = this.#hold;
    const found = find(octets, LF, at, octets.length);
    const end = found === -1 ? octets.length : found + 1;
    if (this.#skipping) {
      this.offset += end - at;
      this.#skipping = found === -1;
      return end;
    }
    if (hold.used + end - at > LINE_LIMIT) {
      listener.overlong();
      this.#skipping = found === -1;
      this.offset += hold.used + end - at;
      hold.release();
      return end;
    }
    hold.append(octets, at, end);
    if (found === -1) return end;
    const from = this.offset;
    const { buffer, used } = hold;
    const stop = buffer[used - 2] === CR ? used - 2 : used - 1;
    const text = utf8(buffer, 0, stop);
    hold.release();
    this.offset += used;
    this.#blocks = listener.line(text, from, this.offset);
    return end;
  }
}
