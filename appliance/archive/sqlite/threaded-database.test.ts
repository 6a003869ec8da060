/** What test/archive/database.test.ts does not ask of every database: of the thread behind this one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { spawnSqlite } from '../../../test/support/sqlite-thread.ts';
import type { SqlValue } from '../contract.ts';
import { rowWriter } from '../record/row-writer.ts';
import { SqliteDatabase } from './sqlite-database.ts';
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

test.each(['threaded', 'plain'])(
  'value by value, rows of any size arrive as they were: %s',
  async (how) => {
    const plain = new SqliteDatabase(join(folder, 'archive.db'), {
      create: false,
      readOnly: false,
    });
    // More than a piece has rows, then more octets than it has room for, and one row larger than a piece.
    const sizes = [...Array<number>(600).fill(9), 300_000, 300_000, 700_000, 0];
    await (how === 'plain' ? plain : database).transaction(async (within) => {
      const row = rowWriter(within, 'record', [...COLUMNS, 'rule', 'content']);
      const envelope = Buffer.alloc(700_000);
      for (const [n, size] of sizes.entries()) {
        row.row(size + 32);
        row.number(n + 1);
        row.number(-5 - n);
        row.text(n % 2 === 0 ? 'event' : 'x'.repeat(99));
        row.octets(envelope.subarray(0, size).fill(n));
        row.octets(Buffer.alloc(32, 7));
        row.text(undefined);
        row.octets(undefined);
      }
      await row.flush();
      await row.flush();
    });
    const rows = await plain.rows('SELECT * FROM record ORDER BY sequence');
    expect(rows).toHaveLength(sizes.length);
    for (const [n, size] of sizes.entries()) {
      const kind = n % 2 === 0 ? 'event' : 'x'.repeat(99);
      const nothing = { rule: null, content: null, account: null };
      expect(rows[n]).toMatchObject({ sequence: n + 1, time: -5 - n, kind, ...nothing });
      const { envelope, hash } = rows[n] as { envelope: Buffer; hash: Buffer };
      expect(envelope.equals(Buffer.alloc(size, n))).toBe(true);
      expect(hash.equals(Buffer.alloc(32, 7))).toBe(true);
    }
    await plain.close();
  },
);

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
