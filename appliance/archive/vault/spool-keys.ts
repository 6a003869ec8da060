/**
 * The keys that seal what waits for the database. In keys.db they are data keys like those of persons, under a
 * name that no person and no account has: so they are wrapped, rotated and retired as the others are.
 */
import type { DataKey } from './data-keys.ts';

/** Names of the directory are of one line, and accounts begin with their service. */
export const SPOOL_SUBJECT = '\nspool';

export interface SpoolKeys {
  /** Wraps the key of each new segment of the spool, and of each file that comes into `incoming/`. Throws ArchiveError. */
  current(): DataKey;
  /** undefined: it was destroyed. Throws ArchiveError: there never was one, or it does not open. */
  byNumber(number: number): DataKey | undefined;
}
