/** What ArchiveDatabase promises, of both databases. */
import { expect, it } from 'vitest';
import { ArchiveError } from '../../appliance/archive/archive-error.ts';
import type { ArchiveDatabase, SqlValue } from '../../appliance/archive/contract.ts';
import {
  type DatabaseSuite,
  describeEachDatabase,
  describeThread,
} from '../support/archive-databases.ts';

const COLUMNS = ['sequence', 'time', 'kind', 'envelope', 'hash'];
const SOME = Buffer.from([0, 1, 0x5c, 0xff]);
const JANUARY = Date.UTC(2026, 0) * 1000;
const DAY = 86_400e6;

function record(sequence: number, time = JANUARY): SqlValue[] {
  return [sequence, time, 'event', SOME, SOME];
}

async function fill(database: ArchiveDatabase, count: number, step = DAY): Promise<void> {
  const rows = Array.from({ length: count }, (_, n) => record(n + 1, JANUARY + n * step));
  await database.transaction((within) => within.insert('record', COLUMNS, rows));
}

async function count(database: ArchiveDatabase, table = 'record'): Promise<number | undefined> {
  const [row] = await database.rows<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`);
  return row?.n;
}

const promises: DatabaseSuite = (open, place, kind) => {
  it('gives what was put into it, with times that nobody expects', async () => {
    const database = await open();
    const times = [1_100_000_000_123_456, -5, 0, JANUARY, Number.MAX_SAFE_INTEGER, -8.64e18 / 1e3];
    await database.transaction((within) =>
      within.insert(
        'record',
        COLUMNS,
        times.map((time, n) => record(n + 1, time)),
      ),
    );
    const rows = await database.rows('SELECT sequence, time, kind, content FROM record ORDER BY 1');
    expect(rows).toEqual(
      times.map((time, n) => ({ sequence: n + 1, time, kind: 'event', content: null })),
    );
    const [row] = await database.rows<{ envelope: Uint8Array }>(
      'SELECT envelope FROM record WHERE sequence = ? AND time < ?',
      2,
      0,
    );
    expect(Buffer.from(row?.envelope ?? [])).toEqual(SOME);
  });

  it('gives numbers for sums, counts and conditions, and sorts text by its octets', async () => {
    const database = await open();
    await fill(database, 3);
    expect(
      await database.rows(
        `SELECT COUNT(*) AS n, SUM(sequence) AS sum, MAX(time) AS last, MIN(sequence) = 1 AS yes,
          SUM(CASE WHEN sequence > ? THEN 1 ELSE 0 END) AS some FROM record`,
        1,
      ),
    ).toEqual([{ n: 3, sum: 6, last: JANUARY + 2 * DAY, yes: 1, some: 2 }]);
    const names = ['b', 'B', 'ä', 'a b', 'ab', 'Z', '_'];
    await database.insert(
      'meta',
      ['name', 'value'],
      names.map((name) => [name, 'x']),
    );
    const sorted = await database.rows<{ name: string }>(
      'SELECT name FROM meta WHERE value = ? ORDER BY name',
      'x',
    );
    expect(sorted.map(({ name }) => name)).toEqual(
      names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
    );
  });

  it('keeps any text, and takes a ? in a string for what it is', async () => {
    const database = await open();
    const odd = ['a\0b', '\ufdd0', '\ufdd0\ufdd1\0', `it's ? "$1" \\x \n`, '', '😀', '\u2028'];
    await database.insert(
      'party',
      ['id', 'service', 'address'],
      odd.map((address, n) => [n, 'irc', address]),
    );
    for (const [n, address] of odd.entries()) {
      const rows = await database.rows(
        `SELECT id, address, '?' AS "what?" FROM party -- which?
          WHERE address = ? /* ? */ AND service <> 'it''s ?'`,
        address,
      );
      expect(rows).toEqual([{ id: n, address, 'what?': '?' }]);
    }
  });

  it('tells how many rows it changed', async () => {
    const database = await open();
    await fill(database, 5);
    expect(await database.run('DELETE FROM record WHERE sequence > ?', 3)).toBe(2);
    expect(await database.run('UPDATE record SET content = ?', SOME)).toBe(3);
    expect(await database.run('DELETE FROM hold')).toBe(0);
    const upsert = `INSERT INTO meta (name, value) VALUES (?, ?)
      ON CONFLICT (name) DO UPDATE SET value = excluded.value`;
    expect(await database.run(upsert, 'x', '1')).toBe(1);
    expect(await database.run(upsert, 'x', '2')).toBe(1);
    expect(await database.rows('SELECT value FROM meta WHERE name = ?', 'x')).toEqual([
      { value: '2' },
    ]);
  });

  it('reads row by row, of one state, while others write', async () => {
    const target = await place();
    const database = await open({ target });
    const other = await open({ target });
    await fill(database, 3000, 3600e6);
    const seen: number[] = [];
    const sql = 'SELECT sequence FROM record WHERE sequence >= ? ORDER BY sequence';
    for await (const { sequence } of database.each<{ sequence: number }>(sql, 1)) {
      if (seen.length === 0) {
        await other.transaction((within) =>
          within.insert('record', COLUMNS, [record(3001, JANUARY + 800 * DAY)]),
        );
        await database.run('DELETE FROM record WHERE sequence = 2999');
        expect(await count(database)).toBe(3000);
      }
      seen.push(sequence);
    }
    expect(seen).toEqual(Array.from({ length: 3000 }, (_, n) => n + 1));
  });

  it('may be left early, any number of times', async () => {
    const database = await open();
    await fill(database, 100);
    for (let round = 0; round < 30; round += 1) {
      for await (const row of database.each('SELECT sequence FROM record ORDER BY sequence')) {
        expect(row).toEqual({ sequence: 1 });
        break;
      }
      const reading = (async () => {
        for await (const _ of database.each('SELECT sequence FROM record')) throw new Error('mine');
      })();
      await expect(reading).rejects.toThrow('mine');
    }
    expect(await count(database)).toBe(100);
  });

  it('tells what is wrong as an ArchiveError, and goes on', async () => {
    const database = await open();
    await expect(database.rows('SELECT nothing FROM nowhere')).rejects.toBeInstanceOf(ArchiveError);
    const reading = (async () => {
      for await (const _ of database.each('SELECT nothing FROM nowhere'));
    })();
    await expect(reading).rejects.toBeInstanceOf(ArchiveError);
    await expect(database.run('DELETE FROM nowhere')).rejects.toMatchObject({ retry: false });
    expect(await count(database)).toBe(0);
  });

  it.each([1, 15, 16, 17, 35])('takes %i rows, or none where one of them fails', async (rows) => {
    const database = await open();
    const columns = [...COLUMNS, 'rule'];
    const values = Array.from({ length: rows }, (_, n) => [
      ...record(rows - n),
      n % 3 === 0 ? null : `rule ${n}`,
    ]);
    const last = [...values.slice(0, -1), [...record(rows), 'once more'], [...record(rows), '']];
    await expect(database.insert('record', columns, last)).rejects.toBeInstanceOf(ArchiveError);
    expect(await count(database)).toBe(0);
    await database.insert('record', columns, values);
    const read = `SELECT ${columns.join(', ')} FROM record ORDER BY sequence DESC`;
    const found = await database.rows<Record<string, SqlValue>>(read);
    expect(found.map((row) => columns.map((name) => row[name]))).toEqual(values);
  });

  it('does all of a transaction or nothing, after an error of either side', async () => {
    const database = await open();
    const mine = new Error('mine');
    const thrown = database.transaction(async (within) => {
      await within.insert('record', COLUMNS, [record(1)]);
      await within.index([{ sequence: 1, terms: 'falcon' }]);
      expect(await count(within)).toBe(1);
      throw mine;
    });
    await expect(thrown).rejects.toBe(mine);
    const twice = database.transaction(async (within) => {
      await within.insert('record', COLUMNS, [record(1), record(2)]);
      await within.insert('record', COLUMNS, [record(3), record(2)]);
    });
    await expect(twice).rejects.toBeInstanceOf(ArchiveError);
    const nested = database.transaction(async (within) => {
      await within.insert('record', COLUMNS, [record(1)]);
      await within.transaction(async () => undefined);
    });
    await expect(nested).rejects.toThrow('within');
    expect(await count(database)).toBe(0);
    const { sql, values } = database.matching({ phrases: [['falcon']] });
    await database.transaction((within) => within.insert('record', COLUMNS, [record(1)]));
    expect(await database.rows(`SELECT sequence FROM record WHERE ${sql}`, ...values)).toEqual([]);
  });

  it('lets writers wait for each other', async () => {
    const target = await place();
    const one = await open({ target });
    // SQLite makes a second connection of the same thread wait where it stands, and so the first.
    const two = kind === 'sqlite' ? one : await open({ target });
    await one.insert('meta', ['name', 'value'], [['head', '0']]);
    const rounds = 25;
    const write = async (database: ArchiveDatabase) => {
      for (let n = 0; n < rounds; n += 1) {
        await database.transaction(async (within) => {
          const read = "SELECT value FROM meta WHERE name = 'head'";
          const [head] = await within.rows<{ value: string }>(read);
          const next = Number(head?.value) + 1;
          await within.insert('record', COLUMNS, [record(next)]);
          await within.run("UPDATE meta SET value = ? WHERE name = 'head'", String(next));
        });
      }
    };
    // Two of one process, and one of another: as far as the database can tell.
    await Promise.all([write(one), write(one), write(two)]);
    expect(await one.rows('SELECT COUNT(*) AS n, MAX(sequence) AS last FROM record')).toEqual([
      { n: 3 * rounds, last: 3 * rounds },
    ]);
  });

  it('may be read alone, and then nothing is written', async () => {
    const target = await place();
    await expect(open({ target, readOnly: true })).rejects.toBeInstanceOf(ArchiveError);
    await fill(await open({ target }), 2);
    const database = await open({ target, readOnly: true });
    expect(await count(database)).toBe(2);
    for await (const row of database.each('SELECT sequence FROM record ORDER BY sequence DESC')) {
      expect(row).toEqual({ sequence: 2 });
      break;
    }
    await expect(database.run('DELETE FROM record')).rejects.toBeInstanceOf(ArchiveError);
    const writing = database.transaction((within) => within.run('DELETE FROM record'));
    await expect(writing).rejects.toBeInstanceOf(ArchiveError);
    expect(await count(database)).toBe(2);
  });

  it(`is called ${kind}, and closes twice`, async () => {
    const database = await open();
    expect(database.kind).toBe(kind);
    await database.close();
    await database.close();
    const calls: (() => Promise<unknown>)[] = [
      () => database.rows('SELECT 1 AS one'),
      () => database.run('DELETE FROM record'),
      () => database.insert('record', COLUMNS, [record(1)]),
      () => database.index([{ sequence: 1, terms: 'one' }]),
      () => database.unindex([1]),
      () => database.transaction(async () => undefined),
      () => database.scrub(),
      async () => {
        for await (const _row of database.each('SELECT 1 AS one')) break;
      },
    ];
    for (const call of calls) {
      await expect(call(), String(call)).rejects.toBeInstanceOf(ArchiveError);
      await expect(call(), String(call)).rejects.toThrow('the archive is closed');
    }
  });
};

describeEachDatabase('a database of an archive', promises);
describeThread('a database of an archive', promises);
