/** Rows that are written together: records, their tags, their index entries. */
import type { ArchiveDatabase, SqlValue } from '../contract.ts';
import type { NewRecord } from './new-record.ts';

const COLUMNS = [
  ...['sequence', 'time', 'kind', 'event', 'service', 'conversation', 'account', 'sender'],
  ...['action', 'rule', 'repeat', 'envelope', 'content', 'hash'],
];
const TAG_COLUMNS = ['tag', 'sequence'];

export class Batch {
  readonly #records: SqlValue[][] = [];
  readonly #tags: SqlValue[][] = [];
  readonly #terms: { sequence: number; terms: string }[] = [];

  add(sequence: number, record: NewRecord, hash: Uint8Array): void {
    const { kind, time, facts, place, envelope, content, terms } = record;
    this.#records.push([
      sequence,
      time,
      kind,
      facts?.kind ?? null,
      facts?.service || null,
      place?.conversation ?? null,
      place?.account ?? null,
      place?.sender ?? null,
      facts?.action ?? null,
      facts?.rule ?? null,
      place?.repeat === true ? 1 : 0,
      envelope,
      content ?? null,
      hash,
    ]);
    if (facts !== undefined) for (const tag of facts.tags) this.#tags.push([tag, sequence]);
    if (terms !== '') this.#terms.push({ sequence, terms });
  }

  get size(): number {
    return this.#records.length;
  }

  async flush(database: ArchiveDatabase): Promise<void> {
    if (this.#records.length > 0) await database.insert('record', COLUMNS, this.#records);
    if (this.#tags.length > 0) await database.insert('record_tag', TAG_COLUMNS, this.#tags);
    if (this.#terms.length > 0) await database.index(this.#terms);
    this.#records.length = 0;
    this.#tags.length = 0;
    this.#terms.length = 0;
  }
}
