import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openArchive } from '../open-archive.ts';
import { Appender } from '../record/appender.ts';
import { putMeta } from '../record/meta.ts';
import { readTarget } from '../target.ts';
import { SqliteDatabase } from './sqlite-database.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-sqlite-'));
  path = join(folder, 'archive.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const make = () => openArchive(readTarget(path), { create: true });
const open = () => openArchive(readTarget(path));
const ledger = { what: 'start', from: 'a', to: 'b', counts: {} };

describe('an archive in a file', () => {
  it('is the owner’s alone, with its log and its folder', async () => {
    const archive = await make();
    await new Appender(archive).append([{ kind: 'ledger', ledger }]);
    for (const name of [path, `${path}-wal`, `${path}-shm`]) {
      expect([name, statSync(name).mode & 0o777]).toEqual([name, 0o600]);
    }
    expect(statSync(`${path}.d`).mode & 0o777).toBe(0o700);
    await archive.close();
  });

  it('writes what a transaction puts into the search index at once', async () => {
    const { database, close } = await make();
    const rows = Array.from({ length: 3000 }, (_, n) => ({
      sequence: n + 1,
      terms: Array.from({ length: 30 }, (_, i) => `word${n * 20 + i}`).join(' '),
    }));
    await database.index(rows);
    const pieces = 'SELECT COUNT(DISTINCT segid) AS n FROM record_text_idx';
    expect(await database.rows(pieces)).toEqual([{ n: 1 }]);
    await close();
  });

  it('keeps its identity', async () => {
    const ids: unknown[] = [];
    for (const archive of [await make(), await open(), await make()]) {
      ids.push(await archive.database.rows("SELECT value FROM meta WHERE name = 'archive'"));
      await archive.close();
    }
    expect(ids[0]).toEqual([{ value: expect.stringMatching(/^[0-9a-f-]{36}$/) }]);
    expect([ids[1], ids[2]]).toEqual([ids[0], ids[0]]);
  });

  it('is not made by opening it', async () => {
    await expect(open()).rejects.toThrow(`${path}: there is no such archive`);
    expect(() => statSync(path)).toThrow('ENOENT');
  });

  it('is not made where there is no folder', async () => {
    const target = readTarget(join(folder, 'none', 'archive.db'));
    await expect(openArchive(target, { create: true })).rejects.toThrow(
      'the archive cannot be made: no such file or directory',
    );
  });

  it('is of a version that it was made by', async () => {
    const archive = await make();
    await putMeta(archive.database, 'schema', '7');
    await archive.close();
    await expect(open()).rejects.toThrow('is an archive of version 7, and this Sallyport reads');
  });

  it.each([false, true])('is not the file of another program (create: %s)', async (create) => {
    const file = new Database(path);
    file.exec('CREATE TABLE meta (name TEXT, value TEXT)');
    file.close();
    const before = readFileSync(path);
    await expect(openArchive(readTarget(path), { create })).rejects.toThrow(
      `${path}: is not an archive of Sallyport`,
    );
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('is not a text', async () => {
    writeFileSync(path, 'Dear diary, '.repeat(1000));
    await expect(open()).rejects.toThrow(`${path}: is not an archive of Sallyport`);
    await expect(make()).rejects.toThrow(`${path}: is not an archive of Sallyport`);
  });

  it('says so where it is damaged', async () => {
    const archive = await make();
    const drafts = Array.from({ length: 2000 }, () => ({ kind: 'ledger', ledger }) as const);
    await new Appender(archive).append(drafts);
    await archive.close();
    const octets = readFileSync(path);
    octets.fill(0x55, 8192, octets.length - 4096);
    writeFileSync(path, octets);
    const read = async () => {
      const damaged = await open();
      try {
        for await (const _row of damaged.database.each('SELECT * FROM record'));
      } finally {
        await damaged.close();
      }
    };
    await expect(read()).rejects.toThrow(`${path}: the file is damaged (SQLITE_CORRUPT)`);
  });

  it('cannot be written to when it is opened to be read', async () => {
    await (await make()).close();
    const archive = await openArchive(readTarget(path), { readOnly: true });
    await expect(new Appender(archive).append([{ kind: 'ledger', ledger }])).rejects.toThrow(
      `${path}: it cannot be written to (SQLITE_READONLY)`,
    );
    await archive.close();
  });

  it('does not give what a transaction has not finished', async () => {
    const database = new SqliteDatabase(path, { create: true, readOnly: false });
    await database.transaction(async (within) => {
      await putMeta(within, 'x', '1');
      const sql = "SELECT value FROM meta WHERE name = 'x'";
      expect(await within.rows(sql)).toEqual([{ value: '1' }]);
      expect(await database.rows(sql)).toEqual([]);
    });
    await database.close();
  });

  it('lets a transaction change what it reads row by row', async () => {
    const database = new SqliteDatabase(path, { create: true, readOnly: false });
    for (let n = 0; n < 5; n++) await putMeta(database, `x${n}`, '1');
    await database.transaction(async (within) => {
      const rows = within.each<{ name: string }>("SELECT name FROM meta WHERE name LIKE 'x%'");
      for await (const { name } of rows) {
        await within.run('DELETE FROM meta WHERE name = ?', name);
      }
    });
    const left = await database.rows("SELECT name FROM meta WHERE name LIKE 'x%'");
    expect(left).toEqual([]);
    await database.close();
  });

  it('has nothing left of what was deleted, in file and log, once it is scrubbed', async () => {
    const archive = await make();
    const { database } = archive;
    const secret = 'peregrine';
    await database.transaction(async (within) => {
      await within.index([{ sequence: 1, terms: `the ${secret} flies` }]);
      await within.index([{ sequence: 2, terms: 'the swallow flies' }]);
      await putMeta(within, 'x', secret);
    });
    const found = () => [path, `${path}-wal`].some((name) => readFileSync(name).includes(secret));
    expect(found()).toBe(true);
    await database.unindex([1]);
    await database.run("DELETE FROM meta WHERE name = 'x'");
    await database.scrub();
    expect(found()).toBe(false);
    const { sql, values } = database.matching({ phrases: [['flies']] });
    await database.insert(
      'record',
      ['sequence', 'time', 'kind', 'envelope', 'hash'],
      [1, 2].map((n) => [n, 0, 'event', Buffer.of(), Buffer.of()]),
    );
    expect(await database.rows(`SELECT sequence FROM record WHERE ${sql}`, ...values)).toEqual([
      { sequence: 2 },
    ]);
    await archive.close();
  });

  it('does not claim to be scrubbed while somebody reads its log', async () => {
    const options = { create: true, readOnly: false, patience: 200 };
    const database = new SqliteDatabase(path, options);
    const reader = database.each('SELECT name FROM meta')[Symbol.asyncIterator]();
    await reader.next();
    await putMeta(database, 'x', '1');
    await expect(database.scrub()).rejects.toThrow('somebody has been reading the archive');
    await reader.return?.();
    await database.scrub();
    await database.close();
  });

  it('waits for another writer, and says who is to be asked when that takes too long', async () => {
    const options = { create: true, readOnly: false, patience: 200 };
    const [one, other] = [new SqliteDatabase(path, options), new SqliteDatabase(path, options)];
    const writing = one.transaction(async (within) => {
      await putMeta(within, 'x', '1');
      await expect(putMeta(other, 'x', '2')).rejects.toMatchObject({
        message: expect.stringContaining('another process has been writing to the archive'),
        retry: true,
      });
    });
    await writing;
    await putMeta(other, 'x', '2');
    await one.close();
    await other.close();
  });
});
