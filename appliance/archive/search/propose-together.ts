/**
 * Which records of a stretch all indexes propose. PostgreSQL looks there at the words of each record: where the other
 * indexes propose few, at the words of those alone.
 */
import type { ArchiveDatabase, SequenceRange } from '../contract.ts';
import type { Sql } from './query-part.ts';
import { lookUp } from './rare-sequences.ts';
import type { TextIndex } from './text-index.ts';

export class ProposeTogether {
  readonly #database: ArchiveDatabase;
  readonly #index: TextIndex | undefined;
  readonly #sparse: number;
  /** The others were not few in a stretch: counting them in the next ones would be in vain, most likely. */
  #many = false;

  /** One in `sparse` records is few. */
  constructor(database: ArchiveDatabase, index: TextIndex | undefined, sparse: number) {
    this.#database = database;
    this.#index = index;
    this.#sparse = sparse;
  }

  /** In no order, some more than once. `others`: what all indexes but that of words say of the stretch. */
  async of(stretch: SequenceRange, others: readonly Sql[]): Promise<readonly number[]> {
    const index = this.#index;
    if (index === undefined) return this.#sequences(together(others));
    const few = await this.#few(stretch, others);
    if (few === undefined) {
      return this.#sequences(together([...others, index.sequences({ ...stretch, byRow: true })]));
    }
    if (few.size === 0) return [];
    const found = await this.#sequences(index.sequences({ ...stretch, only: [...few] }));
    return found.filter((sequence) => few.has(sequence));
  }

  /** undefined: there are many, or nobody knows. */
  async #few(
    { first, last }: SequenceRange,
    others: readonly Sql[],
  ): Promise<ReadonlySet<number> | undefined> {
    if (others.length === 0 || this.#many) return undefined;
    const most = Math.ceil((last - first + 1) / this.#sparse);
    const few = await lookUp(this.#database, together(others), most);
    this.#many = few === undefined;
    return few;
  }

  async #sequences({ sql, values }: Sql): Promise<number[]> {
    const rows = await this.#database.rows<{ sequence: number }>(sql, ...values);
    return rows.map(({ sequence }) => sequence);
  }
}

function together(answers: readonly Sql[]): Sql {
  return {
    sql: answers.map(({ sql }) => `SELECT sequence FROM (${sql}) AS those`).join(' INTERSECT '),
    values: answers.flatMap(({ values }) => values),
  };
}
