/**
 * TLVs of OSCAR, read in place: u16 type · u16 length · value, big-endian; up to the end of a block, or
 * a given number of them. Every length is checked against the parent before anything is read. However
 * many there are, all are read: clients do so, and a frame has room for no more than 16 384.
 *
 *   for (tlvs.over(buffer, start, end); tlvs.next(); ) use(tlvs.type, tlvs.start, tlvs.end);
 *   if (tlvs.broken) …
 */
import { u16be } from '../../src/bytes/read.ts';

const HEAD = 4;
const NOTHING = new Uint8Array(0);

export class TlvWalk {
  /** Of the TLV under the hand; its value is at [start, end). */
  type = 0;
  start = 0;
  end = 0;
  /** One goes beyond the block, or some are missing: the rest is not read. */
  broken = false;
  #buffer: Uint8Array = NOTHING;
  #first = 0;
  #stop = 0;
  #count = -1;
  #seen = 0;

  /** Before the first TLV of buffer[start, end); `count` of them are announced, -1: up to the end. */
  over(buffer: Uint8Array, start: number, end: number, count = -1): void {
    this.#buffer = buffer;
    this.#first = start;
    this.#stop = end;
    this.#count = count;
    this.again();
  }

  /** Before the first one again. */
  again(): void {
    this.start = this.#first;
    this.end = this.#first;
    this.#seen = 0;
    this.broken = false;
  }

  next(): boolean {
    if (this.broken || this.#seen === this.#count) return false;
    const at = this.end;
    if (at === this.#stop && this.#count === -1) return false;
    if (at + HEAD > this.#stop) return this.#break();
    const end = at + HEAD + u16be(this.#buffer, at + 2);
    if (end > this.#stop) return this.#break();
    this.type = u16be(this.#buffer, at);
    this.start = at + HEAD;
    this.end = end;
    this.#seen += 1;
    return true;
  }

  /** Stands on the first TLV of this type; false where there is none. The first wins, as in libpurple. */
  find(type: number): boolean {
    this.again();
    while (this.next()) if (this.type === type) return true;
    return false;
  }

  /** Octets of the value under the hand. */
  get length(): number {
    return this.end - this.start;
  }

  /** Holds no buffer of others. */
  clear(): void {
    this.over(NOTHING, 0, 0);
  }

  #break(): false {
    this.broken = true;
    return false;
  }
}
