/**
 * What was made of octets before, found again by the octets: without making a text of them, and in bounded
 * memory. A key has two places; where both are taken, the one used longer ago is given up. So keys that
 * somebody chose to fall together cost the work of making the value again, and nothing else.
 */
const FACTOR = 0x9e3779b1; // 2^32 / golden ratio: what differs in a few bits ends far apart

export class KnownOctets<Value> {
  readonly #mask: number;
  readonly #longest: number;
  readonly #keys: Buffer;
  readonly #view: DataView;
  readonly #lengths: Int32Array;
  readonly #values: (Value | undefined)[];

  /** `places`: a power of two. `longest`: octets of a key, a multiple of 4; longer ones are not kept. */
  constructor(places: number, longest: number) {
    this.#mask = places - 1;
    this.#longest = longest;
    this.#keys = Buffer.alloc(places * longest);
    this.#view = viewOf(this.#keys);
    this.#lengths = new Int32Array(places).fill(-1);
    this.#values = new Array<Value | undefined>(places).fill(undefined);
  }

  /** Of the octets from `from` up to `to` in `view`. */
  get(view: DataView, from: number, to: number): Value | undefined {
    const place = hashOf(view, from, to) & this.#mask;
    if (this.#isAt(place, view, from, to)) return this.#values[place];
    const other = place ^ 1;
    return this.#isAt(other, view, from, to) ? this.#values[other] : undefined;
  }

  /** Takes the place of what the same octets stood for. */
  set(view: DataView, from: number, to: number, value: Value): void {
    const length = to - from;
    if (length > this.#longest) return;
    const place = hashOf(view, from, to) & this.#mask;
    const at = place * this.#longest;
    const other = (place ^ 1) * this.#longest;
    const before = this.#lengths[place] ?? -1;
    if (before !== -1 && !this.#isAt(place, view, from, to)) {
      this.#keys.copyWithin(other, at, at + before);
      this.#lengths[place ^ 1] = before;
      this.#values[place ^ 1] = this.#values[place];
    }
    for (let i = 0; i < length; i++) this.#keys[at + i] = view.getUint8(from + i);
    this.#lengths[place] = length;
    this.#values[place] = value;
  }

  #isAt(place: number, view: DataView, from: number, to: number): boolean {
    const length = to - from;
    if (this.#lengths[place] !== length) return false;
    const keys = this.#view;
    const at = place * this.#longest;
    let i = 0;
    for (; i + 4 <= length; i += 4) {
      if (keys.getInt32(at + i) !== view.getInt32(from + i)) return false;
    }
    for (; i < length; i++) if (keys.getUint8(at + i) !== view.getUint8(from + i)) return false;
    return true;
  }
}

export function viewOf(octets: Uint8Array): DataView {
  return new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
}

function hashOf(view: DataView, from: number, to: number): number {
  let hash = to - from;
  let at = from;
  for (; at + 4 <= to; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at), FACTOR);
    hash ^= hash >>> 15;
  }
  for (; at < to; at++) hash = Math.imul(hash ^ view.getUint8(at), FACTOR);
  return hash ^ (hash >>> 16);
}
