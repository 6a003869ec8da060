/**
 * A kept file as it is stored where the archive encrypts: a key of its own (AES-256-GCM), in blocks, so that
 * neither end holds it whole and a cut or moved block does not open.
 *
 *     "sallyport file 1\n"  then for each 64 KiB of it: ciphertext ‖ tag (16)
 *     nonce = 0x00000000 ‖ number of the block, from 0, as 8 octets; its first bit set in the last one
 *
 * The last block is shorter than the others, and may be empty. The key is sealed by the vault for every
 * person whose transfer it was: who erases the last of them has erased the file. In `incoming/` it waits in the same
 * form, with another key (note-key.ts).
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { ArchiveError } from '../archive-error.ts';

export const FILE_KEY_OCTETS = 32;
const SEALED_HEAD = Buffer.from('sallyport file 1\n', 'latin1');
const BLOCK = 64 * 1024;
const TAG = 16;
const NOTHING = Buffer.alloc(0);

/** Gives `put` the stored octets of what `write` is given, and at `end` the last of them. */
export class FileSealer {
  readonly #key: Uint8Array;
  readonly #put: (stored: Uint8Array) => void;
  #block = 0;
  /** Of a block that is not full; made when there is something. */
  #part: Buffer | undefined;
  #held = 0;

  /** Where `put` throws, the file is to be given up. No number of a block is given twice, even then. */
  constructor(key: Uint8Array, put: (stored: Uint8Array) => void) {
    this.#key = key;
    this.#put = put;
  }

  write(octets: Uint8Array): void {
    for (let at = 0; at < octets.length; ) {
      if (this.#held === 0 && octets.length - at >= BLOCK) {
        this.#seal(octets.subarray(at, at + BLOCK), false);
        at += BLOCK;
      } else at += this.#hold(octets, at);
    }
  }

  end(): void {
    this.#seal(this.#part?.subarray(0, this.#held) ?? NOTHING, true);
  }

  /** Octets that were taken. */
  #hold(octets: Uint8Array, at: number): number {
    this.#part ??= Buffer.allocUnsafeSlow(BLOCK);
    const taken = Math.min(octets.length - at, BLOCK - this.#held);
    this.#part.set(octets.subarray(at, at + taken), this.#held);
    this.#held += taken;
    if (this.#held === BLOCK) {
      this.#held = 0;
      this.#seal(this.#part, false);
    }
    return taken;
  }

  #seal(octets: Uint8Array, last: boolean): void {
    const head = this.#block === 0 ? SEALED_HEAD : NOTHING;
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce(this.#block++, last));
    const sealed = cipher.update(octets);
    this.#put(Buffer.concat([head, sealed, cipher.final(), cipher.getAuthTag()]));
  }
}

/** The octets again. Throws ArchiveError where they are not what was sealed with this key. */
export async function* unsealFile(
  key: Uint8Array,
  stored: AsyncIterable<Uint8Array>,
): AsyncIterable<Buffer> {
  let waiting: Buffer = Buffer.alloc(0);
  let block = -1;
  const whole = BLOCK + TAG;
  for await (const part of stored) {
    waiting = Buffer.concat([waiting, part]);
    if (block < 0) {
      if (waiting.length < SEALED_HEAD.length) continue;
      if (!waiting.subarray(0, SEALED_HEAD.length).equals(SEALED_HEAD)) throw damaged();
      waiting = waiting.subarray(SEALED_HEAD.length);
      block = 0;
    }
    while (waiting.length >= whole) {
      yield open(key, waiting.subarray(0, whole), nonce(block++, false));
      waiting = waiting.subarray(whole);
    }
  }
  if (block < 0 || waiting.length < TAG) throw damaged();
  yield open(key, waiting, nonce(block, true));
}

function open(key: Uint8Array, sealed: Buffer, iv: Uint8Array): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, iv);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG));
  const octets = decipher.update(sealed.subarray(0, sealed.length - TAG));
  try {
    return Buffer.concat([octets, decipher.final()]);
  } catch {
    throw damaged();
  }
}

function nonce(block: number, last: boolean): Buffer {
  const octets = Buffer.alloc(12);
  octets.writeBigUInt64BE(BigInt(block) | (last ? 1n << 63n : 0n), 4);
  return octets;
}

function damaged(): ArchiveError {
  return new ArchiveError('a kept file is not what was stored');
}
