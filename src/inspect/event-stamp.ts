/** Identifiers for events and flows: UUIDv7 (RFC 9562 §5.7) of the packet's time, in order of emission. */
import { Buffer } from 'node:buffer';
import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const POOL = 256; // identifiers per call of the system's random source
const OCTETS = 16;
const TEXT = 36; // characters
/** Where the two digits of each octet stand: `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` (RFC 9562 §4). */
const PLACES = Uint8Array.of(0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34);
const DIGITS = Uint8Array.from('0123456789abcdef', (c) => c.charCodeAt(0));

export class EventStamp {
  readonly #pool = new Uint8Array(OCTETS * POOL);
  readonly #octets = new Uint8Array(OCTETS);
  readonly #text = Buffer.alloc(TEXT, '-');
  #next = POOL;
  #sequence = 0;

  /** `time` in microseconds since 1970. Within a millisecond, later calls sort later. */
  id(time: number): string {
    if (this.#next === POOL) {
      randomFillSync(this.#pool);
      this.#next = 0;
    }
    const random = this.#pool.subarray(this.#next * OCTETS, (this.#next + 1) * OCTETS);
    this.#next += 1;
    this.#sequence = (this.#sequence + 1) >>> 0;
    const msecs = time > 0 ? Math.floor(time / 1000) : 0;
    return this.#write(v7({ msecs, seq: this.#sequence, random }, this.#octets));
  }

  /** As text, in one string of its own. */
  #write(octets: Uint8Array): string {
    const text = this.#text;
    for (let i = 0; i < OCTETS; i++) {
      const octet = octets[i] ?? 0;
      const place = PLACES[i] ?? 0;
      text[place] = DIGITS[octet >> 4] ?? 0;
      text[place + 1] = DIGITS[octet & 15] ?? 0;
    }
    return text.toString('latin1');
  }
}
