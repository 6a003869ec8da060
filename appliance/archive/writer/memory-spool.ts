/** Lines that wait in memory: of a replay, which goes on only as fast as the database takes them. */

import type { Added } from '../spool/spool.ts';
import { EntryKind, type SpoolEntry } from '../spool/spool-entry.ts';
import type { SpoolPosition } from '../spool/spool-position.ts';
import type { SpoolRead } from '../spool/spool-reader.ts';

const LINE_FEED = 0x0a;

interface Held {
  readonly kind: EntryKind;
  readonly octets: Buffer;
  readonly at: number;
}

export class MemorySpool {
  readonly isLocked = false;
  readonly #held: Held[] = [];
  /** Of the first that is held: octets read. */
  #read = 0;
  #number = 0;
  /** Of messages that were read through and are not acknowledged: the number of their last line. */
  readonly #passed: number[] = [];
  #octets = 0;
  readonly #done: () => void;

  /** `done` is told of each message of lines that the database has. */
  constructor(done: () => void) {
    this.#done = done;
  }

  /** What is in memory is not sealed. */
  unlock(): void {}

  get octets(): number {
    return this.#octets;
  }

  get isDrained(): boolean {
    return this.#held.length === 0;
  }

  get oldest(): number | undefined {
    return this.#held[0]?.at;
  }

  /** `lines`: whole ones, one at least, each with its line feed. */
  add(kind: EntryKind, lines: Uint8Array): Added {
    const octets = Buffer.from(lines.buffer, lines.byteOffset, lines.length);
    this.#held.push({ kind, octets, at: Date.now() });
    this.#octets += lines.length;
    return { taken: 0, refused: 0 };
  }

  read(mostEntries: number, mostOctets: number): SpoolRead {
    const entries: SpoolEntry[] = [];
    let octets = 0;
    let [held] = this.#held;
    while (held !== undefined && entries.length < mostEntries && octets < mostOctets) {
      const end = held.octets.indexOf(LINE_FEED, this.#read);
      const payload = held.octets.subarray(this.#read, end);
      this.#number += 1;
      entries.push({ number: this.#number, kind: held.kind, payload, size: payload.length + 1 });
      octets += payload.length + 1;
      this.#read = end + 1;
      if (this.#read < held.octets.length) continue;
      this.#held.shift();
      this.#octets -= held.octets.length;
      if (held.kind === EntryKind.Event) this.#passed.push(this.#number);
      this.#read = 0;
      [held] = this.#held;
    }
    const position = { generation: 1, number: this.#number };
    return { entries, position, missing: 0, torn: 0 };
  }

  acknowledge({ number }: SpoolPosition): void {
    for (; (this.#passed[0] ?? Infinity) <= number; this.#passed.shift()) this.#done();
  }
}
