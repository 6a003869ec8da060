/** What is PostgreSQL's own: partitions, a server that goes away, what is left of erased text. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ArchiveError } from '../../appliance/archive/archive-error.ts';
import type { SqlValue } from '../../appliance/archive/contract.ts';
import { monthOf } from '../../appliance/archive/postgres/months.ts';
import {
  makeMonths,
  missingMonths,
  partitionOf,
} from '../../appliance/archive/postgres/partitions.ts';
import { PostgresDatabase } from '../../appliance/archive/postgres/postgres-database.ts';
import { readTarget } from '../../appliance/archive/target.ts';
import { needs } from '../support/need.ts';
import { PostgresServer } from '../support/postgres-server.ts';

const need = needs({ postgres: true, tools: ['setpriv'] });

const COLUMNS = ['sequence', 'time', 'kind', 'envelope', 'content', 'hash'];
const SOME = Buffer.from('some');
const JANUARY = Date.UTC(2026, 0) * 1000;

function record(sequence: number, time: number, content: Buffer | null = null): SqlValue[] {
  return [sequence, time, 'event', SOME, content, SOME];
}

describe.skipIf(need.skip)(`an archive in PostgreSQL${need.why}`, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await PostgresServer.make();
  });
  afterAll(() => server.remove());

  const openAt = (url: string, create = true) => {
    const target = readTarget(url);
    if (target.kind !== 'postgres') throw new Error('an address of PostgreSQL');
    return PostgresDatabase.open(target.url, target.shown, { create, readOnly: false });
  };
  const open = async () => openAt(await server.database());

  const partitions = async (database: PostgresDatabase) =>
    database.rows<{ name: string; n: number }>(
      'SELECT tableoid::regclass::text AS name, COUNT(*) AS n FROM record GROUP BY 1 ORDER BY 1',
    );

  it('keeps each month in a partition of its own, and what is no time of ours elsewhere', async () => {
    const database = await open();
    const times = [
      JANUARY - 1,
      JANUARY,
      Date.UTC(2026, 1) * 1000 - 1,
      Date.UTC(1989, 11, 31) * 1000,
      Date.UTC(2100, 0) * 1000,
      Number.MIN_SAFE_INTEGER,
    ];
    await database.insert(
      'record',
      COLUMNS,
      times.map((time, n) => record(n + 1, time)),
    );
    expect(await partitions(database)).toEqual([
      { name: 'record_2025_12', n: 1 },
      { name: 'record_2026_01', n: 2 },
      { name: 'record_elsewhere', n: 3 },
    ]);
    const plan = await database.rows<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT sequence FROM record WHERE time >= ${JANUARY} AND time < ${JANUARY + 1}`,
    );
    const shown = plan.map((row) => row['QUERY PLAN']).join('\n');
    expect(shown).toContain('record_2026_01');
    expect(shown).not.toContain('record_2025_12');
    await database.close();
  });

  it('makes no more partitions than it should, whatever the times', async () => {
    const url = await server.database();
    const database = await openAt(url);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const months = Array.from({ length: 12 }, (_, n) => monthOf(Date.UTC(1995, n, 15) * 1000));
    const partitions = async (asked: readonly number[]) => {
      const known = new Set<number>();
      const missing = missingMonths(known, asked, 8);
      await makeMonths(client, known, missing, 8);
      expect(missingMonths(known, asked, 8)).toEqual([]);
      return asked.map((month) => partitionOf(known, month));
    };
    const made = await partitions(months);
    expect(made).toEqual([...months.slice(0, 8), 0, 0, 0, 0]);
    expect(made[7]).toBe(199508);
    // Another process finds what was made, and makes no more.
    expect(await partitions(months.toReversed())).toEqual(made.toReversed());
    await client.end();
    await database.close();
  });

  it('makes a partition again where the transaction that made it was undone', async () => {
    const url = await server.database();
    const database = await openAt(url);
    const undone = database.transaction(async (within) => {
      await within.insert('record', COLUMNS, [record(1, JANUARY)]);
      throw new Error('mine');
    });
    await expect(undone).rejects.toThrow('mine');
    const other = await openAt(url);
    await other.insert('record', COLUMNS, [record(1, JANUARY)]);
    await database.insert('record', COLUMNS, [record(2, JANUARY)]);
    expect(await partitions(database)).toEqual([{ name: 'record_2026_01', n: 2 }]);
    await database.close();
    await other.close();
  });

  it('adds a partition while an export reads', async () => {
    const database = await open();
    await database.insert('record', COLUMNS, [record(1, JANUARY), record(2, JANUARY)]);
    const seen: number[] = [];
    for await (const { sequence } of database.each<{ sequence: number }>(
      'SELECT sequence FROM record ORDER BY sequence',
    )) {
      if (seen.length === 0) {
        await database.insert('record', COLUMNS, [record(3, Date.UTC(2027, 5) * 1000)]);
      }
      seen.push(sequence);
    }
    expect(seen).toEqual([1, 2]);
    expect(await partitions(database)).toHaveLength(2);
    await database.close();
  });

  it('runs other statements between the rows of a transaction', async () => {
    const database = await open();
    const rows = Array.from({ length: 2500 }, (_, n) => record(n + 1, JANUARY + n));
    await database.insert('record', COLUMNS, rows);
    let changed = 0;
    await database.transaction(async (within) => {
      for await (const { sequence } of within.each<{ sequence: number }>(
        'SELECT sequence FROM record WHERE time < ? ORDER BY sequence',
        JANUARY + 2000,
      )) {
        if (sequence % 100 === 0) {
          changed += await within.run('DELETE FROM record WHERE sequence = ?', sequence);
        }
      }
    });
    expect(changed).toBe(20);
    await database.close();
  });

  it('goes on after a value that a column cannot have', async () => {
    const database = await open();
    const bad = [record(1, JANUARY), record(2, Number.NaN)];
    await expect(database.insert('record', COLUMNS, bad)).rejects.toBeInstanceOf(ArchiveError);
    const undone = database.transaction(async (within) => {
      await within.run('DELETE FROM nowhere').catch(() => undefined);
    });
    await expect(undone).rejects.toThrow('undone');
    await database.insert('record', COLUMNS, [record(1, JANUARY)]);
    expect(await database.rows('SELECT sequence FROM record')).toEqual([{ sequence: 1 }]);
    await database.close();
  });

  it('tells that the server is away, in any state, and goes on when it is back', async () => {
    const database = await open();
    await database.insert('record', COLUMNS, [record(1, JANUARY)]);
    const away = { retry: true };
    const committed = database.transaction(async (within) => {
      await within.insert('record', COLUMNS, [record(2, JANUARY)]);
      await server.stop('immediate');
      await within.insert('record', COLUMNS, [record(3, JANUARY)]);
    });
    await expect(committed).rejects.toMatchObject(away);
    await expect(database.rows('SELECT 1 AS one')).rejects.toMatchObject(away);
    await expect(database.transaction(async () => undefined)).rejects.toMatchObject(away);
    await server.start();
    const reading = (async () => {
      for await (const _ of database.each('SELECT generate_series(1, 100000) AS n')) {
        if (server.runs) await server.stop('immediate');
      }
    })();
    await expect(reading).rejects.toMatchObject(away);
    await server.start();
    // Connections that broke while nobody used them.
    expect(await database.rows('SELECT sequence FROM record')).toEqual([{ sequence: 1 }]);
    await server.restart('fast');
    expect(await database.rows('SELECT sequence FROM record')).toEqual([{ sequence: 1 }]);
    await database.close();
    await expect(database.rows('SELECT 1')).rejects.toMatchObject({ retry: false });
  });

  it('says what is wrong with an address, and never a password', async () => {
    const socket = encodeURIComponent(server.folder);
    const failing = async (url: string, create = true) => {
      const error = await openAt(url, create).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (!(error instanceof ArchiveError)) throw new Error(`no ArchiveError: ${error}`);
      return error;
    };
    const missing = await failing(server.url('nothing_here'));
    expect(missing.message).toContain('database "nothing_here" does not exist');
    expect(missing).toMatchObject({ retry: false, advice: expect.stringContaining('createdb') });
    const empty = await failing(await server.database(), false);
    expect(empty.message).toContain('is not an archive');
    const nobody = await failing(`postgres://nobody@localhost/postgres?host=${socket}`);
    expect(nobody.message).toContain('role "nobody" does not exist');
    const nowhere = await failing('postgres://postgres@localhost/postgres?host=/nonexistent');
    expect(nowhere.retry).toBe(true);
    const odd = await failing(`${server.url()}&sslmode=prefer&keepalives=1`);
    expect(odd.message).toContain('keepalives');
    const hidden = await failing('postgres://me@127.0.0.1:1/x?sslmode=verify-full');
    expect(hidden.message).toContain('ECONNREFUSED');
  });

  it('refuses a database that has tables of something else', async () => {
    const url = await server.database();
    await server.sql('CREATE TABLE meta (x int)', new URL(url).pathname.slice(1));
    await expect(openAt(url)).rejects.toThrow('of something else');
  });

  it('makes its tables once, whoever comes at the same time', async () => {
    const url = await server.database();
    const both = await Promise.all([openAt(url), openAt(url), openAt(url)]);
    expect(await both[2].rows("SELECT value FROM meta WHERE name = 'schema'")).toHaveLength(1);
    for (const database of both) await database.close();
  });

  it('leaves nothing of what was erased in any file of the server', async () => {
    const database = await open();
    const secret = 'zanzibarcondor';
    const content = Buffer.from(`{"text":"${secret}"}`);
    const rows = Array.from({ length: 300 }, (_, n) => record(n + 1, JANUARY + n, content));
    await database.transaction(async (within) => {
      await within.insert('record', COLUMNS, rows);
      const terms = rows.map((_, n) => ({ sequence: n + 1, terms: `the ${secret} flies` }));
      await within.index(terms);
      await within.index([{ sequence: 1000, terms: `${secret} `.repeat(3000) }]);
    });
    await database.run('ANALYZE');
    await server.sql('CHECKPOINT');
    expect(filesWith(secret)).not.toEqual([]);

    await database.transaction(async (within) => {
      await within.run('UPDATE record SET content = NULL WHERE sequence <= 300');
      await within.unindex([...rows.map((_, n) => n + 1), 1000]);
    });
    expect(filesWith(secret)).not.toEqual([]);
    // Somebody still reads the state of before: it waits for them, and others do not wait for it.
    const reader = database.each('SELECT sequence FROM record')[Symbol.asyncIterator]();
    await reader.next();
    const scrubbing = database.scrub();
    await pause(300);
    await database.insert('meta', ['name', 'value'], [['others', 'write']]);
    await reader.return?.();
    await scrubbing;
    expect(filesWith(secret)).toEqual([]);
    expect(await database.rows('SELECT name FROM record_touched')).toEqual([]);
    expect(await database.rows('SELECT COUNT(*) AS n FROM record')).toEqual([{ n: 300 }]);
    const { sql, values } = database.matching({ phrases: [[secret]] });
    expect(await database.rows(`SELECT 1 AS x FROM record WHERE ${sql}`, ...values)).toEqual([]);
    await database.close();
  });

  it('needs no more than the rights of an owner', async () => {
    const url = new URL(await server.database());
    const name = url.pathname.slice(1);
    await server.sql(`CREATE ROLE keeper LOGIN; ALTER DATABASE ${name} OWNER TO keeper;`);
    url.username = 'keeper';
    const database = await openAt(url.href);
    await database.insert('record', COLUMNS, [record(1, JANUARY, SOME)]);
    await database.run('UPDATE record SET content = NULL');
    await database.scrub();
    expect(await database.rows('SELECT content FROM record')).toEqual([{ content: null }]);
    await database.close();
  });

  /** Files of the cluster in which the text stands, as it is or as hexadecimal digits. */
  function filesWith(text: string): string[] {
    const wanted = [Buffer.from(text), Buffer.from(Buffer.from(text).toString('hex'))];
    return readdirSync(server.data, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => {
        const octets = readFileSync(path);
        return wanted.some((one) => octets.includes(one));
      });
  }
});
