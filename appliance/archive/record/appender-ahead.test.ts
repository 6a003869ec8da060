/** What is appended ahead is the same as what is appended one by one, however little is remembered. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { spawnSqlite } from '../../../test/support/sqlite-thread.ts';
import type { Archive } from '../archive.ts';
import { openArchive } from '../open-archive.ts';
import { readTarget } from '../target.ts';
import { Appender } from './appender.ts';
import { EventDrafts } from './draft-event.ts';

const TABLES = ['record', 'party', 'conversation', 'participant', 'record_tag', 'meta'];
/** Of the archive's making. */
const OWN = "WHERE name NOT IN ('archive', 'made')";
const BEGIN = Date.UTC(2026, 10, 26);
const GAP = 60e6; // µs

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'appender-ahead-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function open(name: string): Promise<Archive> {
  const target = readTarget(join(folder, `${name}.db`));
  return openArchive(target, { create: true, thread: spawnSqlite });
}

function appenderOf(archive: Archive): Appender {
  return new Appender(archive, { threadGap: GAP, now: () => BEGIN * 1000, remembered: 2 });
}

async function dump({ database }: Archive): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  for (const table of TABLES) {
    const rows = await database.rows(
      `SELECT * FROM ${table} ${table === 'meta' ? OWN : ''} ORDER BY 1, 2`,
    );
    found[table] = rows.map((row) => JSON.stringify(row));
  }
  return found;
}

const WHO = fc.integer({ min: 0, max: 15 }).map((n) => `person${n}`);
const EVENT = fc.record({
  seconds: fc.integer({ min: 0, max: 400 }),
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

test('threads, parties and counts are the same', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(EVENT, { minLength: 1, maxLength: 12 }), { minLength: 2, maxLength: 8 }),
      async (batches) => {
        const name = `${Math.random()}`;
        const [one, other] = [await open(`${name}-one`), await open(`${name}-other`)];
        try {
          const [plain, early] = [appenderOf(one), appenderOf(other)];
          const drafts = () => batches.map((batch, n) => draftsOf(batch, n * 100));
          for (const batch of drafts()) await plain.append(batch, 'x');
          let before: Promise<void> | undefined;
          for (const batch of drafts()) {
            const begun = await early.ahead(batch, 'x');
            await before;
            before = begun.committed;
          }
          await before;
          expect(await dump(other)).toEqual(await dump(one));
        } finally {
          await one.close();
          await other.close();
        }
      },
    ),
    { numRuns: 8, endOnFailure: true },
  );
}, 60_000);
