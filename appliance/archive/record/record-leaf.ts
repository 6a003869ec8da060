/**
 * The envelope of one record, put together where its leaf is hashed: behind the octets that stand before it there.
 * Used again for each record.
 */
import { digest, LEAF_HEAD_OCTETS, leafMemory, putSequence } from './chain.ts';
import { type CutLine, eventLength } from './cut-line.ts';
import { type EventHead, mostOfHead, writeEventHead } from './event-head.ts';

/** Octets of an envelope; larger ones, which are rare, get memory of their own. */
const ROOM = 64 * 1024;
const CLOSE_BRACE = 0x7d;

export class RecordLeaf {
  readonly #room = leafMemory(ROOM);
  #memory = this.#room;
  #end = LEAF_HEAD_OCTETS;

  /** An envelope: its head, the event as it was cut from `octets`, and a brace. */
  putEvent(head: EventHead, octets: Uint8Array, parts: CutLine): void {
    const memory = this.#take(mostOfHead(head) + eventLength(parts) + 1);
    const { eventFrom, eventTo, joint, restFrom, restTo } = parts;
    let end = writeEventHead(head, memory, LEAF_HEAD_OCTETS);
    end = copy(octets, eventFrom, eventTo, memory, end);
    if (joint !== 0) {
      memory[end++] = joint;
      end = copy(octets, restFrom, restTo, memory, end);
    }
    memory[end++] = CLOSE_BRACE;
    this.#end = end;
  }

  putEnvelope(envelope: Uint8Array): void {
    this.#take(envelope.length).set(envelope, LEAF_HEAD_OCTETS);
    this.#end = LEAF_HEAD_OCTETS + envelope.length;
  }

  /** Lent until the next one is put. */
  get envelope(): Uint8Array {
    const { buffer, byteOffset } = this.#memory;
    const length = this.#end - LEAF_HEAD_OCTETS;
    return new Uint8Array(buffer, byteOffset + LEAF_HEAD_OCTETS, length);
  }

  /** The leaf, an octet a character. */
  hash(sequence: number): string {
    putSequence(this.#memory, sequence);
    const { buffer, byteOffset } = this.#memory;
    return digest(new Uint8Array(buffer, byteOffset, this.#end));
  }

  #take(envelope: number): Buffer {
    this.#memory = envelope <= ROOM ? this.#room : leafMemory(envelope);
    return this.#memory;
  }
}

/** Returns where it ends. */
function copy(from: Uint8Array, begin: number, end: number, to: Buffer, at: number): number {
  to.set(new Uint8Array(from.buffer, from.byteOffset + begin, end - begin), at);
  return at + end - begin;
}
