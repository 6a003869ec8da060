/** Table by table from one database of an archive to another, whatever kinds they are; the index is made anew. */
import type { ArchiveDatabase, SqlValue, Vault } from '../contract.ts';
import { decodeEnvelope } from '../record/envelope.ts';
import { putMeta, readMeta } from '../record/meta.ts';
import { eventWords } from '../search/event-text.ts';

const TABLES = [
  ...['party', 'conversation', 'participant', 'record_tag', 'file', 'transfer'],
  ...['tombstone', 'erasure', 'hold', 'record', 'meta'],
] as const;
/** Of one database alone. */
const OWN_COLUMNS = new Set(['month']);
const BATCH = 1000;
/** In `meta` of a copy that has no search index: it is made when the copy becomes an archive. */
const NO_INDEX = 'no-index';

export function archiveIdOf(database: ArchiveDatabase): Promise<string | undefined> {
  return readMeta(database, 'archive');
}

/** Within a transaction of each. `into` has tables, and nothing in them. Returns the records copied. */
export async function copyTables(
  from: ArchiveDatabase,
  into: ArchiveDatabase,
  onRecords?: (records: number) => void,
): Promise<number> {
  let records = 0;
  await into.run('DELETE FROM meta');
  for (const table of TABLES) {
    for await (const rows of batches(
      from.each<Record<string, SqlValue>>(`SELECT * FROM ${table}`),
    )) {
      const columns = Object.keys(rows[0] ?? {}).filter((name) => !OWN_COLUMNS.has(name));
      await into.insert(
        table,
        columns,
        rows.map((row) => columns.map((column) => row[column] ?? null)),
      );
      if (table !== 'record') continue;
      records += rows.length;
      onRecords?.(records);
    }
  }
  await putMeta(into, NO_INDEX, '1');
  return records;
}

export async function lacksIndex(database: ArchiveDatabase): Promise<boolean> {
  return (await readMeta(database, NO_INDEX)) !== undefined;
}

/**
 * Makes the index of a copy from its content. Throws ArchiveError where the vault does not open it.
 * Returns the records indexed.
 */
export async function makeIndex(database: ArchiveDatabase, vault: Vault): Promise<number> {
  let indexed = 0;
  let after = 0;
  for (;;) {
    const rows = await database.rows<{
      sequence: number;
      envelope: Uint8Array;
      content: Uint8Array;
    }>(
      `SELECT sequence, envelope, content FROM record
       WHERE sequence > ? AND content IS NOT NULL ORDER BY sequence LIMIT ?`,
      after,
      BATCH,
    );
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.sequence;
    const terms = vault.index === 'off' ? [] : rows.flatMap((row) => termsOf(row, vault));
    await database.transaction((within) => within.index(terms));
    indexed += terms.length;
  }
  await database.run('DELETE FROM meta WHERE name = ?', NO_INDEX);
  return indexed;
}

function termsOf(
  { sequence, envelope, content }: { sequence: number; envelope: Uint8Array; content: Uint8Array },
  vault: Vault,
): { sequence: number; terms: string }[] {
  const id = decodeEnvelope(envelope).event?.id;
  const octets = vault.unseal(typeof id === 'string' ? id : '', content);
  if (octets === undefined) return [];
  const said: unknown = JSON.parse(Buffer.from(octets).toString());
  if (typeof said !== 'object' || said === null) return [];
  const terms = vault.terms(eventWords(said as Readonly<Record<string, unknown>>)).join(' ');
  return terms === '' ? [] : [{ sequence, terms }];
}

async function* batches<Row>(rows: AsyncIterable<Row>): AsyncIterable<Row[]> {
  let batch: Row[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
