/** Legal holds: each is told of by an audit record, and so is its release; none has gone or come in silence. */
import type { ArchiveDatabase, AuditEntry } from '../../contract.ts';
import type { Findings } from './findings.ts';

interface HoldRow {
  readonly query: string;
  readonly released: number | null;
}

export class HoldsCheck {
  readonly #database: ArchiveDatabase;
  readonly #findings: Findings;
  #told = 0;
  #released = 0;

  constructor(database: ArchiveDatabase, findings: Findings) {
    this.#database = database;
    this.#findings = findings;
  }

  /** An audit record `hold` or `release`; those that name no hold are about something else. */
  async add(sequence: number, { action, details }: AuditEntry): Promise<void> {
    const { name, query } = details ?? {};
    if (typeof name !== 'string') return;
    const [row] = await this.#database.rows<HoldRow>(
      'SELECT query, released FROM hold WHERE name = ?',
      name,
    );
    if (row === undefined) {
      const text = `record ${sequence} tells of the hold “${name}”, which is not there`;
      this.#findings.add('removed', sequence, 'hold', text);
    } else if (action === 'release') {
      this.#released += 1;
      if (row.released !== null) return;
      const text = `record ${sequence} released the hold “${name}”, which is in force`;
      this.#findings.add('changed', sequence, 'hold.released', text);
    } else {
      this.#told += 1;
      if (query === undefined || canonical(row.query) === JSON.stringify(query)) return;
      const text = `the hold “${name}” covers something else than record ${sequence} says`;
      this.#findings.add('changed', sequence, 'hold.query', text);
    }
  }

  /** Of the whole archive only. */
  async end(): Promise<void> {
    const [row] = await this.#database.rows<{ n: number; released: number | null }>(
      `SELECT COUNT(*) AS n, SUM(CASE WHEN released IS NULL THEN 0 ELSE 1 END) AS released FROM hold`,
    );
    const more = Number(row?.n ?? 0) - this.#told;
    if (more > 0) {
      this.#findings.add('inserted', undefined, 'hold', `${more} holds that no record tells of`);
    }
    const freed = Number(row?.released ?? 0) - this.#released;
    if (freed > 0) {
      const text = `${freed} holds stand as released, and no record tells of that`;
      this.#findings.add('changed', undefined, 'hold.released', text);
    }
  }
}

/** As JSON.stringify writes it, whatever white space the database has. */
function canonical(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json));
  } catch {
    return json;
  }
}
