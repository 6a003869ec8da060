/**
 * The child of the root (or the root's tag) that is open: where it began, and its octets as far as
 * earlier pushes brought them. A unit beyond the limits is followed to its end without its octets.
 */
import { OctetHold } from './octet-hold.ts';

const NOTHING = new Uint8Array(0);

export class XmlUnit {
  readonly #hold = new OctetHold();
  /** Stream offset, -1 when none is open. */
  start = -1;
  /** Where in the octets now pushed its part begins that is not held yet. */
  from = -1;
  skipped = false;
  /** Found by seeking: it may be nested. */
  sought = false;

  /** The complete unit is buffer[begin, end) after finish(). */
  buffer: Uint8Array = NOTHING;
  begin = 0;
  end = 0;

  get size(): number {
    return this.#hold.size;
  }

  open(start: number, from: number, sought: boolean): void {
    this.start = start;
    this.from = from;
    this.skipped = false;
    this.sought = sought;
  }

  /** A new push begins. */
  pushed(): void {
    this.from = this.start >= 0 ? 0 : -1;
  }

  /** The push ends, and the unit does not. */
  keep(octets: Uint8Array): void {
    this.#hold.append(octets, this.from, octets.length);
  }

  /** Makes the unit's octets before `next` one range: in place where they all are in this push. */
  gather(octets: Uint8Array, next: number): void {
    if (this.#hold.used === 0) {
      this.buffer = octets;
      this.begin = this.from;
      this.end = next;
      return;
    }
    this.#hold.append(octets, this.from, next);
    this.from = next;
    this.buffer = this.#hold.buffer;
    this.begin = 0;
    this.end = this.#hold.used;
  }

  skip(): void {
    this.skipped = true;
    this.#hold.release();
  }

  close(): void {
    this.start = -1;
    this.from = -1;
    this.buffer = NOTHING; // lent octets are let go
    this.#hold.release();
  }
}
