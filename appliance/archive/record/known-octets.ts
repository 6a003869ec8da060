/**
 * What was made of octets before, found again by the octets: without making a text of them, and in bounded
 * memory. A key has two places; where both are taken, the one used longer ago is given up. So keys that
 * somebody chose to fall together cost the work of making the value again, and nothing else.
 */
import { isSameAt, mixed, settled } from './octet-runs.ts';

export class KnownOctets<Value> {
  readonly #mask: number;
  readonly #longest: number;
  readonly #keys: Buffer;
  readonly #view: DataView;
  readonly #lengths: Int32Array;
  /** What stood before the octets (see `get`). */
  readonly #behind: Float64Array;
  readonly #values: (Value | undefined)[];

  /** `places`: a power of two. `longest`: octets of a key, a multiple of 4; longer ones are not kept. */
  constructor(places: number, longest: number) {
    this.#mask = places - 1;
    this.#longest = longest;
    this.#keys = Buffer.alloc(places * longest);
    this.#view = viewOf(this.#keys);
    this.#lengths = new Int32Array(places).fill(-1);
    this.#behind = new Float64Array(places);
    this.#values = new Array<Value | undefined>(places).fill(undefined);
  }

  /** Of the octets from `from` up to `to` in `view`, behind what has the number `behind`. */
  get(view: DataView, from: number, to: number, behind = 0): Value | undefined {
    const place = hashOf(view, from, to, behind) & this.#mask;
    if (this.#isAt(place, view, from, to, behind)) return this.#values[place];
    const other = place ^ 1;
    return this.#isAt(other, view, from, to, behind) ? this.#values[other] : undefined;
  }

  /** Takes the place of what the same octets stood for. */
  set(view: DataView, from: number, to: number, value: Value, behind = 0): void {
    const length = to - from;
    if (length > this.#longest) return;
    const place = hashOf(view, from, to, behind) & this.#mask;
    const at = place * this.#longest;
    const other = (place ^ 1) * this.#longest;
    const before = this.#lengths[place] ?? -1;
    if (before !== -1 && !this.#isAt(place, view, from, to, behind)) {
      this.#keys.copyWithin(other, at, at + before);
      this.#lengths[place ^ 1] = before;
      this.#behind[place ^ 1] = this.#behind[place] ?? 0;
      this.#values[place ^ 1] = this.#values[place];
    }
    for (let i = 0; i < length; i++) this.#keys[at + i] = view.getUint8(from + i);
    this.#lengths[place] = length;
    this.#behind[place] = behind;
    this.#values[place] = value;
  }

  #isAt(place: number, view: DataView, from: number, to: number, behind: number): boolean {
    return (
      this.#lengths[place] === to - from &&
      this.#behind[place] === behind &&
      isSameAt(this.#view, place * this.#longest, view, from, to)
    );
  }
}

export function viewOf(octets: Uint8Array): DataView {
  return new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
}

function hashOf(view: DataView, from: number, to: number, behind: number): number {
  return settled(mixed((to - from) ^ Math.imul(behind, 0x85ebca6b), view, from, to));
}
