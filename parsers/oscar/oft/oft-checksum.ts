/**
 * The checksum of OFT headers, in their upper 16 bits: 0xffff less the ones' complement sum of the
 * content's 16-bit big-endian words, an odd last octet padded with 0. 0 and 0xffff are the same number
 * in ones' complement, and stand for "not computed" in headers.
 *
 * Source: behaviour of libpurple; the captures puzzle1-anns-bad-aim and aim-files-libpurple243 agree.
 */
import { addWords } from '../../../src/bytes/checksum.ts';

const MODULUS = 0xffff;
const PIECE = 32_768; // octets summed at a time: addWords allows 64 KiB

export class OftChecksum {
  #sum = 0; // below 0xffff
  /** The next octet is the second of its word. */
  #odd = false;

  add(octets: Uint8Array): void {
    let at = 0;
    if (this.#odd && octets.length > 0) {
      this.#sum += octets[0] ?? 0;
      at = 1;
      this.#odd = false;
    }
    for (; at < octets.length; at += PIECE) {
      const end = Math.min(octets.length, at + PIECE);
      this.#sum = (this.#sum + addWords(octets, at, end, 0)) % MODULUS;
      this.#odd = ((end - at) & 1) === 1;
    }
  }

  /** Whether a header's field, where it tells, is that of all octets added. */
  agrees(field: number): boolean {
    const told = field >>> 16;
    if (told === 0 || told === MODULUS) return true;
    return (MODULUS - (this.#sum % MODULUS)) % MODULUS === told % MODULUS;
  }
}
