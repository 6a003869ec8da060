/**
 * Which records of a stretch all indexes propose. PostgreSQL looks there at the words of each record: where the other
 * indexes propose fewer than have words, at the words of those alone.
 */
import type { ArchiveDatabase, SequenceRange } from '../contract.ts';
import type { Sql } from './query-part.ts';
import { count, lookUp } from './rare-sequences.ts';
import type { SearchSizes } from './search-sizes.ts';
import type { TextIndex } from './text-index.ts';

export class ProposeTogether {
  readonly #database: ArchiveDatabase;
  readonly #index: TextIndex | undefined;
  readonly #sizes: Pick<SearchSizes, 'sparse' | 'each'>;
  /** The others were not few in a stretch: counting them in the next ones would be in vain, most likely. */
  #many = false;
  /** Nor are they worth to be looked up one by one; undefined: that was not asked yet. */
  #most: boolean | undefined;

  constructor(
    database: ArchiveDatabase,
    index: TextIndex | undefined,
    sizes: Pick<SearchSizes, 'sparse' | 'each'>,
  ) {
    this.#database = database;
    this.#index = index;
    this.#sizes = sizes;
  }

  /** In no order, some more than once. `others`: what all indexes but that of words say of the stretch. */
  async of(stretch: SequenceRange, others: readonly Sql[]): Promise<readonly number[]> {
    const index = this.#index;
    if (index === undefined) return this.#sequences(together(others));
    const few = await this.#few(stretch, others);
    if (few === undefined) {
      const of = others.length === 0 ? undefined : together(others);
      if (of !== undefined && !(await this.#areMost(stretch, of))) {
        return this.#sequences(index.sequences({ ...stretch, of }));
      }
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
    const most = Math.ceil((last - first + 1) / this.#sizes.sparse);
    const few = await lookUp(this.#database, together(others), most);
    this.#many = few === undefined;
    return few;
  }

  async #areMost({ first, last }: SequenceRange, others: Sql): Promise<boolean> {
    const most = Math.ceil((last - first + 1) / this.#sizes.each);
    this.#most ??= (await count(this.#database, others, most)) === most;
    return this.#most;
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
