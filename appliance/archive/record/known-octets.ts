/**
 * What was made of octets before, found again by the octets: without making a text of them, and in bounded
 * memory. A key has two places; where both are taken, the one used longer ago is given up. So keys that
 * somebody chose to fall together cost the work of making the value again, and nothing else.
 */
import { hashOf, isSameAt } from './octet-runs.ts';

/** Of what is at a place, beside each other: reading memory far apart is what takes time. */
const TAG = 2;

export class KnownOctets<Value> {
  readonly #mask: number;
  readonly #longest: number;
  readonly #keys: Buffer;
  readonly #view: DataView;
  /** Length and hash of each key; length -1: there is none. Most other keys are told by these. */
  readonly #tags: Int32Array;
  readonly #values: (Value | undefined)[];

  /** `places`: a power of two. `longest`: octets of a key, a multiple of 4; longer ones are not kept. */
  constructor(places: number, longest: number) {
    this.#mask = places - 1;
    this.#longest = longest;
    this.#keys = Buffer.alloc(places * longest);
    this.#view = viewOf(this.#keys);
    this.#tags = new Int32Array(places * TAG).fill(-1);
    this.#values = new Array<Value | undefined>(places).fill(undefined);
  }

  /** Of the octets from `from` up to `to` in `view`. */
  get(view: DataView, from: number, to: number): Value | undefined {
    const hash = hashOf(view, from, to);
    const place = hash & this.#mask;
    if (this.#isAt(place, hash, view, from, to)) return this.#values[place];
    const other = place ^ 1;
    return this.#isAt(other, hash, view, from, to) ? this.#values[other] : undefined;
  }

  /** Takes the place of what the same octets stood for. */
  set(view: DataView, from: number, to: number, value: Value): void {
    const length = to - from;
    if (length > this.#longest) return;
    const hash = hashOf(view, from, to);
    const place = hash & this.#mask;
    const at = place * this.#longest;
    const tags = this.#tags;
    const before = tags[place * TAG] ?? -1;
    if (before !== -1 && !this.#isAt(place, hash, view, from, to)) {
      const other = place ^ 1;
      this.#keys.copyWithin(other * this.#longest, at, at + before);
      tags.copyWithin(other * TAG, place * TAG, (place + 1) * TAG);
      this.#values[other] = this.#values[place];
    }
    for (let i = 0; i < length; i++) this.#keys[at + i] = view.getUint8(from + i);
    tags[place * TAG] = length;
    tags[place * TAG + 1] = hash;
    this.#values[place] = value;
  }

  #isAt(place: number, hash: number, view: DataView, from: number, to: number): boolean {
    return (
      this.#tags[place * TAG] === to - from &&
      this.#tags[place * TAG + 1] === hash &&
      isSameAt(this.#view, place * this.#longest, view, from, to)
    );
  }
}

export function viewOf(octets: Uint8Array): DataView {
  return new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
}
