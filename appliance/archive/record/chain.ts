/**
 * The chain that proves the record: contract.ts says what is hashed. Anybody with SHA-256 can check it.
 *
 *     leaf = SHA-256("sallyport record 1\n" ‖ sequence, 8 octets big-endian ‖ envelope)
 *     hash = SHA-256(hash of the record before ‖ leaf)
 */
import { hash } from 'node:crypto';

const DOMAIN = Buffer.from('sallyport record 1\n', 'latin1');
const HASH_OCTETS = 32;
const SEQUENCE_OCTETS = 8;
/** Of an envelope hashed without allocating; larger ones are rare. */
const SCRATCH_OCTETS = 64 * 1024;
/** Hashes that stand in one piece of memory. */
const HASHES = 256;

/** Stands before record 1. */
export const NO_HASH: Uint8Array = new Uint8Array(HASH_OCTETS);

const scratch = Buffer.alloc(DOMAIN.length + SEQUENCE_OCTETS + SCRATCH_OCTETS);
DOMAIN.copy(scratch);
const pair = Buffer.alloc(2 * HASH_OCTETS);

/** SHA-256 of content as it is stored, hex. */
export function contentDigest(stored: Uint8Array): string {
  return hash('sha256', stored, 'hex');
}

export function leafOf(sequence: number, envelope: Uint8Array): Buffer {
  return sha256(leafOctets(sequence, envelope));
}

/** Lent until it is called again. */
function leafOctets(sequence: number, envelope: Uint8Array): Buffer {
  const head = DOMAIN.length + SEQUENCE_OCTETS;
  const octets =
    envelope.length <= SCRATCH_OCTETS
      ? scratch.subarray(0, head + envelope.length)
      : Buffer.concat([DOMAIN, Buffer.alloc(SEQUENCE_OCTETS + envelope.length)]);
  let rest = sequence;
  for (let at = head - 1; at >= DOMAIN.length; at--) {
    octets[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  octets.set(envelope, head);
  return octets;
}

/** The chain as it goes on: the same as `nextHash` of one `leafOf` after the other. */
export class Chain {
  /** Hash of the record before, and the leaf of this one. */
  readonly #pair = Buffer.alloc(2 * HASH_OCTETS);
  #hashes = Buffer.alloc(0);
  #used = 0;

  constructor(before: Uint8Array) {
    this.#pair.set(before);
  }

  /** The hash after this record. */
  add(sequence: number, envelope: Uint8Array): Buffer {
    const pair = this.#pair;
    const leaf = digest(leafOctets(sequence, envelope));
    for (let i = 0; i < HASH_OCTETS; i++) pair[HASH_OCTETS + i] = leaf.charCodeAt(i);
    if (this.#used === this.#hashes.length) {
      this.#hashes = Buffer.allocUnsafeSlow(HASHES * HASH_OCTETS);
      this.#used = 0;
    }
    const hashes = this.#hashes;
    const begin = this.#used;
    const next = digest(pair);
    for (let i = 0; i < HASH_OCTETS; i++) {
      const octet = next.charCodeAt(i);
      pair[i] = octet;
      hashes[begin + i] = octet;
    }
    this.#used = begin + HASH_OCTETS;
    return hashes.subarray(begin, begin + HASH_OCTETS);
  }
}

export function nextHash(before: Uint8Array, leaf: Uint8Array): Buffer {
  pair.set(before, 0);
  pair.set(leaf, HASH_OCTETS);
  return sha256(pair);
}

function sha256(octets: Uint8Array): Buffer {
  return Buffer.from(digest(octets), 'latin1');
}

/** An octet a character: octets that crypto makes have memory of their own, which costs more than the hash. */
function digest(octets: Uint8Array): string {
  return hash('sha256', octets, 'binary');
}
