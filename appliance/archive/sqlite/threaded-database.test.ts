/** What test/archive/database.test.ts does not ask of every database: of the thread behind this one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { spawnSqlite } from '../../../test/support/sqlite-thread.ts';
import type { SqlValue } from '../contract.ts';
import type { SpawnSqlite } from './sqlite-thread.ts';
import { ThreadedDatabase } from './threaded-database.ts';

const COLUMNS = ['sequence', 'time', 'kind', 'envelope', 'hash'];
const META = 'INSERT INTO meta (name, value) VALUES (?, ?)';

let folder: string;
let thread: Worker | undefined;
let database: ThreadedDatabase;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-thread-'));
  const spawn: SpawnSqlite = (setup) => {
    thread = spawnSqlite(setup);
    return thread;
  };
  const options = { create: true, readOnly: false };
  database = await ThreadedDatabase.open(join(folder, 'archive.db'), options, spawn);
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

function records(count: number, octets: number): SqlValue[][] {
  const hash = Buffer.alloc(32);
  return Array.from({ length: count }, (_, n) => [
    n + 1,
    n,
    'event',
    Buffer.alloc(octets, n),
    hash,
  ]);
}

test('more than may be under way is written in its order, and read within the transaction', async () => {
  const rows = records(7000, 8192); // twice the bound
  const sql = 'SELECT COUNT(*) AS n, MAX(sequence) AS last FROM record';
  await database.transaction(async (within) => {
    await within.insert('record', COLUMNS, rows);
    expect(await within.rows(sql)).toEqual([{ n: 7000, last: 7000 }]);
    expect(await database.rows(sql)).toEqual([{ n: 0, last: null }]);
  });
  const read = 'SELECT envelope FROM record WHERE sequence = 6900';
  const [row] = await database.rows<{ envelope: Uint8Array }>(read);
  expect(Buffer.alloc(8192, 6899).equals(row?.envelope ?? Buffer.of())).toBe(true);
});

test('what was posted and fails rejects the transaction at the latest, which leaves nothing', async () => {
  const twice = database.transaction(async (within) => {
    await within.post?.(META, 'x', '1');
    await within.post?.(META, 'x', '2');
    await within.post?.(META, 'y', '3');
  });
  await expect(twice).rejects.toThrow('UNIQUE constraint failed');
  await database.transaction(async (within) => within.post?.(META, 'z', '4'));
  const sql = "SELECT name FROM meta WHERE name IN ('x', 'y', 'z')";
  expect(await database.rows(sql)).toEqual([{ name: 'z' }]);
});

test('a thread that dies is an error that may pass, and no hang', async () => {
  const dying = database.transaction(async (within) => {
    await within.post?.(META, 'x', '1');
    await thread?.terminate();
    await within.rows("SELECT value FROM meta WHERE name = 'x'");
  });
  await expect(dying).rejects.toMatchObject({ name: 'ArchiveError', retry: true });
  await expect(database.run("DELETE FROM meta WHERE name = 'x'")).rejects.toThrow('the thread');
  await database.close();
});
