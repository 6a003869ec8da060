/**
 * Takes the protection off an Initial packet (RFC 9001 §5.3, §5.4). The sample is taken as if the packet number had
 * four octets; the mask shows how many it has. The first packets' numbers are small: they are whole as they stand.
 */
import { aesEncryptBlock } from '../../src/bytes/aes-block.ts';
import { aesGcmOpen } from '../../src/bytes/aes-gcm.ts';
import type { InitialKeys } from './initial-keys.ts';
import type { LongHeader } from './long-header.ts';

const NUMBER = 4;
const SAMPLE = 16;

/** The frames of the packet that begins at `at` and whose header was read; undefined where the keys are not its. */
export function openPacket(
  octets: Uint8Array,
  at: number,
  { bodyStart, end }: LongHeader,
  { key, iv, hp }: InitialKeys,
): Uint8Array | undefined {
  const sample = bodyStart + NUMBER;
  const mask = aesEncryptBlock(hp, octets.subarray(sample, sample + SAMPLE));
  if (mask === undefined) return undefined;
  const first = (octets[at] ?? 0) ^ ((mask[0] ?? 0) & 0x0f);
  const payload = bodyStart + (first & 3) + 1;
  // Not slice(): of a Buffer it is a view, and what is lent must not change.
  const header = new Uint8Array(octets.subarray(at, payload));
  const nonce = new Uint8Array(iv);
  header[0] = first;
  for (let i = bodyStart; i < payload; i++) {
    const octet = (octets[i] ?? 0) ^ (mask[1 + i - bodyStart] ?? 0);
    header[i - at] = octet;
    const place = nonce.length - (payload - i);
    nonce[place] = (nonce[place] ?? 0) ^ octet;
  }
  return aesGcmOpen(key, nonce, header, octets.subarray(payload, end));
}
