/** What the main thread and the thread that archives say to each other. Plain data: it is cloned on its way. */
import type { ArchiveSettings } from '../../config/settings.ts';
import type { LogFacts, LogLevel } from '../../log/log.ts';
import type { LedgerEntry } from '../contract.ts';
import type { TakeOverCounters } from '../files/take-over-counters.ts';
import type { ArchiveTarget } from '../target.ts';
import type { CarriedKey } from '../vault/carried-key.ts';

/** Int32 words of the memory that both see. */
export const Word = {
  /** Messages of lines that are acknowledged, modulo 2^32. */
  Done: 0,
  /** Not 0: nothing more is archived, and why was reported. */
  Failed: 1,
} as const;
export const WORDS = 2;

/** What the thread is born with. */
export interface WriterSetup {
  readonly target: ArchiveTarget;
  readonly settings: ArchiveSettings;
  /** File of the policy's directory: retention by group needs it. */
  readonly directory?: string | undefined;
  /**
   * spool: lines are acknowledged when they are on the disk, and wait there for the database. direct: when the
   * database has them; what reads a capture can read it again.
   */
  readonly through: 'spool' | 'direct';
  readonly memory: SharedArrayBuffer;
}

export type WriterOrder =
  /** Whole lines, transferred. */
  | { readonly type: 'lines'; readonly octets: Uint8Array }
  | { readonly type: 'ledger'; readonly entry: LedgerEntry }
  | { readonly type: 'settings'; readonly settings: ArchiveSettings }
  /** Drains for so many milliseconds at most, and ends. */
  | { readonly type: 'stop'; readonly within: number };

export type WriterReport =
  /**
   * The spool is its own; the database is open, or away for now. `key` wraps the keys of files that come; undefined:
   * the archive does not encrypt.
   */
  | {
      readonly type: 'ready';
      readonly status: WriterStatus;
      readonly key: CarriedKey | undefined;
    }
  /** What it was told is wrong: nothing was begun. */
  | { readonly type: 'refused'; readonly message: string; readonly advice: string | undefined }
  | { readonly type: 'status'; readonly status: WriterStatus }
  | {
      readonly type: 'log';
      readonly level: LogLevel;
      readonly message: string;
      readonly facts?: LogFacts | undefined;
    }
  /** direct: the database was away for too long. */
  | { readonly type: 'failed'; readonly message: string; readonly advice: string | undefined }
  | { readonly type: 'stopped'; readonly status: WriterStatus };

/** Counts since the thread was started. */
export interface WriterStatus {
  /** As shown to people. */
  readonly where: string;
  readonly up: boolean;
  /** Why the database is away. */
  readonly fault: string | undefined;
  /** Events that are records now. */
  readonly archived: number;
  /** Events that policy did not want kept. */
  readonly notArchived: number;
  /** Lines that the database, or the record, refuses for ever; they are in quarantine. */
  readonly refused: number;
  /** Events that found no room: spool or disk were full; and that were in a spool and are not there any more. */
  readonly lost: number;
  /** Files that a rule asked to keep. */
  readonly files: Readonly<TakeOverCounters>;
  /** Octets that wait on the disk, and its bound. */
  readonly spoolOctets: number;
  readonly spoolSize: number;
  /** Seconds for which the oldest of them waits. */
  readonly lag: number;
  readonly commits: number;
  readonly commitSeconds: number;
  readonly checkpoints: number;
  /** Seconds for which records wait to be signed; 0: all are. */
  readonly unsignedFor: number;
  /** Why the daily purge waits: the clock may be wrong. undefined: it does not. */
  readonly purgeWaits: string | undefined;
  /** Octets free where the archive writes, on the fullest of its file systems; undefined: not known. */
  readonly free: number | undefined;
  /** Sequence of the last record that was written here; undefined: none yet. */
  readonly sequence: number | undefined;
}
