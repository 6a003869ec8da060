/**
 * What is said between who writes to an archive and the thread in which SQLite works. Orders are done one after
 * the other, and each has one reply, in the same order.
 */
import type { SqlValue } from '../contract.ts';
import type { PackedRows } from './packed-rows.ts';
import type { RowStatement } from './row-statement.ts';
import type { SqliteOptions } from './sqlite-file.ts';

/** What the thread is born with. */
export interface SqliteThreadSetup {
  readonly path: string;
  readonly options: SqliteOptions;
}

export type SqliteOrder =
  | { readonly type: 'commit' | 'rollback' | 'scrub' | 'close' }
  /** `head`: of `meta`; where that is another one, it has failed. */
  | { readonly type: 'begin'; readonly head?: string | undefined }
  | { readonly type: 'rows' | 'run'; readonly sql: string; readonly values: readonly SqlValue[] }
  /** A statement with all of the rows. What fails is told again at the commit, which is then none. */
  | { readonly type: 'packed'; readonly statement: RowStatement; readonly rows: PackedRows }
  /** Row by row: the value of the reply is the number that the two others name it by. */
  | { readonly type: 'each'; readonly sql: string; readonly values: readonly SqlValue[] }
  /** Some further rows; none: that was all. */
  | { readonly type: 'next' | 'leave'; readonly cursor: number };

export type SqliteReply =
  | {
      readonly type: 'done';
      readonly value?: unknown;
      /** Memory of packed rows, to be used again. */
      readonly memory?: readonly ArrayBuffer[];
    }
  | { readonly type: 'failed'; readonly fault: Fault };

/** An error as plain data. */
export interface Fault {
  readonly message: string;
  /** It is an ArchiveError. */
  readonly told: boolean;
  readonly advice: string | undefined;
  readonly retry: boolean;
}
