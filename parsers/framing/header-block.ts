/**
 * A block of `Name: value` lines ended by an empty line, as MIME, HTTP, SIP, MSRP and MSNP payloads have
 * it (RFC 822 §3.1, RFC 9112 §5). Read in place: strings are made only for values that are asked for.
 *
 * Lines end in CR LF or LF; a line that begins with white space goes on with the one before (folding);
 * a line without a colon is passed over and counted. Names are compared without case.
 */
import { find } from '../../src/bytes/find.ts';
import { utf8 } from '../../src/bytes/text.ts';

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;
const TAB = 0x09;
const NOTHING = new Uint8Array(0);
/** Fields that are looked at in one block; what is beyond is counted in `refused`. */
export const FIELDS_LIMIT = 256;

export class HeaderBlock {
  #buffer: Uint8Array = NOTHING;
  /** Four numbers a field: name [start, end), value [start, end). */
  readonly #ranges: number[] = [];
  /** Lines that are no field, and fields beyond the limit. */
  refused = 0;
  /** Fields that go on over more than one line. */
  folded = 0;

  /**
   * Reads the block at buffer[start, end), which is kept until `clear`. Where the octets after its
   * empty line begin, or -1 where the empty line is missing: the fields there are, are known then, too.
   */
  read(buffer: Uint8Array, start: number, end: number): number {
    this.#buffer = buffer;
    this.#ranges.length = 0;
    this.refused = 0;
    this.folded = 0;
    let at = start;
    while (at < end) {
      const found = find(buffer, LF, at, end);
      const stop = found === -1 ? end : found;
      const last = stop > at && buffer[stop - 1] === CR ? stop - 1 : stop;
      if (last === at && stop < end) return stop + 1;
      this.#line(at, last);
      at = stop + 1;
    }
    return -1;
  }

  /** Nothing lent is kept. */
  clear(): void {
    this.#buffer = NOTHING;
    this.#ranges.length = 0;
  }

  get size(): number {
    return this.#ranges.length >> 2;
  }

  /** Text of the first field of this name (lower case), or undefined; white space around it is gone. */
  value(name: string): string | undefined {
    const i = this.#find(name, 0);
    return i === -1 ? undefined : this.#text(i);
  }

  /** All of them, in order. */
  values(name: string): string[] {
    const found: string[] = [];
    for (let i = this.#find(name, 0); i !== -1; i = this.#find(name, i + 4)) {
      found.push(this.#text(i));
    }
    return found;
  }

  /** How many fields have this name. */
  count(name: string): number {
    let count = 0;
    for (let i = this.#find(name, 0); i !== -1; i = this.#find(name, i + 4)) count += 1;
    return count;
  }

  /** Name (as written) and text of the n-th field. */
  field(n: number): { readonly name: string; readonly value: string } | undefined {
    const i = n * 4;
    if (i >= this.#ranges.length) return undefined;
    const name = utf8(this.#buffer, this.#ranges[i] ?? 0, this.#ranges[i + 1] ?? 0);
    return { name, value: this.#text(i) };
  }

  /** Where the value of the first field of this name stands: [start, end) of the buffer read. */
  range(name: string): readonly [number, number] | undefined {
    const i = this.#find(name, 0);
    return i === -1 ? undefined : [this.#ranges[i + 2] ?? 0, this.#ranges[i + 3] ?? 0];
  }

  /** The first field of this name as a decimal number of at most 15 digits; undefined otherwise. */
  decimal(name: string): number | undefined {
    const text = this.value(name);
    return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  }

  #line(start: number, end: number): void {
    const first = this.#buffer[start];
    const ranges = this.#ranges;
    if ((first === SPACE || first === TAB) && ranges.length > 0) {
      ranges[ranges.length - 1] = end;
      this.folded += 1;
      return;
    }
    const colon = find(this.#buffer, COLON, start, end);
    if (colon === -1 || colon === start || ranges.length >= 4 * FIELDS_LIMIT) {
      this.refused += 1;
      return;
    }
    let nameEnd = colon;
    while (nameEnd > start && isBlank(this.#buffer[nameEnd - 1])) nameEnd--;
    ranges.push(start, nameEnd, colon + 1, end);
  }

  #text(i: number): string {
    const text = utf8(this.#buffer, this.#ranges[i + 2] ?? 0, this.#ranges[i + 3] ?? 0).trim();
    return text.includes('\n') ? text.replace(/\r?\n[ \t]+/g, ' ') : text;
  }

  #find(name: string, from: number): number {
    for (let i = from; i < this.#ranges.length; i += 4) {
      if (this.#isNamed(i, name)) return i;
    }
    return -1;
  }

  #isNamed(i: number, name: string): boolean {
    const start = this.#ranges[i] ?? 0;
    if ((this.#ranges[i + 1] ?? 0) - start !== name.length) return false;
    for (let n = 0; n < name.length; n++) {
      let c = this.#buffer[start + n] ?? 0;
      if (c >= 0x41 && c <= 0x5a) c += 0x20;
      if (c !== name.charCodeAt(n)) return false;
    }
    return true;
  }
}

function isBlank(octet: number | undefined): boolean {
  return octet === SPACE || octet === TAB;
}
