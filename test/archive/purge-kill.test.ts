/** A purge and an erasure that are killed in the middle: the record verifies, and asking once more ends them. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyArchive } from '../../appliance/archive/evidence/verify/verify-archive.ts';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { Appender } from '../../appliance/archive/record/appender.ts';
import { EventDrafts } from '../../appliance/archive/record/draft-event.ts';
import { unfinishedErasure } from '../../appliance/archive/retention/erase-subject.ts';
import { readTarget } from '../../appliance/archive/target.ts';
import { messageLine } from '../support/archive-lines.ts';
import { type Compiled, compiled } from '../support/compiled.ts';

const RECORDS = 5000;
const WORD = 'kestrelobsidian';
let program: Compiled;
let folder: string;
let original: string;

beforeAll(async () => {
  program = compiled(join(import.meta.dirname, 'purge-process.ts'));
  folder = mkdtempSync(join(tmpdir(), 'sallyport-kill-'));
  original = join(folder, 'original.db');
  const archive = await openArchive(readTarget(original), { create: true });
  const drafts = new EventDrafts();
  const time = Date.UTC(2020, 0, 1) * 1000;
  await new Appender(archive).append(
    Array.from({ length: RECORDS }, (_, i) =>
      messageLine({
        time: time + i,
        account: i % 4 === 0 ? 'mallory' : 'alice',
        text: i % 4 === 0 ? WORD : 'x',
      }),
    ).flatMap((line) => drafts.read(line) ?? []),
  );
  await archive.close();
}, 120_000);
afterAll(() => {
  rmSync(program.folder, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

function run(...args: string[]): string | number | null {
  const { status, signal } = spawnSync(process.execPath, [program.path, ...args], {
    stdio: 'inherit',
  });
  return signal ?? status;
}

async function state(path: string) {
  const archive = await openArchive(readTarget(path));
  const { listed, counts } = await verifyArchive(archive);
  const unfinished = await unfinishedErasure(archive);
  await archive.close();
  return {
    listed,
    events: counts.kinds.event,
    purged: counts.purged,
    erased: counts.erased,
    unfinished,
  };
}

it.each([['2', 2000]])('a purge killed in transaction %s', async (at, purged) => {
  const path = join(folder, `purge-${at}.db`);
  copyFileSync(original, path);
  expect(run(path, 'purge', at)).toBe('SIGKILL');
  expect(await state(path)).toMatchObject({ listed: [], purged, events: RECORDS - purged });
  expect(run(path, 'purge')).toBe(0);
  expect(await state(path)).toMatchObject({ listed: [], purged: RECORDS, events: 0 });
});

it.each([
  ['2', 0, 'account irc:mallory'],
  ['3', 500, 'account irc:mallory'],
])('an erasure killed in transaction %s', async (at, erased, unfinished) => {
  const path = join(folder, `erase-${at}.db`);
  copyFileSync(original, path);
  expect(run(path, 'erase', at)).toBe('SIGKILL');
  expect(await state(path)).toMatchObject({ listed: [], erased, events: RECORDS, unfinished });
  expect(run(path, 'erase')).toBe(0);
  expect(await state(path)).toMatchObject({ listed: [], erased: 1250, unfinished: undefined });
  expect(readFileSync(path).includes(WORD)).toBe(false);
});
