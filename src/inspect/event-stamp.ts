/** Identifiers for events and flows: UUIDv7 (RFC 9562 §5.7) of the packet's time, in order of emission. */
import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';
import { uuidText } from '../bytes/uuid-text.ts';

const POOL = 256; // identifiers per call of the system's random source
const OCTETS = 16;

export class EventStamp {
  readonly #pool = new Uint8Array(OCTETS * POOL);
  readonly #octets = new Uint8Array(OCTETS);
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
    return uuidText(v7({ msecs, seq: this.#sequence, random }, this.#octets));
  }
}
