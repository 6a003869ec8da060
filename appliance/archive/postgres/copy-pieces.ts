/**
 * Octets in the order of the network, in pieces that a socket takes: what is full is taken away, and another piece
 * begun, since the socket may keep what it was given.
 */
import { ArchiveError } from '../archive-error.ts';

/** Octets of a piece; one that must hold more in one stretch is larger. */
const PIECE = 64 * 1024;
const NOTHING = Buffer.alloc(0);
const HIGH = 2 ** 32;
/** Characters of a text that are written one by one: calling out of JavaScript costs more. */
const SHORT = 24;

export class CopyPieces {
  #piece = Buffer.allocUnsafeSlow(PIECE);
  #used = 0;
  #full: Buffer[] = [];

  get hasFull(): boolean {
    return this.#full.length > 0;
  }

  takeFull(): Buffer[] {
    const full = this.#full;
    this.#full = [];
    return full;
  }

  takeAll(): Buffer[] {
    const all = this.takeFull();
    if (this.#used > 0) all.push(this.#piece.subarray(0, this.#used));
    this.#piece = NOTHING;
    this.#used = 0;
    return all;
  }

  octet(value: number): void {
    this.#room(1);
    this.#piece[this.#used] = value;
    this.#used += 1;
  }

  int16(value: number): void {
    this.#room(2);
    const piece = this.#piece;
    piece[this.#used] = value >> 8;
    piece[this.#used + 1] = value;
    this.#used += 2;
  }

  int32(value: number): void {
    this.#room(4);
    this.#put32(this.#used, value);
    this.#used += 4;
  }

  /** Throws ArchiveError for what has no exact value. */
  int64(value: number): void {
    if (!Number.isSafeInteger(value)) {
      throw new ArchiveError(`${value} is no integer that the archive can keep`);
    }
    this.#room(8);
    const low = ((value % HIGH) + HIGH) % HIGH;
    this.#put32(this.#used, Math.floor(value / HIGH));
    this.#put32(this.#used + 4, low);
    this.#used += 8;
  }

  octets(value: Uint8Array): void {
    this.#room(value.length);
    this.#piece.set(value, this.#used);
    this.#used += value.length;
  }

  text(value: string): void {
    const { length } = value;
    this.#room(3 * length);
    const from = this.#used;
    if (length <= SHORT) {
      let n = 0;
      for (; n < length; n += 1) {
        const code = value.charCodeAt(n);
        if (code >= 0x80) break;
        this.#piece[from + n] = code;
      }
      if (n === length) {
        this.#used += length;
        return;
      }
    }
    this.#used += this.#piece.write(value, from);
  }

  /**
   * Of a field whose length is known when it is written: where that stands. `most`: octets of the field; within
   * them it stays in one piece.
   */
  beginLength(most: number): number {
    this.#room(4 + most);
    this.#used += 4;
    return this.#used;
  }

  endLength(begun: number): void {
    this.#put32(begun - 4, this.#used - begun);
  }

  #put32(at: number, value: number): void {
    const piece = this.#piece;
    piece[at] = value >>> 24;
    piece[at + 1] = value >>> 16;
    piece[at + 2] = value >>> 8;
    piece[at + 3] = value;
  }

  #room(octets: number): void {
    if (this.#used + octets > this.#piece.length) this.#turn(octets);
  }

  #turn(octets: number): void {
    if (this.#used > 0) this.#full.push(this.#piece.subarray(0, this.#used));
    this.#piece = Buffer.allocUnsafeSlow(Math.max(PIECE, octets));
    this.#used = 0;
  }
}
