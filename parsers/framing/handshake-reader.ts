/**
 * Handshake messages of one direction out of TLS records (RFC 8446 §5.1), while they are in clear.
 *
 *   u8 type (22 handshake) · u16 version 03.. · u16 length · fragment
 *
 * A message may go over many records, of one octet each, and a record may hold many messages. One that lies whole in
 * one record of one push is passed on as a view of the caller's octets; only others are copied.
 */
import { u16be } from '../../src/bytes/read.ts';
import { OctetHold } from './octet-hold.ts';

/** Octets of a record's content: RFC 5246 §6.2.3 allows the most. */
export const RECORD_LIMIT = 16_384 + 2048;
/** Records without content before a message is whole; OpenSSL takes 32 of them. */
const EMPTY_RECORDS_LIMIT = 32;
const HANDSHAKE = 22;
const RECORD_HEAD = 5;
const MESSAGE_HEAD = 4;

export interface HandshakeListener {
  /**
   * buffer[start, end) is one message from its type on, valid during the call only; of its `length` octets those
   * beyond the limit are not there. It came in `records` records. False: no other is wanted.
   */
  message(buffer: Uint8Array, start: number, end: number, length: number, records: number): boolean;
}

/** How a push ended. */
export const Reading = {
  More: 0,
  /** The listener wants no more. */
  Enough: 1,
  /** Another record came: nothing more is in clear. */
  Over: 2,
  /** A record longer than any may be. */
  Oversized: 3,
  /** No record. */
  Lost: 4,
} as const;
export type Reading = (typeof Reading)[keyof typeof Reading];

export class HandshakeReader {
  readonly #limit: number;
  #hold: OctetHold | undefined = undefined; // made for a message that does not lie in one piece
  #head = 0; // octets of the record's head that came, and what they say
  #type = 0;
  #major = 0;
  #left = 0; // octets of the record under way
  #skip = 0; // octets of the message under way that are not wanted
  #records = 0; // that the message under way came in so far, as far as it is kept
  #empty = 0;
  #isAligned = false;

  /** `limit`: octets of a message that are kept. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Memory in use now, octets. */
  get held(): number {
    return this.#hold?.size ?? 0;
  }

  /** After Reading.Enough: the push ended where the record did. */
  get isAligned(): boolean {
    return this.#isAligned;
  }

  /** What is kept of a message that is not whole. */
  get unfinished(): Uint8Array | undefined {
    return this.#hold?.buffer.subarray(0, this.#hold.used);
  }

  push(octets: Uint8Array, to: HandshakeListener): Reading {
    let at = 0;
    while (at < octets.length) {
      if (this.#head < RECORD_HEAD) {
        this.#readHead(octets[at] ?? 0);
        at += 1;
        if (this.#head < RECORD_HEAD) continue;
        const answer = this.#begin();
        if (answer !== Reading.More) return answer;
        continue;
      }
      const end = Math.min(octets.length, at + this.#left);
      this.#left -= end - at;
      if (this.#left === 0) this.#head = 0;
      if (!this.#content(octets, at, end, to)) {
        this.#hold = undefined;
        this.#isAligned = this.#left === 0 && end === octets.length;
        return Reading.Enough;
      }
      at = end;
    }
    return Reading.More;
  }

  #readHead(octet: number): void {
    if (this.#head === 0) this.#type = octet;
    else if (this.#head === 1) this.#major = octet;
    else if (this.#head > 2) this.#left = ((this.#left << 8) | octet) & 0xffff;
    this.#head += 1;
  }

  #begin(): Reading {
    if (this.#major !== 3) return Reading.Lost;
    if (this.#type !== HANDSHAKE) return Reading.Over;
    if (this.#left > RECORD_LIMIT) return Reading.Oversized;
    if (this.#left === 0) {
      this.#head = 0;
      this.#empty += 1;
      return this.#empty > EMPTY_RECORDS_LIMIT ? Reading.Lost : Reading.More;
    }
    if (this.#hold !== undefined) this.#records += 1;
    return Reading.More;
  }

  #content(octets: Uint8Array, start: number, end: number, to: HandshakeListener): boolean {
    let at = start;
    while (at < end) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, end - at);
        this.#skip -= skipped;
        at += skipped;
        continue;
      }
      if (this.#hold === undefined) {
        this.#records = 1;
        if (end - at >= this.#wanted(octets, at, end)) {
          const length = messageLength(octets, at);
          const kept = Math.min(length, this.#limit);
          if (!this.#say(octets, at, at + kept, length, to)) return false;
          at += kept;
          continue;
        }
        this.#hold = new OctetHold();
      }
      const hold = this.#hold;
      const wanted = this.#wanted(hold.buffer, 0, hold.used);
      const taken = Math.min(wanted - hold.used, end - at);
      hold.append(octets, at, at + taken);
      at += taken;
      if (hold.used < this.#wanted(hold.buffer, 0, hold.used)) continue;
      this.#hold = undefined;
      const length = messageLength(hold.buffer, 0);
      if (!this.#say(hold.buffer, 0, hold.used, length, to)) return false;
    }
    return true;
  }

  /** Octets that must be there of the message at `at`: its head, before that is whole. */
  #wanted(buffer: Uint8Array, at: number, end: number): number {
    if (end - at < MESSAGE_HEAD) return MESSAGE_HEAD;
    return Math.min(messageLength(buffer, at), this.#limit);
  }

  #say(
    buffer: Uint8Array,
    start: number,
    end: number,
    length: number,
    to: HandshakeListener,
  ): boolean {
    this.#skip = length - (end - start);
    return to.message(buffer, start, end, length, this.#records);
  }
}

function messageLength(buffer: Uint8Array, at: number): number {
  return MESSAGE_HEAD + (((buffer[at + 1] ?? 0) << 16) | u16be(buffer, at + 2));
}
