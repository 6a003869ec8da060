/**
 * Entries of a sealed segment: their payload is stored as
 *
 *     nonce 12 ‖ ciphertext ‖ tag 16        AES-256-GCM, with the segment's own key
 *
 * Number and kind are bound to it, and the key is of this segment alone: an entry that was changed, moved or
 * repeated does not open. Nonces are random and not counted: where a writing fails, its number is given again.
 * A segment of 8 MiB has fewer than 2^18 of them.
 */
import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { NONCE_OCTETS, putRandom, TAG_OCTETS } from '../vault/stored-form.ts';

/** Octets that an entry is longer when it is sealed. */
export const SEAL_OCTETS = NONCE_OCTETS + TAG_OCTETS;
const CIPHER = 'aes-256-gcm';

export class SegmentSeal {
  readonly #key: KeyObject | undefined;

  /** Without a key, which its damaged header had, it opens nothing. */
  constructor(key: KeyObject | undefined) {
    this.#key = key;
  }

  /** Writes the stored form at `at` of `target`, which has the room. */
  seal(target: Buffer, at: number, bound: Uint8Array, payload: Uint8Array): void {
    if (this.#key === undefined) throw new Error('a segment without a key is not written to');
    const ciphertextAt = at + NONCE_OCTETS;
    putRandom(target, at, NONCE_OCTETS);
    const cipher = createCipheriv(CIPHER, this.#key, target.subarray(at, ciphertextAt));
    cipher.setAAD(bound);
    target.set(cipher.update(payload), ciphertextAt);
    cipher.final();
    target.set(cipher.getAuthTag(), ciphertextAt + payload.length);
  }

  /** undefined: it is not what was sealed here. */
  open(bound: Uint8Array, stored: Buffer): Buffer | undefined {
    if (this.#key === undefined || stored.length < SEAL_OCTETS) return undefined;
    const end = stored.length - TAG_OCTETS;
    const decipher = createDecipheriv(CIPHER, this.#key, stored.subarray(0, NONCE_OCTETS));
    decipher.setAAD(bound);
    decipher.setAuthTag(stored.subarray(end));
    const payload = decipher.update(stored.subarray(NONCE_OCTETS, end));
    try {
      decipher.final();
    } catch {
      return undefined;
    }
    return payload;
  }
}
