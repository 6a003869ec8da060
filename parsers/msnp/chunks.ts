/**
 * Long messages come in parts (dossier msnp.md §6): the first carries `Message-ID`, `Chunks: n` and
 * the headers of the whole, the others `Message-ID` and `Chunk: 1` to n-1. Put together they are one
 * payload, as if it had come whole.
 */
import { boundedCopy } from '../../src/bytes/text.ts';
import { CHUNKED_LIMIT, CHUNKS_LIMIT, NAME_LIMIT } from './msnp-limits.ts';

/** Octets that all chunked messages of a flow may hold together. */
export interface Budget {
  octets: number;
}

export const Chunked = {
  /** Kept; others are missing. */
  More: 0,
  /** This was the last one. */
  Whole: 1,
  /** It belongs to none, or came before. */
  Bad: 2,
  /** More than is kept: the message it belongs to is forgotten. */
  Full: 3,
} as const;
export type Chunked = (typeof Chunked)[keyof typeof Chunked];

interface Message {
  readonly parts: (Uint8Array | undefined)[];
  missing: number;
  octets: number;
}

const NOTHING = new Uint8Array(0);

export class Chunks {
  readonly #budget: Budget;
  readonly #messages = new Map<string, Message>();
  #whole: Uint8Array = NOTHING;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** The first part: headers and body, of `count` parts. An unfinished one of the same name is dropped. */
  first(key: string, count: number, buffer: Uint8Array, start: number, end: number): Chunked {
    this.#drop(key);
    if (count < 2) return Chunked.Bad;
    if (count > CHUNKS_LIMIT) return Chunked.Full;
    let full = false;
    if (this.#messages.size >= CHUNKED_LIMIT) {
      full = true;
      for (const oldest of this.#messages.keys()) {
        this.#drop(oldest);
        break;
      }
    }
    const parts = new Array<Uint8Array | undefined>(count).fill(undefined);
    this.#messages.set(boundedCopy(key, 2 * NAME_LIMIT), { parts, missing: count, octets: 0 });
    const answer = this.#keep(key, 0, buffer, start, end);
    return full ? Chunked.Full : answer;
  }

  /** A further part's body. */
  part(key: string, index: number, buffer: Uint8Array, start: number, end: number): Chunked {
    return index < 1 ? Chunked.Bad : this.#keep(key, index, buffer, start, end);
  }

  /** Something is missing: none of those under way will be whole. */
  clear(): void {
    for (const key of [...this.#messages.keys()]) this.#drop(key);
  }

  /** After Chunked.Whole: the message, once. */
  take(): Uint8Array {
    const whole = this.#whole;
    this.#whole = NOTHING;
    return whole;
  }

  held(): number {
    let octets = 0;
    for (const [key, { parts, octets: used }] of this.#messages) {
      octets += 256 + 2 * key.length + 16 * parts.length + used;
    }
    return octets;
  }

  #keep(key: string, index: number, buffer: Uint8Array, start: number, end: number): Chunked {
    const message = this.#messages.get(key);
    if (message === undefined || index >= message.parts.length) return Chunked.Bad;
    if (message.parts[index] !== undefined) return Chunked.Bad;
    const length = end - start;
    if (length > this.#budget.octets) {
      this.#drop(key);
      return Chunked.Full;
    }
    this.#budget.octets -= length;
    message.octets += length;
    message.parts[index] = buffer.slice(start, end);
    message.missing -= 1;
    if (message.missing > 0) return Chunked.More;
    this.#whole = joined(message);
    this.#drop(key);
    return Chunked.Whole;
  }

  #drop(key: string): void {
    const message = this.#messages.get(key);
    if (message === undefined) return;
    this.#budget.octets += message.octets;
    this.#messages.delete(key);
  }
}

function joined({ parts, octets }: Message): Uint8Array {
  const whole = new Uint8Array(octets);
  let at = 0;
  for (const part of parts) {
    if (part === undefined) continue;
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
