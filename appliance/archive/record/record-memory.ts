/**
 * Octets of records that are written together: one piece of memory for many envelopes, used again when the
 * database has them. What finds no room in it gets memory of its own.
 */
import { type CutLine, eventLength } from './cut-line.ts';
import { type EventHead, mostOfHead, writeEventHead } from './event-head.ts';

const PIECE = 1024 * 1024;
const CLOSE_BRACE = 0x7d;

export class RecordMemory {
  readonly #octets = Buffer.allocUnsafeSlow(PIECE);
  #used = 0;

  /** An envelope: its head, the event as it was cut from `octets`, and a brace. */
  put(head: EventHead, octets: Uint8Array, parts: CutLine): Buffer {
    const most = mostOfHead(head) + eventLength(parts) + 1;
    const own = this.#used + most > PIECE;
    const memory = own ? Buffer.allocUnsafeSlow(most) : this.#octets;
    const begin = own ? 0 : this.#used;
    let end = writeEventHead(head, memory, begin);
    const { eventFrom, eventTo, joint, restFrom, restTo } = parts;
    end = copy(octets, eventFrom, eventTo, memory, end);
    if (joint !== 0) {
      memory[end++] = joint;
      end = copy(octets, restFrom, restTo, memory, end);
    }
    memory[end++] = CLOSE_BRACE;
    if (!own) this.#used = end;
    return memory.subarray(begin, end);
  }

  /** Nobody reads what was put there before. */
  reuse(): void {
    this.#used = 0;
  }
}

/** Returns where it ends. */
function copy(from: Uint8Array, begin: number, end: number, to: Buffer, at: number): number {
  to.set(from.subarray(begin, end), at);
  return at + end - begin;
}
