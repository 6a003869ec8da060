/**
 * Lines to a file descriptor, written synchronously in blocks: whoever reads slower than we write
 * slows us down, and memory stays at one block. (A stream would queue what a slow reader leaves.)
 */
import { closeSync, writeSync } from 'node:fs';
import { BrokenPipe, Exit, errorCode, systemErrorText, UserError } from './user-error.ts';

/** Characters gathered before they are written. */
const BLOCK = 64 * 1024;
const RETRY_MILLISECONDS = 5;

export class LineWriter {
  readonly #fd: number;
  readonly #name: string;
  #pending = '';

  /** `name` is what a failure to write is told with. */
  constructor(fd: number, name: string) {
    this.#fd = fd;
    this.#name = name;
  }

  line(text: string): void {
    this.text(`${text}\n`);
  }

  /** Throws BrokenPipe when nobody reads any more, UserError when it cannot be written. */
  text(text: string): void {
    this.#pending += text;
    if (this.#pending.length >= BLOCK) this.flush();
  }

  flush(): void {
    if (this.#pending === '') return;
    const octets = Buffer.from(this.#pending, 'utf8');
    this.#pending = '';
    for (let at = 0; at < octets.length; ) at += this.#write(octets, at);
  }

  close(): void {
    this.flush();
    closeSync(this.#fd);
  }

  /** A pipe that another process made non-blocking says EAGAIN where it should wait. */
  #write(octets: Buffer, at: number): number {
    for (;;) {
      try {
        return writeSync(this.#fd, octets, at);
      } catch (error) {
        const code = errorCode(error);
        if (code === 'EPIPE' || code === 'EOF') throw new BrokenPipe();
        if (code !== 'EAGAIN') throw this.#explain(error);
        sleep(RETRY_MILLISECONDS);
      }
    }
  }

  #explain(error: unknown): unknown {
    const why = systemErrorText(error);
    return why === undefined
      ? error
      : new UserError(`${this.#name}: ${why}`, undefined, Exit.Failed);
  }
}

const never = new Int32Array(new SharedArrayBuffer(4));

function sleep(milliseconds: number): void {
  Atomics.wait(never, 0, 0, milliseconds);
}
