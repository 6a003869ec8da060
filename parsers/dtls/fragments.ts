/**
 * One handshake message out of its fragments (RFC 6347 §4.2.3), which come in any order, twice, or overlapping: the
 * octet that came first counts.
 *
 *   u8 type · u24 length · u16 message sequence · u24 fragment offset · u24 fragment length
 */
import { u16be } from '../../src/bytes/read.ts';
import { HELLO_LIMIT } from '../framing/client-hello.ts';

export const FRAGMENT_HEAD = 12;
/** Fragments of one message; a hello of 4 KB in datagrams of 1200 octets has four. */
const FRAGMENTS_LIMIT = 64;

const NOTHING = new Uint8Array(0);

export class Fragments {
  #message: Uint8Array = NOTHING; // with its head
  #there: Uint8Array = NOTHING; // 1 for each octet of it that came
  #missing = 0;
  #sequence = -1;
  #count = 0;

  /** Memory in use now, octets. */
  get held(): number {
    return this.#message.length + this.#there.length;
  }

  /** More came than any message has. */
  get exhausted(): boolean {
    return this.#count >= FRAGMENTS_LIMIT;
  }

  /** The message in one piece, where this fragment of buffer[start, end) completes it. */
  add(buffer: Uint8Array, start: number, end: number): Uint8Array | undefined {
    const length = u24(buffer, start + 1);
    const from = u24(buffer, start + 6);
    const octets = u24(buffer, start + 9);
    const at = start + FRAGMENT_HEAD;
    if (at + octets > end || from + octets > length || length > HELLO_LIMIT) return undefined;
    if (octets === length) return buffer.subarray(start, at + octets);
    const sequence = u16be(buffer, start + 4);
    const whole = FRAGMENT_HEAD + length;
    if (sequence !== this.#sequence || whole !== this.#message.length) {
      if (this.#count > 0 && sequence === this.#sequence) return undefined; // another length
      this.#begin(buffer, start, whole, sequence);
    }
    this.#count += 1;
    for (let i = 0; i < octets; i++) {
      const to = FRAGMENT_HEAD + from + i;
      if (this.#there[to] === 1) continue;
      this.#there[to] = 1;
      this.#message[to] = buffer[at + i] ?? 0;
      this.#missing -= 1;
    }
    return this.#missing === 0 ? this.#message : undefined;
  }

  #begin(buffer: Uint8Array, start: number, whole: number, sequence: number): void {
    this.#message = new Uint8Array(whole);
    this.#message.set(buffer.subarray(start, start + FRAGMENT_HEAD));
    this.#there = new Uint8Array(whole);
    this.#missing = whole - FRAGMENT_HEAD;
    this.#sequence = sequence;
  }
}

function u24(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 16) | u16be(octets, at + 1);
}
