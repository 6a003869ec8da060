import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EARLIER_SENDERS, SENDERS } from '../schema.ts';
import { SqliteDatabase } from '../sqlite/sqlite-database.ts';
import { personPart } from './person-part.ts';

const COLUMNS = [
  ...['sequence', 'time', 'kind', 'account', 'sender', 'conversation', 'envelope', 'hash'],
];
const NONE = new Uint8Array();
const ERIN = 1;
const ALICE = 2;
/** [sequence, account, sender, conversation] */
const EVENTS = [
  [1, ALICE, ERIN, 7],
  [2, ALICE, ERIN, null],
  [3, ERIN, ERIN, null],
  [4, null, ERIN, null],
  [5, ALICE, ALICE, 7],
  [6, ALICE, null, null],
  [7, ERIN, null, null],
] as const;

let folder: string;
let database: SqliteDatabase;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-person-'));
  database = new SqliteDatabase(join(folder, 'archive.db'), { create: true, readOnly: false });
  await database.transaction(async (inside) => {
    await inside.insert(
      'party',
      ['id', 'service', 'address'],
      [[ERIN, 'xmpp', 'erin@example.com']],
    );
    await inside.insert('participant', ['conversation', 'party'], [[7, ERIN]]);
    const rows = EVENTS.map(([sequence, account, sender, conversation]) => [
      ...[sequence, 1, 'event', account, sender, conversation, NONE, NONE],
    ]);
    await inside.insert('record', COLUMNS, rows);
  });
});

afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Sequences, and how SQLite looks for them. */
async function asked() {
  const part = await personPart(database, ['erin@example.com']);
  const { sql, values } = part.sequences?.({ first: 1, last: 9 }) ?? { sql: '', values: [] };
  const rows = await database.rows<{ sequence: number }>(sql, ...values);
  const plan = await database.rows<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...values);
  return {
    sequences: [...new Set(rows.map(({ sequence }) => sequence))].sort(),
    searches: plan.map(({ detail }) => detail).filter((detail) => detail.includes('SEARCH record')),
  };
}

const HERS = [1, 2, 3, 4, 5, 7];

it('finds what somebody did by conversations, by her own connection, and by those of others', async () => {
  const { sequences, searches } = await asked();
  expect(sequences).toEqual(HERS);
  expect(searches).toHaveLength(3);
  expect(searches[2]).toContain(`INDEX ${SENDERS} (sender=? AND rowid>? AND rowid<?)`);
});

it('finds the same with the index of an earlier version', async () => {
  await database.run(`DROP INDEX ${SENDERS}`);
  const earlier = `CREATE INDEX ${EARLIER_SENDERS} ON record (sender, sequence)`;
  await database.run(`${earlier} WHERE sender IS NOT NULL`);
  const { sequences, searches } = await asked();
  expect(sequences).toEqual(HERS);
  expect(searches[2]).toContain(`COVERING INDEX ${EARLIER_SENDERS} `);
});
