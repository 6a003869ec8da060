/**
 * LINE's calls, from captures of 2021 and 2024 (nDPI line.c knows some of the values):
 *
 *   110110 kind (6 bits), length of what follows the first four octets (10 bits), sequence:u16, 06 02, call (16 octets) …
 *
 * begins a call in both directions; what follows has 110100 and the same length.
 */
import { u16be } from '../../src/bytes/read.ts';
import { oneDatagram } from './one-datagram.ts';

const BEGINNING = 0b110110;
const HEADER = 4; // octets
const SHORTEST = 100;

export const LINE_CALL = oneDatagram({
  name: 'line-call',
  activity: 'call',
  firstOctets: '\xd8\xd9\xda\xdb',
  reason: 'LINE call',
  signatureOf: (_direction, octets) => (isLine(octets) ? 'line-call' : undefined),
});

function isLine(octets: Uint8Array): boolean {
  if (octets.length < SHORTEST) return false;
  const head = u16be(octets, 0);
  return (
    head >> 10 === BEGINNING &&
    (head & 0x3ff) + HEADER === octets.length &&
    octets[HEADER] === 0x06 &&
    octets[HEADER + 1] === 0x02
  );
}
