/** Rows that are written together: records, their tags, their index entries. */
import type { ArchiveDatabase, RowWriter, SqlValue } from '../contract.ts';
import type { NewRecord } from './new-record.ts';
import { rowWriter } from './row-writer.ts';

const COLUMNS = [
  ...['sequence', 'time', 'kind', 'event', 'service', 'conversation', 'account', 'sender'],
  ...['action', 'rule', 'repeat', 'envelope', 'content', 'hash'],
];
const TAG_COLUMNS = ['tag', 'sequence'];

export class Batch {
  readonly #database: ArchiveDatabase;
  readonly #records: RowWriter;
  readonly #tags: SqlValue[][] = [];
  readonly #terms: { sequence: number; terms: string }[] = [];
  #size = 0;

  constructor(database: ArchiveDatabase) {
    this.#database = database;
    this.#records = rowWriter(database, 'record', COLUMNS);
  }

  /** Copies the octets. */
  add(sequence: number, record: NewRecord, envelope: Uint8Array, hash: Uint8Array): void {
    const { kind, time, facts, place, content, terms } = record;
    const row = this.#records;
    row.row(envelope.length + (content === undefined ? 0 : content.length) + hash.length);
    row.number(sequence);
    row.number(time);
    row.text(kind);
    row.text(facts?.kind);
    row.text(facts?.service || undefined);
    row.number(place?.conversation);
    row.number(place?.account);
    row.number(place?.sender);
    row.text(facts?.action);
    row.text(facts?.rule);
    row.number(place?.repeat === true ? 1 : 0);
    row.octets(envelope);
    row.octets(content);
    row.octets(hash);
    this.#size += 1;
    if (facts !== undefined) for (const tag of facts.tags) this.#tags.push([tag, sequence]);
    if (terms !== '') this.#terms.push({ sequence, terms });
  }

  get size(): number {
    return this.#size;
  }

  async flush(): Promise<void> {
    if (this.#size > 0) await this.#records.flush();
    const database = this.#database;
    if (this.#tags.length > 0) await database.insert('record_tag', TAG_COLUMNS, this.#tags);
    if (this.#terms.length > 0) await database.index(this.#terms);
    this.#size = 0;
    this.#tags.length = 0;
    this.#terms.length = 0;
  }
}
