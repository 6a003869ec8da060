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
/** Of an envelope hashed without memory of its own; larger ones are rare. */
const SCRATCH_OCTETS = 64 * 1024;
/** Stands before record 1. */
export const NO_HASH: Uint8Array = new Uint8Array(HASH_OCTETS);

/** Octets that stand before the envelope in what a leaf is the hash of. */
export const LEAF_HEAD_OCTETS = DOMAIN.length + SEQUENCE_OCTETS;

const scratch = leafMemory(SCRATCH_OCTETS);
const pair = Buffer.alloc(2 * HASH_OCTETS);

/** SHA-256 of content as it is stored, hex. */
export function contentDigest(stored: Uint8Array): string {
  return hash('sha256', stored, 'hex');
}

/** Room for an envelope of so many octets, behind what stands before it. */
export function leafMemory(envelope: number): Buffer {
  const memory = Buffer.alloc(LEAF_HEAD_OCTETS + envelope);
  DOMAIN.copy(memory);
  return memory;
}

export function putSequence(memory: Buffer, sequence: number): void {
  let rest = sequence;
  for (let at = LEAF_HEAD_OCTETS - 1; at >= DOMAIN.length; at--) {
    const next = Math.floor(rest / 256);
    memory[at] = rest - next * 256;
    rest = next;
  }
}

export function leafOf(sequence: number, envelope: Uint8Array): Buffer {
  const memory = envelope.length <= SCRATCH_OCTETS ? scratch : leafMemory(envelope.length);
  putSequence(memory, sequence);
  memory.set(envelope, LEAF_HEAD_OCTETS);
  return sha256(memory.subarray(0, LEAF_HEAD_OCTETS + envelope.length));
}

/** The chain as it goes on: the same as `nextHash` of one `leafOf` after the other. */
export class Chain {
  /** Hash of the record before, and the leaf of this one. */
  readonly #pair = Buffer.alloc(2 * HASH_OCTETS);
  /** Of the last record; lent until the next one is added. */
  readonly hash: Buffer = this.#pair.subarray(0, HASH_OCTETS);

  constructor(before: Uint8Array) {
    this.#pair.set(before);
  }

  /** `leaf`: an octet a character. Returns the hash after this record. */
  add(leaf: string): Buffer {
    const pair = this.#pair;
    for (let i = 0; i < HASH_OCTETS; i++) pair[HASH_OCTETS + i] = leaf.charCodeAt(i);
    const next = digest(pair);
    for (let i = 0; i < HASH_OCTETS; i++) pair[i] = next.charCodeAt(i);
    return this.hash;
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
export function digest(octets: Uint8Array): string {
  return hash('sha256', octets, 'binary');
}
