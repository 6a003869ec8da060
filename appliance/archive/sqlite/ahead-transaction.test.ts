/** Transactions that are begun while the one before them is committed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { spawnSqlite } from '../../../test/support/sqlite-thread.ts';
import type { ArchiveDatabase } from '../contract.ts';
import { ThreadedDatabase } from './threaded-database.ts';

const PUT = 'INSERT INTO meta (name, value) VALUES (?, ?)';
const CHANGE = 'UPDATE meta SET value = ? WHERE name = ?';
const GET = 'SELECT value FROM meta WHERE name = ?';

let folder: string;
let database: ThreadedDatabase;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-ahead-'));
  const options = { create: true, readOnly: false };
  database = await ThreadedDatabase.open(join(folder, 'archive.db'), options, spawnSqlite);
  await database.run(PUT, 'head', '0');
});
afterEach(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Moves the head on to `n`, from `n - 1`, and writes `rows` rows. */
function step(n: number, rows = 1, known: readonly string[] = []) {
  return database.ahead(
    async (within) => {
      for (let i = 0; i < rows; i++) await within.post?.(PUT, `${n}.${i}`, 'x');
      await within.post?.(CHANGE, String(n), 'head');
      return n;
    },
    { head: String(n - 1), known },
  );
}

async function names(): Promise<string[]> {
  const sql = "SELECT name FROM meta WHERE value = 'x' ORDER BY name";
  return (await database.rows<{ name: string }>(sql)).map(({ name }) => name);
}

async function metaOf(from: ArchiveDatabase, name: string): Promise<string | undefined> {
  const [row] = await from.rows<{ value: string }>(GET, name);
  return row?.value;
}

test('the next one works before the one before it is committed, and sees what that changed', async () => {
  const ended: string[] = [];
  const first = await step(1, 5000);
  const done = first.committed.then(() => ended.push('first'));
  const second = await database.ahead(
    async (within) => {
      ended.push('second works');
      expect(await metaOf(within, 'head')).toBe('1');
      await within.post?.(CHANGE, '2', 'head');
    },
    { head: '1', known: [] },
  );
  await Promise.all([done, second.committed]);
  expect(ended).toEqual(['second works', 'first']);
  expect((await names()).length).toBe(5000);
  expect(await metaOf(database, 'head')).toBe('2');
});

test('what is known is read as it was committed, without waiting', async () => {
  await (await step(1)).committed;
  const ended: string[] = [];
  const second = await step(2, 100);
  const done = second.committed.then(() => ended.push('second'));
  const third = await database.ahead(
    async (within) => {
      await metaOf(within, 'head');
      ended.push('third has read');
    },
    { head: '2', known: ['meta'] },
  );
  await Promise.all([done, third.committed]);
  expect(ended).toEqual(['third has read', 'second']);
});

test('of three in a row the third waits until the first is committed', async () => {
  const ended: number[] = [];
  const committed: Promise<unknown>[] = [];
  for (let n = 1; n <= 6; n++) {
    const begun = await step(n, 300);
    expect(ended.length).toBeGreaterThanOrEqual(n - 2);
    committed.push(begun.committed.then(() => ended.push(n)));
  }
  await Promise.all(committed);
  expect(ended).toEqual([1, 2, 3, 4, 5, 6]);
});

test('one that fails takes the one after it with it, whole; then it goes on', async () => {
  await database.run(PUT, 'twice', 'y');
  const failing = await database.ahead(
    async (within) => {
      await within.post?.(PUT, 'lost', 'x');
      await within.post?.(PUT, 'twice', 'x');
      await within.post?.(CHANGE, '1', 'head');
    },
    { head: '0', known: [] },
  );
  // Its statements come after the failure, and must not be committed each by itself.
  const next = step(2, 3000).then(({ committed }) => committed);
  await expect(failing.committed).rejects.toThrow('UNIQUE constraint failed');
  await expect(next).rejects.toThrow('UNIQUE constraint failed');
  expect(await names()).toEqual([]);
  await (await step(1)).committed;
  expect(await names()).toEqual(['1.0']);
});

test('one whose work fails leaves nothing, and the one before it stands', async () => {
  const first = await step(1);
  const second = database.ahead(
    async (within) => {
      await within.post?.(PUT, 'lost', 'x');
      throw new Error('changed its mind');
    },
    { head: '1', known: [] },
  );
  await expect(second).rejects.toThrow('changed its mind');
  await first.committed;
  expect(await names()).toEqual(['1.0']);
});

test('where somebody else moved the head in between, nothing is done', async () => {
  await (await step(1)).committed;
  const other = new Database(join(folder, 'archive.db'));
  other.prepare(CHANGE).run('other', 'head');
  other.close();
  await expect(step(2)).rejects.toMatchObject({ name: 'ArchiveError', retry: true });
  expect(await names()).toEqual(['1.0']);
  expect(await metaOf(database, 'head')).toBe('other');
});

test('any other transaction waits for all of them, and the next of them for it', async () => {
  const first = await step(1, 3000);
  const second = await step(2, 3000);
  const other = database.transaction(async (within) => {
    const found = await metaOf(within, 'head');
    await within.post?.(CHANGE, '10', 'head');
    return found;
  });
  const last = await step(11);
  expect(await other).toBe('2');
  await Promise.all([first.committed, second.committed, last.committed]);
  expect(await metaOf(database, 'head')).toBe('11');
});

test('closing waits for what is being committed', async () => {
  const first = await step(1, 2000);
  const second = await step(2, 2000);
  await database.close();
  await Promise.all([first.committed, second.committed]);
});
