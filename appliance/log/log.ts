/** What a running gateway says of itself: to whom it goes, and how, is open-log.ts' affair. */
import type { LogSettings } from '../config/settings.ts';

export type LogLevel = LogSettings['level'];

/**
 * What belongs to a line, as JSON values. An Error is written as its message (its stack at level debug);
 * names that tell of a secret (`token`, `password`, `authorization`, `secret`, `cookie`) are not written.
 */
export type LogFacts = Readonly<Record<string, unknown>>;

export interface Log {
  debug(message: string, facts?: LogFacts): void;
  info(message: string, facts?: LogFacts): void;
  warn(message: string, facts?: LogFacts): void;
  error(message: string, facts?: LogFacts): void;
  /** The same log, with these facts on every line: `log.with({ worker: 1 })`. */
  with(facts: LogFacts): Log;
}

/** For tests, and for parts that are used without a gateway. */
export const SILENT_LOG: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  with: () => SILENT_LOG,
};
