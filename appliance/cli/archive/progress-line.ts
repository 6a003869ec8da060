/** How far a command on an archive is, on a terminal. */
import { grouped } from '../../report/amounts.ts';
import { clip } from '../../report/columns.ts';
import type { Terminal } from '../terminal.ts';

const REDRAW_MILLISECONDS = 100;
const CLEAR_LINE = '\r\u001b[K';
const COLUMNS = 80;

export class ProgressLine {
  readonly #what: string;
  readonly #terminal: Terminal;
  #drawn = 0;

  constructor(what: string, terminal: Terminal) {
    this.#what = what;
    this.#terminal = terminal;
  }

  show(done: number, total: number): void {
    if (!this.#terminal.interactive) return;
    const now = performance.now();
    if (now - this.#drawn < REDRAW_MILLISECONDS) return;
    this.#drawn = now;
    const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
    const line = `${String(percent).padStart(3)} % ${this.#what}: ${grouped(done)} of ${grouped(total)}`;
    this.#terminal.errors.text(`${CLEAR_LINE}${clip(line, COLUMNS - 1)}`);
    this.#terminal.errors.flush();
  }

  stop(): void {
    if (this.#drawn === 0) return;
    this.#drawn = 0;
    this.#terminal.errors.text(CLEAR_LINE);
    this.#terminal.errors.flush();
  }
}
