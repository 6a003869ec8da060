/**
 * DNS messages as they lie in a datagram (RFC 1035 §4), read in place and within bounds:
 *
 *   header 12 octets: id, flags, counts of questions, answers, authorities, additionals, u16 each
 *   question = name type class        record = name type class ttl:u32 length:u16 data
 *   name = *( length label ) 0, or with a pointer (c0 + 14 bits) to where the rest stands, earlier
 */
import { hostName } from '../../src/bytes/host-name.ts';
import { u16be } from '../../src/bytes/read.ts';

export const HEADER = 12;
const POINTER = 0xc0;
const LABELS = 32; // of the names looked for there are a handful
const JUMPS = 16;
const NAME_OCTETS = 255; // RFC 1035 §3.1
const DOT = 0x2e;
const scratch = new Uint8Array(NAME_OCTETS);

/** Where the name at `at` ends in place, its pointer not followed; -1 where it does not end. */
export function endOfName(octets: Uint8Array, at: number): number {
  let end = at;
  for (let n = 0; n <= LABELS * 4; n++) {
    const length = octets[end];
    if (length === undefined) return -1;
    if (length === 0) return end + 1;
    if (length >= POINTER) return end + 2 <= octets.length ? end + 2 : -1;
    if (length > 63) return -1;
    end += 1 + length;
  }
  return -1;
}

/** The labels of one name, pointers followed. Reused: a name is valid until the next is read. */
export class DnsName {
  readonly #starts = new Int32Array(LABELS);
  readonly #octets = new Int32Array(LABELS);
  count = 0;

  /** False where the name is malformed, loops, or is too long. */
  read(octets: Uint8Array, from: number): boolean {
    this.count = 0;
    let at = from;
    let jumps = 0;
    let sum = 0;
    for (;;) {
      const length = octets[at];
      if (length === undefined) return false;
      if (length === 0) return true;
      if (length >= POINTER) {
        const target = u16be(octets, at) & 0x3fff;
        // A pointer says where the name stood before: never forwards, and no loop.
        if (at + 2 > octets.length || target >= at || ++jumps > JUMPS) return false;
        at = target;
        continue;
      }
      sum += 1 + length;
      const ends = at + 1 + length <= octets.length;
      if (length > 63 || !ends || this.count === LABELS || sum > NAME_OCTETS) return false;
      this.#starts[this.count] = at + 1;
      this.#octets[this.count++] = length;
      at += 1 + length;
    }
  }

  /**
   * In lower case, with dots; undefined where it is no name that a host could have. Labels up to the last that none
   * could have are left out: `*.teams.example` is asked for, too.
   */
  text(octets: Uint8Array): string | undefined {
    let first = this.count;
    while (first > 0 && isLabel(octets, this.start(first - 1), this.end(first - 1))) first -= 1;
    let used = 0;
    for (let i = first; i < this.count; i++) {
      if (i > first) scratch[used++] = DOT;
      for (let at = this.start(i); at < this.end(i); at++) scratch[used++] = octets[at] ?? 0;
    }
    return hostName(scratch, 0, used);
  }

  /** A number for the name, whatever its case: the same for the same name, and hardly for others. */
  hash(octets: Uint8Array): number {
    let hash = 0x811c9dc5; // FNV-1a
    for (let i = 0; i < this.count; i++) {
      hash = Math.imul(hash ^ (this.end(i) - this.start(i)), 0x01000193);
      for (let at = this.start(i); at < this.end(i); at++) {
        const octet = octets[at] ?? 0;
        hash = Math.imul(
          hash ^ (octet >= 0x41 && octet <= 0x5a ? octet + 0x20 : octet),
          0x01000193,
        );
      }
    }
    return hash;
  }

  start(i: number): number {
    return this.#starts[i] ?? 0;
  }

  end(i: number): number {
    return this.start(i) + (this.#octets[i] ?? 0);
  }
}

/** One record; `next` is where the following one stands. */
export class DnsRecord {
  name = 0;
  type = 0;
  ttl = 0;
  data = 0;
  next = 0;

  /** False where none stands at `at`. */
  read(octets: Uint8Array, at: number): boolean {
    const end = endOfName(octets, at);
    if (end === -1 || end + 10 > octets.length) return false;
    this.name = at;
    this.type = u16be(octets, end);
    this.ttl = u16be(octets, end + 4) * 0x1_0000 + u16be(octets, end + 6);
    this.data = end + 10;
    this.next = this.data + u16be(octets, end + 8);
    return this.next <= octets.length;
  }
}

/** Letters, digits, `-` and `_`. */
function isLabel(octets: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const octet = octets[at] ?? 0;
    const folded = octet | 0x20;
    const isDigit = octet >= 0x30 && octet <= 0x39;
    const isLetter = folded >= 0x61 && folded <= 0x7a;
    if (!isDigit && !isLetter && octet !== 0x2d && octet !== 0x5f) return false;
  }
  return true;
}
