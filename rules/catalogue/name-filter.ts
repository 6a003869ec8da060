/**
 * Which names are surely nobody's, told by the octets of their last two labels: those of a pattern are literal, and a
 * pattern of one label is a whole name (host-pattern.ts). What is not ruled out has to be asked for by name.
 */

const DOT = 0x2e;
/** Bits of the set: a few thousand names rule out all but some percent of the others. */
const BITS = 1 << 17;
const BASIS = 0x811c9dc5 | 0; // FNV-1a
const PRIME = 0x01000193;

export class NameFilter {
  readonly #words = new Int32Array(BITS / 32);

  /** `pattern` is one that hostPatternFault lets pass. */
  add(pattern: string): void {
    const octets = Buffer.from(pattern, 'latin1');
    const bit = bitOf(octets, 0, octets.length);
    this.#words[bit >> 5] = (this.#words[bit >> 5] ?? 0) | (1 << (bit & 31));
  }

  /** False: no name of the catalogue is buffer[start, end), in either case, with or without a dot at its end. */
  mayHold(buffer: Uint8Array, start: number, end: number): boolean {
    const last = end > start && buffer[end - 1] === DOT ? end - 1 : end;
    const bit = bitOf(buffer, start, last);
    return ((this.#words[bit >> 5] ?? 0) & (1 << (bit & 31))) !== 0;
  }
}

/** Of the last two labels, read from the right. */
function bitOf(buffer: Uint8Array, start: number, end: number): number {
  let hash = BASIS;
  let dots = 0;
  for (let at = end - 1; at >= start; at--) {
    const octet = buffer[at] ?? 0;
    if (octet === DOT && ++dots === 2) break;
    const folded = octet >= 0x41 && octet <= 0x5a ? octet + 0x20 : octet;
    hash = Math.imul(hash ^ folded, PRIME);
  }
  return (hash ^ (hash >>> 15)) & (BITS - 1);
}
