/** How events get into PostgreSQL: the same as into SQLite, with few journeys to the server. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Archive } from '../../appliance/archive/archive.ts';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { Appender } from '../../appliance/archive/record/appender.ts';
import { EventDrafts } from '../../appliance/archive/record/draft-event.ts';
import { readTarget } from '../../appliance/archive/target.ts';
import { needs } from '../support/need.ts';
import { PostgresServer } from '../support/postgres-server.ts';

const need = needs({ postgres: true, tools: ['setpriv'] });

const BEGIN = Date.UTC(2026, 10, 26);
const GAP = 60e6; // µs
const TABLES = {
  record: 'sequence, time, kind, event, service, conversation, account, sender, repeat, hash',
  party: 'id, service, address, person',
  conversation: 'id, thread_key, started, ended, messages, files, events, refused',
  participant: 'conversation, party, messages',
} as const;

/** Names with all that an array of PostgreSQL must quote. */
const WHO = fc.oneof(
  fc.integer({ min: 0, max: 3 }).map((n) => `person${n}`),
  fc.constantFrom('a"b', 'a\\b', '{a,b}', 'NULL', 'a\0b', '\ufdd0', '?', 'ü😀'),
);
const EVENT = fc.record({
  // Few: the same moment comes again in another batch.
  seconds: fc.integer({ min: 0, max: 8 }).map((n) => 50 * n),
  kind: fc.constantFrom('message', 'typing', 'presence', 'file.offer'),
  account: WHO,
  to: fc.array(WHO, { minLength: 1, maxLength: 2 }),
  person: fc.option(fc.constantFrom('Ann', 'Ben'), { nil: undefined }),
  room: fc.option(fc.constantFrom('#a', '#b'), { nil: undefined }),
  text: fc.constantFrom('yes', 'no'),
});
type Said = typeof EVENT extends fc.Arbitrary<infer T> ? T : never;

/** Content is left out: what is stored of it is salted. */
function draftsOf(events: readonly Said[], from: number) {
  const drafts = new EventDrafts('metadata');
  return events.map(({ seconds, account, ...event }, n) => {
    const draft = drafts.draft({
      ...{ v: 1, id: `e${from + n}`, ts: new Date(BEGIN + seconds * 1000).toISOString() },
      ...{ service: 'irc', protocol: 'irc', flow: { id: account }, account, from: account },
      ...event,
    });
    if (draft === undefined) throw new Error('no event');
    return draft;
  });
}

async function dump({ database }: Archive): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  for (const [table, columns] of Object.entries(TABLES)) {
    const rows = await database.rows(`SELECT ${columns} FROM ${table} ORDER BY 1, 2`);
    found[table] = rows.map((row) => JSON.stringify(row));
  }
  return found;
}

describe.skipIf(need.skip)(`writing into PostgreSQL${need.why}`, () => {
  let server: PostgresServer;
  let folder: string;
  beforeAll(async () => {
    server = await PostgresServer.make();
    folder = mkdtempSync(join(tmpdir(), 'sallyport-postgres-ingest-'));
  });
  afterAll(async () => {
    await server.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (where: string) =>
    openArchive(readTarget(where, join(folder, `${Math.random()}`)), { create: true });

  it('makes the same parties, threads and counts, however little is remembered', async () => {
    const far = await open(await server.database());
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(EVENT, { minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 5 }),
        async (batches) => {
          const near = await open(join(folder, `${Math.random()}.db`));
          try {
            const tables = ['record', 'party', 'conversation', 'participant'];
            for (const table of tables) await far.database.run(`DELETE FROM ${table}`);
            await far.database.run(
              "DELETE FROM meta WHERE name IN ('head', 'last-party', 'last-conversation')",
            );
            for (const archive of [near, far]) {
              const options = { threadGap: GAP, now: () => BEGIN * 1000, remembered: 2 };
              const appender = new Appender(archive, { ...options, together: 4 });
              for (const [n, batch] of batches.entries()) {
                await appender.append(draftsOf(batch, n * 100));
              }
            }
            expect(await dump(far)).toEqual(await dump(near));
          } finally {
            await near.close();
          }
        },
      ),
      { numRuns: 25, endOnFailure: true },
    );
    await far.close();
  }, 60_000);

  it('looks up what a batch needs with few statements', async () => {
    const archive = await open(await server.database());
    const said = Array.from(
      { length: 1000 },
      (_, n): Said => ({
        ...{ seconds: n % 300, kind: 'message', account: `one${n}`, to: [`other${n}`] },
        ...{ person: undefined, room: undefined, text: 'yes' },
      }),
    );
    const asked = vi.spyOn(pg.Client.prototype, 'query');
    await new Appender(archive).append(draftsOf(said, 0));
    const statements = asked.mock.calls.length;
    asked.mockRestore();
    expect(await archive.database.rows('SELECT COUNT(*) AS n FROM party')).toEqual([{ n: 2000 }]);
    // 2000 parties and 1000 threads are new; the rest is written, 64 rows a statement.
    expect(statements).toBeLessThan(80);
    await archive.close();
  });

  it('tells what failed first of what it did not wait for, and leaves nothing', async () => {
    const { database, close } = await open(await server.database());
    const twice = database.transaction(async (within) => {
      await within.insert('hold', ['id', 'name', 'query', 'made'], [[1, 'a', '{}', 1]]);
      await within.insert('hold', ['id', 'name', 'query', 'made'], [[1, 'b', '{}', 1]]);
      await within.post?.('UPDATE hold SET made = ? WHERE id = ?', 2, 1);
      return within.rows('SELECT COUNT(*) AS n FROM hold');
    });
    await expect(twice).rejects.toThrow('duplicate key value violates unique constraint');
    const last = database.transaction(async (within) => {
      await within.post?.('INSERT INTO hold (id, name, query, made) VALUES (1, ?, ?, 1)', 'a', '');
      await within.post?.('INSERT INTO hold (id, name, query, made) VALUES (1, ?, ?, 1)', 'b', '');
    });
    await expect(last).rejects.toThrow('duplicate key value violates unique constraint');
    expect(await database.rows('SELECT COUNT(*) AS n FROM hold')).toEqual([{ n: 0 }]);
    await database.transaction((within) =>
      within.insert('hold', ['id', 'name', 'query', 'made'], [[1, 'a', '{}', 1]]),
    );
    expect(await database.rows('SELECT COUNT(*) AS n FROM hold')).toEqual([{ n: 1 }]);
    await close();
  });
});
