import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EARLIER_PLACES, PLACES } from '../schema.ts';
import { SqliteDatabase } from '../sqlite/sqlite-database.ts';
import { placeParts } from './place-parts.ts';

const COLUMNS = ['sequence', 'time', 'kind', 'event', 'service', 'action', 'envelope', 'hash'];
const NONE = new Uint8Array();
const EVENTS = [
  [1, 'message', 'xmpp', 'pass'],
  [2, 'presence', 'xmpp', null],
  [3, 'presence', 'irc', 'drop'],
  [4, 'presence', null, 'pass'],
] as const;

let folder: string;
let database: SqliteDatabase;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-places-'));
  database = new SqliteDatabase(join(folder, 'archive.db'), { create: true, readOnly: false });
  await database.transaction((inside) =>
    inside.insert(
      'record',
      COLUMNS,
      EVENTS.map(([sequence, event, service, action]) => [
        ...[sequence, 1, 'event', event, service, action, NONE, NONE],
      ]),
    ),
  );
});

afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Sequences, and how SQLite looks for them. */
async function asked(actions?: readonly string[], kinds: readonly string[] | 'any' = ['presence']) {
  const those = kinds === 'any' ? undefined : kinds;
  const [part] = await placeParts(database, undefined, those, actions, kinds === 'any');
  const { sql, values } = part?.sequences?.({ first: 1, last: 9 }) ?? { sql: '', values: [] };
  const rows = await database.rows<{ sequence: number }>(sql, ...values);
  const plan = await database.rows<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...values);
  return {
    sequences: rows.map(({ sequence }) => sequence).sort(),
    searches: plan.map(({ detail }) => detail).filter((detail) => detail.includes('record')),
  };
}

it('knows by its index alone which records of a kind passed', async () => {
  const { sequences, searches } = await asked(['pass']);
  expect(sequences).toEqual([4]);
  expect(searches).toHaveLength(2); // of all services, and of none
  for (const search of searches) expect(search).toContain(`COVERING INDEX ${PLACES} `);
});

it('knows by its index alone which records passed, whatever they are', async () => {
  const { sequences, searches } = await asked(['pass'], 'any');
  expect(sequences).toEqual([1, 4]);
  expect(searches.length).toBeGreaterThan(0);
  for (const search of searches) expect(search).toContain(`COVERING INDEX ${PLACES} `);
});

it('asks nothing of the index for a verdict that goes with something rarer', async () => {
  expect(await placeParts(database, undefined, undefined, ['pass'])).toEqual([]);
  expect(await placeParts(database, undefined, undefined, undefined, true)).toEqual([]);
});

it('reads no row to learn what became of it where an earlier index does not say it', async () => {
  await database.run(`DROP INDEX ${PLACES}`);
  await database.run(`CREATE INDEX ${EARLIER_PLACES} ON record (service, event, sequence)`);
  const { sequences, searches } = await asked(['pass']);
  expect(sequences).toEqual([2, 3, 4]); // more than hold, never fewer
  for (const search of searches) expect(search).toContain(`COVERING INDEX ${EARLIER_PLACES} `);
});
