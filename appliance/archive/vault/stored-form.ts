/**
 * Content as it is stored, in both forms. `number` is of the data key in keys.db.
 *
 *     0x00 ‖ 16 random octets ‖ JSON
 *     0x01 ‖ number, 4 octets big-endian ‖ nonce, 12 ‖ ciphertext of the JSON ‖ tag, 16
 *
 * The random octets keep what was erased secret: its digest stays in the envelope, and without them a short
 * text could be found by hashing guesses.
 */
import { randomFillSync } from 'node:crypto';
import { ArchiveError } from '../archive-error.ts';

export const PLAIN = 0x00;
export const SEALED = 0x01;

export const SALT_OCTETS = 16;
export const NONCE_OCTETS = 12;
export const TAG_OCTETS = 16;
const NUMBER_AT = 1;
export const NONCE_AT = 5;
export const CIPHERTEXT_AT = NONCE_AT + NONCE_OCTETS;

/** Random octets are fetched this many at a time: a call for each record would cost more than the cipher. */
const POOL_OCTETS = 16 * 1024;
const pool = Buffer.alloc(POOL_OCTETS);
let used = POOL_OCTETS;

/** Writes `count` random octets into `target`. */
export function putRandom(target: Buffer, at: number, count: number): void {
  if (used + count > POOL_OCTETS) {
    randomFillSync(pool);
    used = 0;
  }
  for (let i = 0; i < count; i++) {
    target[at + i] = pool[used + i] as number;
    // What was handed out must not be in memory twice.
    pool[used + i] = 0;
  }
  used += count;
}

export function storePlain(content: Uint8Array): Buffer {
  const stored = Buffer.allocUnsafe(1 + SALT_OCTETS + content.length);
  stored[0] = PLAIN;
  putRandom(stored, 1, SALT_OCTETS);
  stored.set(content, 1 + SALT_OCTETS);
  return stored;
}

export function isPlain(stored: Uint8Array): boolean {
  return stored[0] === PLAIN && stored.length > SALT_OCTETS;
}

/** Throws ArchiveError: these are not octets that `storePlain` made. */
export function readPlain(id: string, stored: Uint8Array): Uint8Array {
  if (!isPlain(stored)) throw damaged(id, 'its stored form is unknown');
  return stored.subarray(1 + SALT_OCTETS);
}

/** Of sealed content, its key. Throws ArchiveError. */
export function keyNumber(id: string, stored: Uint8Array): number {
  if (stored[0] !== SEALED || stored.length < CIPHERTEXT_AT + TAG_OCTETS) {
    throw damaged(id, 'its stored form is unknown');
  }
  return view(stored).readUInt32BE(NUMBER_AT);
}

export function putHeader(stored: Buffer, number: number): void {
  stored[0] = SEALED;
  stored.writeUInt32BE(number, NUMBER_AT);
}

export function damaged(id: string, why: string): ArchiveError {
  return new ArchiveError(`content of event ${id} cannot be read: ${why}`);
}

export function view(octets: Uint8Array): Buffer {
  return Buffer.isBuffer(octets)
    ? octets
    : Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
}
