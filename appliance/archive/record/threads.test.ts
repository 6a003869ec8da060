import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { SqliteDatabase } from '../sqlite/sqlite-database.ts';
import { type ThreadHold, Threads } from './threads.ts';

const HOUR = 3600e6;

function open() {
  const folder = mkdtempSync(join(tmpdir(), 'threads-'));
  const database = new SqliteDatabase(join(folder, 'a.db'), { create: true, readOnly: false });
  onTestFinished(async () => {
    await database.close();
    rmSync(folder, { recursive: true });
  });
  const threads = new Threads(12 * HOUR);
  const hold: ThreadHold = { key: 'irc\na\nb', latest: undefined };
  const find = async (hours: number) => {
    const event = { key: hold.key, service: 'irc', room: undefined, opens: true };
    hold.latest = await threads.find(database, { ...event, time: hours * HOUR });
    return hold.latest?.id;
  };
  const remembered = (hours: number) => threads.remembered(hold, hours * HOUR)?.id;
  return { database, threads, hold, find, remembered };
}

it('gives a thread that is held only as long as it is the one remembered', async () => {
  const { hold, find, remembered } = open();
  expect([await find(100), remembered(105), remembered(110)]).toEqual([1, 1, 1]);
  const first = hold.latest;
  expect(await find(200)).toBe(2);
  // Another holder of the same key still has the first one, which fits.
  hold.latest = first;
  expect(remembered(111)).toBeUndefined();
  expect(remembered(201)).toBe(2);
});

it('finds what gave its place again before it is written', async () => {
  const { threads, database, find } = open();
  expect([await find(100), await find(200), await find(101), await find(201)]).toEqual([
    1, 2, 1, 2,
  ]);
  await threads.flush(database);
  expect([await find(102), await find(202)]).toEqual([1, 2]);
});

it('holds nothing that was forgotten', async () => {
  const { threads, find, remembered } = open();
  expect([await find(100), remembered(101)]).toEqual([1, 1]);
  threads.forget();
  expect(remembered(101)).toBeUndefined();
});
