/** Legal holds: what they cover is neither purged nor erased until they are released. */

import { AlreadyThere } from '../already-there.ts';
import type { Archive } from '../archive.ts';
import { ArchiveError } from '../archive-error.ts';
import type { ArchiveDatabase, RecordQuery, Vault } from '../contract.ts';
import { auditDraft } from '../evidence/audit-draft.ts';
import { Appender } from '../record/appender.ts';
import { recordCondition } from '../search/record-condition.ts';

export interface Hold {
  readonly id: number;
  readonly name: string;
  readonly query: RecordQuery;
  /** Microseconds since 1970. */
  readonly made: number;
  readonly released: number | undefined;
}

/** Holds in force; with `released` those that were, too. In the order in which they were made. */
export async function readHolds(
  database: ArchiveDatabase,
  { released = false } = {},
): Promise<Hold[]> {
  const rows = await database.rows<{
    id: number;
    name: string;
    query: string;
    made: number;
    released: number | null;
  }>(
    `SELECT id, name, query, made, released FROM hold ${released ? '' : 'WHERE released IS NULL'} ORDER BY id`,
  );
  return rows.map((row) => ({
    ...row,
    query: JSON.parse(row.query) as RecordQuery,
    released: row.released ?? undefined,
  }));
}

/** Made and recorded at once. Rejects with ArchiveError: one of that name is or was there. */
export async function makeHold(
  archive: Archive,
  name: string,
  query: RecordQuery,
  why?: string,
): Promise<void> {
  await archive.database.transaction(async (within) => {
    const [same] = await within.rows<{ released: number | null }>(
      'SELECT released FROM hold WHERE name = ?',
      name,
    );
    if (same !== undefined) {
      throw new AlreadyThere(
        `there ${same.released === null ? 'is' : 'was'} a hold called ${name}`,
        'Names are not used twice, so that the audit trail stays clear: choose another one.',
      );
    }
    const [last] = await within.rows<{ id: number | null }>('SELECT MAX(id) AS id FROM hold');
    await within.insert(
      'hold',
      ['id', 'name', 'query', 'made', 'released'],
      [[(last?.id ?? 0) + 1, name, JSON.stringify(query), Date.now() * 1000, null]],
    );
    await new Appender(archive).within(within, [auditDraft('hold', { name, query }, why)]);
  });
}

/** The same. Rejects with ArchiveError: there is none in force. */
export async function releaseHold(archive: Archive, name: string, why?: string): Promise<void> {
  await archive.database.transaction(async (within) => {
    const changed = await within.run(
      'UPDATE hold SET released = ? WHERE name = ? AND released IS NULL',
      Date.now() * 1000,
      name,
    );
    if (changed === 0) {
      throw new ArchiveError(
        `there is no hold in force called ${name}`,
        'See: sallyport archive holds --released',
      );
    }
    await new Appender(archive).within(within, [auditDraft('release', { name }, why)]);
  });
}

/** What a hold covers. */
export async function countHeld(
  database: ArchiveDatabase,
  vault: Vault,
  query: RecordQuery,
): Promise<number> {
  const { sql, values } = await recordCondition(database, vault, query);
  const [row] = await database.rows<{ n: number }>(
    `SELECT COUNT(*) AS n FROM record WHERE record.kind = 'event' AND (${sql})`,
    ...values,
  );
  return row?.n ?? 0;
}

/** Records of the range that are held, each with the first hold that covers it. */
export async function heldAmong(
  database: ArchiveDatabase,
  vault: Vault,
  holds: readonly Hold[],
  first: number,
  last: number,
): Promise<Map<number, string>> {
  const held = new Map<number, string>();
  for (const { name, query } of holds) {
    const { sql, values } = await recordCondition(database, vault, query, { first, last });
    const rows = await database.rows<{ sequence: number }>(
      `SELECT record.sequence AS sequence FROM record
       WHERE record.sequence >= ? AND record.sequence <= ? AND (${sql})`,
      first,
      last,
      ...values,
    );
    for (const { sequence } of rows) if (!held.has(sequence)) held.set(sequence, name);
  }
  return held;
}
