/** Rows that belong to no record, and what `meta` says of the archive. */
import type { ArchiveDatabase } from '../../contract.ts';
import { readMeta } from '../../record/meta.ts';
import { SIGNING_KEY } from '../signer.ts';
import type { Findings } from './findings.ts';
import type { KeyRing } from './key-ring.ts';

/** Rows told of one by one; others are not looked for. */
const MOST = 100;

interface Orphans {
  readonly table: string;
  /** Gives `id`, a text that names the row, and `sequence`. */
  readonly sql: string;
  readonly text: string;
}

const NO_RECORD = (table: string) =>
  `NOT EXISTS (SELECT 1 FROM record WHERE record.sequence = ${table}.sequence)
   AND NOT EXISTS (SELECT 1 FROM tombstone WHERE tombstone.sequence = ${table}.sequence)`;

const ORPHANS: readonly Orphans[] = [
  {
    table: 'record_tag',
    sql: `SELECT sequence, tag AS id FROM record_tag WHERE ${NO_RECORD('record_tag')}`,
    text: 'is a tag of no record',
  },
  {
    table: 'erasure',
    sql: `SELECT sequence, '' AS id FROM erasure WHERE ${NO_RECORD('erasure')}`,
    text: 'an erasure of no record',
  },
  {
    table: 'transfer',
    sql: `SELECT sequence, sha256 AS id FROM transfer
          WHERE NOT EXISTS (SELECT 1 FROM record WHERE record.sequence = transfer.sequence)`,
    text: 'is a file of no record',
  },
  {
    table: 'party',
    sql: `SELECT NULL AS sequence, party AS id FROM participant
          WHERE NOT EXISTS (SELECT 1 FROM party WHERE party.id = participant.party)`,
    text: 'is a party that takes part and is not there',
  },
];

export async function checkTables(
  database: ArchiveDatabase,
  keys: KeyRing,
  findings: Findings,
): Promise<void> {
  for (const { table, sql, text } of ORPHANS) {
    const rows = await database.rows<{ sequence: number | null; id: string | number }>(
      `${sql} LIMIT ${MOST}`,
    );
    for (const { sequence, id } of rows) {
      findings.add(
        'inserted',
        sequence ?? undefined,
        table,
        `${id === '' ? '' : `“${id}” `}${text}`,
      );
    }
  }
  const key = await readMeta(database, SIGNING_KEY);
  if (key !== keys.current) {
    findings.add(
      'changed',
      undefined,
      'meta.signing-key',
      `${key ?? 'nothing'} stands there, the record tells of ${keys.current ?? 'none'}`,
    );
  }
  for (const table of ['party', 'conversation'] as const) {
    const [row] = await database.rows<{ last: number | null }>(
      `SELECT MAX(id) AS last FROM ${table}`,
    );
    const last = Number((await readMeta(database, `last-${table}`)) ?? 0);
    if (!(last >= (row?.last ?? 0))) {
      const text = `${last} stands there, and there is a ${table} ${row?.last}`;
      findings.add('changed', undefined, `meta.last-${table}`, text);
    }
  }
}
