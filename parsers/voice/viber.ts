/**
 * Viber's calls (nDPI viber.c; the fields from a capture of 2018): each datagram begins with a number of the flow's,
 * u16, and a kind, u16le:
 *
 *   19 00  token (8 octets), 20 octets, 00 00    34 octets     answered by 1a 00  token …       20 octets
 *   01 00  05 00, token (8 octets) …                           answered by 0c 00  n:u16, token …
 *   09 00  time (8 octets), token                20 octets     answered by 0b 00  time …
 */
import { i32be, u16be, u16le } from '../../src/bytes/read.ts';
import { echoed } from './echoed.ts';

const KINDS: ReadonlySet<number> = new Set([0x01, 0x03, 0x09, 0x0b, 0x0c, 0x11, 0x19, 0x1a, 0x1b]);

export const VIBER_CALL = echoed({
  name: 'viber-udp',
  signature: 'viber-udp',
  activity: 'call',
  reason: 'Viber call',
  isQuestion: (octets) => placeOfToken(octets, false) > 0,
  isAnswer: (octets) => placeOfToken(octets, true) > 0,
  tokenOf: (octets, isAnswer) => {
    const at = placeOfToken(octets, isAnswer);
    // The flow's number comes back too.
    return (i32be(octets, at) ^ Math.imul(i32be(octets, at + 4), 31)) + u16be(octets, 0) * 2 ** 32;
  },
  isBesides: (octets) => KINDS.has(u16le(octets, 2)),
});

/** 0: it has none. */
function placeOfToken(octets: Uint8Array, isAnswer: boolean): number {
  const { length } = octets;
  if (length < 20) return 0;
  switch (u16le(octets, 2)) {
    case 0x19:
      return !isAnswer && length === 34 && u16be(octets, 32) === 0 ? 4 : 0;
    case 0x1a:
      return isAnswer && length === 20 ? 4 : 0;
    case 0x01:
      return !isAnswer && length >= 64 && u16le(octets, 4) === 5 ? 6 : 0;
    case 0x0c:
      return isAnswer && length >= 64 ? 6 : 0;
    case 0x09:
      return !isAnswer && length === 20 ? 4 : 0;
    case 0x0b:
      return isAnswer && length === 34 ? 4 : 0;
    default:
      return 0;
  }
}
