/** A bar on standard error while captures are read, or another line that tells how far something is. */
import type { ReplayProgress } from '../modes/replay.ts';
import { grouped, size } from '../report/amounts.ts';
import { clip } from '../report/columns.ts';

const BAR_CELLS = 24;
/** Where the terminal does not say; some pseudo-terminals say 0. */
const COLUMNS = 80;
const REDRAW_MILLISECONDS = 100;
const CLEAR_LINE = '\r\u001b[K';

/** Whether a line on standard error can be drawn again. */
export function canRedraw(isTerminal: boolean, { TERM }: NodeJS.ProcessEnv): boolean {
  return isTerminal && TERM !== 'dumb';
}

export class ProgressBar {
  readonly #write: (text: string) => void;
  readonly #state: () => ReplayProgress | string | undefined;
  readonly #columns: () => number | undefined;
  readonly #timer: NodeJS.Timeout;
  #drawn = false;

  /** `write` gets text with terminal control in it. */
  constructor(
    write: (text: string) => void,
    state: () => ReplayProgress | string | undefined,
    columns: () => number | undefined,
  ) {
    this.#write = write;
    this.#state = state;
    this.#columns = columns;
    this.#timer = setInterval(() => this.#draw(), REDRAW_MILLISECONDS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    if (this.#drawn) this.#write(CLEAR_LINE);
    this.#drawn = false;
  }

  #draw(): void {
    const state = this.#state();
    if (state === undefined) return;
    this.#drawn = true;
    const line = typeof state === 'string' ? state : progressLine(state);
    this.#write(`${CLEAR_LINE}${clip(line, (this.#columns() || COLUMNS) - 1)}`);
  }
}

export function progressLine(state: ReplayProgress): string {
  const { read, total, name, packets, events } = state;
  const counts = `${grouped(packets)} packets, ${grouped(events)} events`;
  if (total === undefined || total === 0) return `${size(read)} read, ${counts}  ${name}`;
  const share = Math.min(1, read / total);
  const full = Math.round(share * BAR_CELLS);
  const bar = '█'.repeat(full) + '░'.repeat(BAR_CELLS - full);
  const percent = String(Math.floor(share * 100)).padStart(3);
  return `${percent} % ${bar} ${size(read)} of ${size(total)}, ${counts}  ${name}`;
}
