/**
 * Reads one payload as it comes: the text up to `<BINARY>`, then tags, and the octets of each `<DATA>`
 * counted. Nothing of an image is kept. Beyond a malformed tag nothing is read, as in libpurple.
 */
import { utf8 } from '../../../src/bytes/text.ts';
import { OctetHold } from '../../framing/octet-hold.ts';
import { dataTag } from './odc-images.ts';
import { TAG_LIMIT, TEXT_LIMIT } from './odc-limits.ts';

const BINARY = '<binary>';
const LESS = 0x3c;
const GREATER = 0x3e;

export interface PayloadListener {
  /** All of the text is there; lent. `cut`: there was more than is kept. */
  text(octets: Uint8Array, cut: boolean): void;
  imageBegins(id: string, size: number): void;
  imageOctets(octets: Uint8Array): void;
  imageEnds(): void;
  /** The rest of the payload is passed over. */
  bad(): void;
}

const State = { Text: 0, Tags: 1, Data: 2, Rest: 3 } as const;
type State = (typeof State)[keyof typeof State];

export class OdcPayload {
  readonly #hold = new OctetHold();
  #state: State = State.Text;
  /** Octets to come. */
  #left: number;
  /** Octets of the image to come. */
  #data = 0;
  /** Characters of `<binary>` that stand there. */
  #matched = 0;
  #cut = false;

  /** `passedOver`: nothing of it is read, as after a gap in it. */
  constructor(length: number, passedOver: boolean) {
    this.#left = length;
    if (passedOver) this.#state = State.Rest;
  }

  get left(): number {
    return this.#left;
  }

  /** Memory, octets. */
  get size(): number {
    return this.#hold.size;
  }

  /** The text is not complete: what is there may still be refused. */
  get isText(): boolean {
    return this.#state === State.Text;
  }

  /** octets[at, …) as far as they belong to the payload; answers where it stopped. */
  take(octets: Uint8Array, start: number, to: PayloadListener): number {
    const end = Math.min(octets.length, start + this.#left);
    this.#left -= end - start;
    for (let at = start; at < end; ) {
      if (this.#state === State.Text) at = this.#text(octets, at, end, to);
      else if (this.#state === State.Tags) at = this.#tags(octets, at, end, to);
      else if (this.#state === State.Data) at = this.#image(octets, at, end, to);
      else at = end;
    }
    if (this.#left === 0) this.#finish(to);
    return end;
  }

  #text(octets: Uint8Array, start: number, end: number, to: PayloadListener): number {
    for (let at = start; at < end; at++) {
      const octet = octets[at] ?? 0;
      const lower = octet >= 0x41 && octet <= 0x5a ? octet + 0x20 : octet;
      if (lower === BINARY.charCodeAt(this.#matched)) this.#matched += 1;
      else this.#matched = octet === LESS ? 1 : 0;
      if (this.#matched < BINARY.length) continue;
      this.#keep(octets, start, at + 1);
      this.#state = State.Tags;
      this.#say(to, this.#hold.used - (this.#cut ? 0 : BINARY.length));
      return at + 1;
    }
    this.#keep(octets, start, end);
    return end;
  }

  #keep(octets: Uint8Array, start: number, end: number): void {
    const room = TEXT_LIMIT - this.#hold.used;
    const kept = Math.min(end, start + room);
    if (kept < end) this.#cut = true;
    this.#hold.append(octets, start, kept);
  }

  #say(to: PayloadListener, length: number): void {
    to.text(this.#hold.buffer.subarray(0, Math.max(0, length)), this.#cut);
    this.#hold.release();
  }

  /** Whatever stands between tags is passed over. */
  #tags(octets: Uint8Array, start: number, end: number, to: PayloadListener): number {
    let at = start;
    if (this.#hold.used === 0) {
      const open = octets.subarray(at, end).indexOf(LESS);
      if (open === -1) return end;
      at += open;
    }
    const close = octets.subarray(at, end).indexOf(GREATER);
    const stop = close === -1 ? end : at + close + 1;
    if (this.#hold.used + stop - at > TAG_LIMIT) return this.#bad(to, end);
    this.#hold.append(octets, at, stop);
    if (close === -1) return stop;
    const tag = utf8(this.#hold.buffer, 0, this.#hold.used);
    this.#hold.release();
    if (!/^<data\b/i.test(tag)) return stop;
    const data = dataTag(tag);
    if (data === undefined || data.size > this.#left + end - stop) return this.#bad(to, end);
    this.#data = data.size;
    to.imageBegins(data.id, data.size);
    if (data.size === 0) to.imageEnds();
    else this.#state = State.Data;
    return stop;
  }

  #image(octets: Uint8Array, start: number, end: number, to: PayloadListener): number {
    const stop = Math.min(end, start + this.#data);
    this.#data -= stop - start;
    to.imageOctets(octets.subarray(start, stop));
    if (this.#data > 0) return stop;
    this.#state = State.Tags;
    to.imageEnds();
    return stop;
  }

  #bad(to: PayloadListener, end: number): number {
    this.#state = State.Rest;
    this.#hold.release();
    to.bad();
    return end;
  }

  #finish(to: PayloadListener): void {
    if (this.#state === State.Text) this.#say(to, this.#hold.used);
    this.#state = State.Rest;
    this.#hold.release();
  }
}
