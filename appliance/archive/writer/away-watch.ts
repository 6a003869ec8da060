/** Tells, once, that the database is away, and when it is back. */
import type { LogFacts, LogLevel } from '../../log/log.ts';
import type { ArchiveError } from '../archive-error.ts';

export class AwayWatch {
  readonly #log: (level: LogLevel, message: string, facts?: LogFacts) => void;
  #since: number | undefined;

  constructor(log: (level: LogLevel, message: string, facts?: LogFacts) => void) {
    this.#log = log;
  }

  /** Milliseconds. */
  get lasts(): number {
    return this.#since === undefined ? 0 : performance.now() - this.#since;
  }

  away(fault: ArchiveError | undefined): void {
    if (this.#since !== undefined) return;
    this.#since = performance.now();
    this.#log('error', 'the archive is away: events wait in the spool', {
      why: fault?.message,
      ...(fault?.advice === undefined ? {} : { advice: fault.advice }),
    });
  }

  /** `spooled`: octets that wait. */
  back(spooled: number): void {
    if (this.#since === undefined) return;
    const seconds = Math.round(this.lasts / 1000);
    this.#since = undefined;
    this.#log('info', 'the archive is back', { seconds, spooled });
  }
}
