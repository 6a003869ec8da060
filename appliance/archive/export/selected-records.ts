/** The events that an export was asked for, up to the end that the archive had when it began. */
import type { ArchiveDatabase, SqlValue } from '../contract.ts';
import { RECORD_COLUMNS, type RecordRow } from './export-record.ts';

/** A condition on `record`, and its values. */
export interface Selection {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

export class SelectedRecords {
  readonly #database: ArchiveDatabase;
  readonly #sql: string;
  readonly #values: readonly SqlValue[];

  /** `upTo`: the last record that may be among them. */
  constructor(database: ArchiveDatabase, { sql, values }: Selection, upTo: number) {
    this.#database = database;
    this.#sql = `record.kind = 'event' AND record.sequence <= ? AND (${sql})`;
    this.#values = [upTo, ...values];
  }

  count(): Promise<number> {
    return this.#count('');
  }

  /** Those that belong to no conversation. */
  countApart(): Promise<number> {
    return this.#count(' AND (record.conversation IS NULL OR record.conversation < 1)');
  }

  /** Whether they are of so many conversations at the most. */
  async areOfFew(most: number): Promise<boolean> {
    const rows = await this.#database.rows(
      `SELECT DISTINCT record.conversation FROM record WHERE ${this.#sql} LIMIT ${most + 1}`,
      ...this.#values,
    );
    return rows.length <= most;
  }

  /** In the order of the chain, behind this sequence. */
  bySequence(after: number): AsyncIterable<RecordRow> {
    return this.#rows('record.sequence > ? ORDER BY record.sequence', after);
  }

  /** Conversation by conversation, behind the one with this number. */
  byConversation(after: number): AsyncIterable<RecordRow> {
    return this.#rows(
      'record.conversation > ? ORDER BY record.conversation, record.sequence',
      after,
    );
  }

  #rows(condition: string, after: number): AsyncIterable<RecordRow> {
    return this.#database.each<RecordRow>(
      `SELECT ${RECORD_COLUMNS} FROM record WHERE ${this.#sql} AND ${condition}`,
      ...this.#values,
      after,
    );
  }

  async #count(condition: string): Promise<number> {
    const [row] = await this.#database.rows<{ records: number }>(
      `SELECT count(*) AS records FROM record WHERE ${this.#sql}${condition}`,
      ...this.#values,
    );
    return row?.records ?? 0;
  }
}
