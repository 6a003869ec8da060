/** Text that is gathered before its place is known: in memory while it is short, else in a file of its own. */
import { appendFileSync, createReadStream, rmSync } from 'node:fs';
import type { Readable } from 'node:stream';

/** Characters in memory. */
const SHORT = 256 * 1024;
const PRIVATE_FILE = 0o600;

export class ScratchText {
  readonly #path: string;
  #pending: string[] = [];
  #length = 0;
  #inFile = false;

  /** `path`: where it goes when it is long. */
  constructor(path: string) {
    this.#path = path;
  }

  /** Characters in memory. */
  get held(): number {
    return this.#length;
  }

  add(text: string): void {
    this.#pending.push(text);
    this.#length += text.length;
    if (this.#length > SHORT) this.spill();
  }

  spill(): void {
    if (this.#length === 0) return;
    if (!this.#inFile) rmSync(this.#path, { force: true }); // of a run that was interrupted
    appendFileSync(this.#path, this.#pending.join(''), { mode: PRIVATE_FILE });
    this.#inFile = true;
    this.#pending = [];
    this.#length = 0;
  }

  /** All of it, or undefined where it is too long for memory. */
  get short(): string | undefined {
    return this.#inFile ? undefined : this.#pending.join('');
  }

  stream(): Readable {
    this.spill();
    return createReadStream(this.#path, { encoding: 'utf8' });
  }

  /** Piece by piece, in UTF-8. */
  async *pieces(): AsyncIterable<string> {
    const { short } = this;
    if (short !== undefined) yield short;
    else for await (const piece of this.stream()) yield String(piece);
  }

  remove(): void {
    this.#pending = [];
    this.#length = 0;
    if (this.#inFile) rmSync(this.#path, { force: true });
    this.#inFile = false;
  }
}
