/**
 * Does a TLS connection carry another one's handshake? Nothing in it can be read, but its records tell their sizes
 * (Xue et al., "Fingerprinting Obfuscated Proxy Traffic with Encapsulated TLS Handshakes", USENIX Security 2024, of
 * which this is a plain form):
 *
 *   client   one flight like a ClientHello     first record 200.., all of it ..2400 octets
 *   server   one like its certificate          1000..20000 octets
 *   client   one record like its Finished      75..175 octets: HTTP/2 acknowledges in less, HTTP/1 asks in more
 *
 * No proof: a small request behind a large one looks the same. Sizes are those of records of type 23; a Finished of
 * TLS 1.3 itself is one, of 53 or 69 octets, and does not count. Nothing is kept but counts.
 */
import { u16be } from '../../src/bytes/read.ts';
import { Direction } from '../contract.ts';

const RECORD_HEAD = 5;
const APPLICATION_DATA = 23;
const OUTER_FINISHED: readonly number[] = [53, 69]; // SHA-256, SHA-384
const HELLO_LEAST = 200;
const HELLO_MOST = 2400;
const FLIGHT_LEAST = 1000;
const FLIGHT_MOST = 20_000;
const FINISHED_LEAST = 75;
const FINISHED_MOST = 175;
/** Octets of both directions that are looked at. */
const WATCHED_LIMIT = 49_152;

export const Inner = { Unclear: 0, Suspected: 1, None: 2 } as const;
export type Inner = (typeof Inner)[keyof typeof Inner];

export class InnerHandshake {
  readonly #sides = [new RecordSizes(), new RecordSizes()] as const;
  #watched = 0;
  #finished = false; // the client's outer Finished was passed
  #hello = 0; // octets of the client's first flight
  #flight = 0; // octets of the server's answer

  push(direction: Direction, octets: Uint8Array): Inner {
    this.#watched += octets.length;
    const side = this.#sides[direction];
    for (let at = 0; at < octets.length; ) {
      at = side.next(octets, at);
      if (side.lost) return Inner.None;
      if (side.began !== APPLICATION_DATA) continue;
      const answer =
        direction === Direction.ToServer
          ? this.#fromClient(side.length)
          : this.#fromServer(side.length);
      if (answer !== Inner.Unclear) return answer;
    }
    return this.#watched > WATCHED_LIMIT ? Inner.None : Inner.Unclear;
  }

  #fromClient(length: number): Inner {
    if (!this.#finished && this.#hello === 0) {
      this.#finished = true;
      if (OUTER_FINISHED.includes(length)) return Inner.Unclear;
    }
    if (this.#flight >= FLIGHT_LEAST) {
      const isFinished = length >= FINISHED_LEAST && length <= FINISHED_MOST;
      return isFinished ? Inner.Suspected : Inner.None;
    }
    if (this.#hello === 0 && length < HELLO_LEAST) return Inner.None;
    this.#hello += length;
    return this.#hello > HELLO_MOST ? Inner.None : Inner.Unclear;
  }

  #fromServer(length: number): Inner {
    // Before: the outer handshake of TLS 1.3, and its tickets.
    if (this.#hello === 0) return Inner.Unclear;
    this.#flight += length;
    return this.#flight > FLIGHT_MOST ? Inner.None : Inner.Unclear;
  }
}

/** Heads of the records of one direction. */
class RecordSizes {
  /** Type of the record that began at the last step, or -1. */
  began = -1;
  length = 0;
  lost = false;
  #head = 0; // octets of a head that came
  #low = 0; // its last four
  #type = 0;
  #left = 0;

  /** Where to go on: behind one head, or behind what belongs to a record. */
  next(octets: Uint8Array, start: number): number {
    this.began = -1;
    if (this.#left > 0) {
      const passed = Math.min(this.#left, octets.length - start);
      this.#left -= passed;
      return start + passed;
    }
    let at = start;
    if (this.#head === 0 && octets.length - at >= RECORD_HEAD) {
      this.#begin(octets[at] ?? 0, octets[at + 1] ?? 0, u16be(octets, at + 3));
      return at + RECORD_HEAD;
    }
    const octet = octets[at] ?? 0;
    if (this.#head === 0) this.#type = octet;
    else this.#low = (this.#low << 8) | octet;
    this.#head += 1;
    at += 1;
    if (this.#head === RECORD_HEAD) {
      this.#begin(this.#type, this.#low >>> 24, this.#low & 0xffff);
      this.#head = 0;
    }
    return at;
  }

  #begin(type: number, major: number, length: number): void {
    this.began = type;
    this.length = length;
    this.#left = length;
    this.lost = major !== 3 || type < 20 || type > 24;
  }
}
