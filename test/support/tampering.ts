/** What somebody with all rights on the database can do to an archive, and how a test takes it back. */
import type { ArchiveDatabase, Envelope, SqlValue } from '../../appliance/archive/contract.ts';
import { leafOf, NO_HASH, nextHash } from '../../appliance/archive/record/chain.ts';
import { decodeEnvelope, encodeEnvelope } from '../../appliance/archive/record/envelope.ts';

export const TABLES = [
  ...[
    'meta',
    'record',
    'record_tag',
    'party',
    'conversation',
    'participant',
    'tombstone',
    'erasure',
  ],
  ...['file', 'transfer', 'hold'],
] as const;
/** Others are PostgreSQL's own. */
const RECORD_COLUMNS = [
  ...['sequence', 'time', 'kind', 'event', 'service', 'conversation', 'account', 'sender'],
  ...['action', 'rule', 'repeat', 'envelope', 'content', 'hash'],
];
export type Table = (typeof TABLES)[number];
export type Row = Record<string, SqlValue>;

export interface State {
  readonly tables: ReadonlyMap<Table, readonly Row[]>;
}

export async function save(database: ArchiveDatabase): Promise<State> {
  const tables = new Map<Table, readonly Row[]>();
  for (const table of TABLES) {
    const columns = table === 'record' ? RECORD_COLUMNS.join(', ') : '*';
    tables.set(table, await database.rows<Row>(`SELECT ${columns} FROM ${table}`));
  }
  return { tables };
}

export async function restore(database: ArchiveDatabase, { tables }: State): Promise<void> {
  await database.transaction(async (within) => {
    for (const [table, rows] of tables) {
      await within.run(`DELETE FROM ${table}`);
      const columns = Object.keys(rows[0] ?? {});
      if (rows.length === 0) continue;
      await within.insert(
        table,
        columns,
        rows.map((row) => columns.map((column) => row[column] ?? null)),
      );
    }
  });
}

/** Another value of the same type. */
export function another(value: SqlValue): SqlValue {
  if (value === null) return null;
  if (typeof value === 'number') return value === 0 ? 1 : value + 1009;
  if (typeof value === 'string') return `${value}x`;
  const copy = Buffer.from(value);
  const at = copy.length - 1;
  if (at >= 0) copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

/** The chain made anew from there on, as one who knows how it is made, and has no signing key, would. */
export async function rechain(database: ArchiveDatabase, from: number): Promise<void> {
  const rows = await database.rows<{ sequence: number; envelope: Uint8Array; hash: Uint8Array }>(
    'SELECT sequence, envelope, hash FROM record ORDER BY sequence',
  );
  const tombs = await database.rows<{ sequence: number; leaf: Uint8Array; hash: Uint8Array }>(
    'SELECT sequence, leaf, hash FROM tombstone ORDER BY sequence',
  );
  const all = [
    ...rows.map((row) => ({ ...row, table: 'record', leaf: leafOf(row.sequence, row.envelope) })),
    ...tombs.map((row) => ({ ...row, table: 'tombstone' })),
  ].sort((a, b) => a.sequence - b.sequence);
  let hash: Uint8Array = NO_HASH;
  for (const { sequence, leaf, hash: stored, table } of all) {
    if (sequence < from) hash = stored;
    else {
      hash = nextHash(hash, leaf);
      await database.run(`UPDATE ${table} SET hash = ? WHERE sequence = ?`, hash, sequence);
    }
  }
  await setHead(database);
}

/** `head` says what stands there. */
export async function setHead(database: ArchiveDatabase): Promise<void> {
  const [last] = await database.rows<{ sequence: number; hash: Uint8Array }>(
    'SELECT sequence, hash FROM record ORDER BY sequence DESC LIMIT 1',
  );
  const head = `${last?.sequence} ${Buffer.from(last?.hash ?? []).toString('hex')}`;
  await database.run("UPDATE meta SET value = ? WHERE name = 'head'", head);
}

export async function changeEnvelope(
  database: ArchiveDatabase,
  sequence: number,
  change: (envelope: Envelope) => Envelope,
): Promise<void> {
  const [row] = await database.rows<{ envelope: Uint8Array }>(
    'SELECT envelope FROM record WHERE sequence = ?',
    sequence,
  );
  if (row === undefined) throw new Error(`no record ${sequence}`);
  await database.run(
    'UPDATE record SET envelope = ? WHERE sequence = ?',
    encodeEnvelope(change(decodeEnvelope(row.envelope))),
    sequence,
  );
}
