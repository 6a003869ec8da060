import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Archive } from '../../appliance/archive/archive.ts';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { Appender } from '../../appliance/archive/record/appender.ts';
import { EventDrafts } from '../../appliance/archive/record/draft-event.ts';
import { DailyPurge } from '../../appliance/archive/retention/daily-purge.ts';
import type { RetentionRule } from '../../appliance/archive/retention/retention-rules.ts';
import { readTarget } from '../../appliance/archive/target.ts';
import { messageLine } from '../support/archive-lines.ts';

const RULE: RetentionRule = { service: undefined, group: undefined, tag: undefined, days: 90 };
let folder: string;
let archive: Archive;
let now: Date;
let log: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-daily-'));
  archive = await openArchive(readTarget(join(folder, 'a.db')), { create: true });
  now = new Date(2026, 10, 26, 2, 59);
  log = [];
});
afterEach(async () => {
  await archive.close();
  rmSync(folder, { recursive: true, force: true });
});

const made = (directory?: string) =>
  new DailyPurge(
    (level, message, facts) => log.push(`${level} ${message} ${JSON.stringify(facts)}`),
    directory,
    () => now,
  );

async function old(): Promise<void> {
  const line = messageLine({ time: Date.UTC(2026, 0, 1) * 1000 });
  const draft = new EventDrafts().read(line);
  await new Appender(archive).append(draft === undefined ? [] : [draft]);
}

async function left(): Promise<number> {
  const [row] = await archive.database.rows<{ n: number }>(
    "SELECT COUNT(*) AS n FROM record WHERE kind = 'event'",
  );
  return row?.n ?? -1;
}

async function tick(
  purge: DailyPurge,
  rule = RULE,
  purgeAt: number | undefined = 180,
): Promise<void> {
  purge.tick(archive, { retention: [rule], purgeAt });
  // Not stopped: waited for.
  while (purge.running) await new Promise((resolve) => setTimeout(resolve, 10));
}

test('purges once a day, not before its time, and as soon as it runs after it', async () => {
  await old();
  const purge = made();
  await tick(purge);
  expect(await left()).toBe(1);
  now = new Date(2026, 10, 26, 3, 0);
  await tick(purge);
  expect(await left()).toBe(0);
  expect(log).toEqual(['info the archive was purged {"records":1,"held":0,"files":0}']);
  await old();
  now = new Date(2026, 10, 26, 23, 0);
  await tick(purge);
  // Nor after a restart on the same day.
  await tick(made());
  expect(await left()).toBe(1);
  now = new Date(2026, 10, 27, 14, 0);
  await tick(made());
  expect(await left()).toBe(0);
});

test('is not done without a time', async () => {
  await old();
  const purge = made();
  now = new Date(2026, 10, 26, 12, 0);
  purge.tick(archive, { retention: [RULE], purgeAt: undefined });
  purge.tick(undefined, { retention: [RULE], purgeAt: 180 });
  purge.tick(archive, { retention: [], purgeAt: 180 });
  expect(purge.running).toBe(false);
});

test('what cannot be decided is not purged, and is tried again after an hour', async () => {
  await old();
  now = new Date(2026, 10, 26, 12, 0);
  const purge = made();
  await tick(purge, { ...RULE, group: 'traders' });
  await tick(purge, { ...RULE, group: 'traders' });
  expect(log).toEqual([
    'error the archive cannot be purged {"why":"retention is by group (traders), and there is no directory","advice":"Name it in the section policy: of the configuration."}',
  ]);
  now = new Date(2026, 10, 26, 13, 1);
  await tick(purge);
  expect(await left()).toBe(0);
});
