/**
 * For lines that traffic can cause: the first of a kind is written at once, more of them only as a
 * count, once a period. Else whoever sends packets decides how fast a disk fills.
 */
import type { Log, LogFacts } from './log.ts';

export interface RepeatedOptions {
  /** Milliseconds between two lines of one kind. */
  readonly period?: number;
  /** Kinds that are told apart; more share one. */
  readonly mostKinds?: number;
  /** Milliseconds, of any origin; for tests. */
  readonly now?: () => number;
}

interface Kind {
  written: number;
  suppressed: number;
  message: string;
  level: 'info' | 'warn' | 'error';
}

const OTHER_KIND = '(other)';

export class Repeated {
  readonly #log: Log;
  readonly #period: number;
  readonly #mostKinds: number;
  readonly #now: () => number;
  readonly #kinds = new Map<string, Kind>();

  constructor(log: Log, options: RepeatedOptions = {}) {
    this.#log = log;
    this.#period = options.period ?? 10_000;
    this.#mostKinds = options.mostKinds ?? 256;
    this.#now = options.now ?? (() => performance.now());
  }

  /** Writes the line, unless one of its kind was written less than a period ago. */
  say(level: Kind['level'], kind: string, message: string, facts?: LogFacts): void {
    const name = this.#kinds.has(kind) || this.#kinds.size < this.#mostKinds ? kind : OTHER_KIND;
    const now = this.#now();
    const known = this.#kinds.get(name);
    if (known !== undefined && now - known.written < this.#period) {
      known.suppressed += 1;
      return;
    }
    const suppressed = known?.suppressed ?? 0;
    this.#kinds.set(name, { written: now, suppressed: 0, message, level });
    this.#log[level](message, suppressed === 0 ? facts : { ...facts, suppressed });
  }

  /** Says what was suppressed and not told yet. Call it each second or so, and at the end with `all`. */
  tell(all = false): void {
    const now = this.#now();
    for (const [name, kind] of this.#kinds) {
      if (!all && now - kind.written < this.#period) continue;
      this.#kinds.delete(name);
      if (kind.suppressed === 0) continue;
      this.#log[kind.level](`${kind.message} (repeated)`, { suppressed: kind.suppressed });
    }
  }
}
