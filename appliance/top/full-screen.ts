/**
 * The terminal while `sallyport top` runs: the alternate screen, keys one by one, no cursor. Given
 * back as it was however the program ends. Each picture is one write over the last: no flicker.
 */
import { writeSync } from 'node:fs';

export interface TerminalEnds {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream & { readonly fd: number };
}

// xterm control sequences: alternate screen, cursor, wrap; synchronised output where it is known.
const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l';
const BEGIN = '\u001b[?2026h\u001b[H';
const END = '\u001b[J\u001b[?2026l';
const CLEAR_LINE = '\u001b[K';

export class FullScreen {
  readonly #ends: TerminalEnds;
  readonly #onKey: (key: string) => void;
  readonly #onResize: () => void;
  #entered = false;

  constructor(ends: TerminalEnds, onKey: (key: string) => void, onResize: () => void) {
    this.#ends = ends;
    this.#onKey = onKey;
    this.#onResize = onResize;
  }

  get size(): { readonly width: number; readonly height: number } {
    const { columns, rows } = this.#ends.output;
    // The last column stays free: at a full line the cursor stands on it, and clearing would take it.
    return { width: Math.max(20, (columns || 80) - 1), height: Math.max(4, rows || 24) };
  }

  enter(): void {
    const { input, output } = this.#ends;
    this.#entered = true;
    process.on('exit', this.#leaveAtExit);
    output.write(ENTER);
    output.on('resize', this.#onResize);
    if (input.isTTY) input.setRawMode(true);
    input.setEncoding('utf8');
    input.on('data', this.#onData);
    input.resume();
  }

  /** `lines` are no wider than the screen. */
  draw(lines: readonly string[]): void {
    if (!this.#entered) return;
    // A terminal that does not take what it was given gets no more: the next picture replaces this one.
    if (this.#ends.output.writableNeedDrain) return;
    this.#ends.output.write(`${BEGIN}${lines.join(`${CLEAR_LINE}\r\n`)}${CLEAR_LINE}${END}`);
  }

  leave(): void {
    if (!this.#entered) return;
    const { input, output } = this.#ends;
    this.#restore();
    process.off('exit', this.#leaveAtExit);
    output.off('resize', this.#onResize);
    input.off('data', this.#onData);
    input.pause();
  }

  readonly #onData = (chunk: string): void => {
    // Arrow keys and the like are sequences: none of them means anything here.
    if (chunk.startsWith('\u001b') && chunk.length > 1) return;
    for (const key of chunk) this.#onKey(key);
  };

  readonly #leaveAtExit = (): void => {
    if (this.#entered) this.#restore();
  };

  #restore(): void {
    this.#entered = false;
    const { input, output } = this.#ends;
    if (input.isTTY) input.setRawMode(false);
    try {
      // At exit nothing asynchronous is written any more.
      writeSync(output.fd, LEAVE);
    } catch {
      // The terminal has gone.
    }
  }
}
