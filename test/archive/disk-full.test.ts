/** Disks that are full: a small file system in memory in the place of the database, or of the spool. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { backupArchive } from '../../appliance/archive/retention/backup-archive.ts';
import { readTarget } from '../../appliance/archive/target.ts';
import { ArchiveWriter } from '../../appliance/archive/writer/archive-writer.ts';
import { DEFAULT_ARCHIVE } from '../../appliance/config/default-settings.ts';
import { verifiedIds } from '../support/archived-ids.ts';
import { needs } from '../support/need.ts';
import { spawnSqlite } from '../support/sqlite-thread.ts';

const need = needs({ root: true, tools: ['mount', 'umount'] });
const EVENTS = 60;

let folder: string;
let small: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-full-'));
  small = join(folder, 'small');
  mkdirSync(small);
  if (!need.skip) execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'none', small]);
});
afterEach(() => {
  if (!need.skip) execFileSync('umount', ['-l', small]);
  rmSync(folder, { recursive: true, force: true });
});

function writer(store: string, home: string, said: string[]): ArchiveWriter {
  return new ArchiveWriter({
    target: readTarget(store, home),
    settings: { ...DEFAULT_ARCHIVE, store, home, spool: { size: 2 ** 26, sync: 'always' } },
    through: 'spool',
    log: (level, message) => said.push(`${level}: ${message}`),
    acknowledge: () => undefined,
    failed: () => undefined,
    spawn: spawnSqlite,
  });
}

function lines(from: number, octets: number): Buffer {
  const texts = Array.from({ length: EVENTS }, (_, i) =>
    JSON.stringify({
      v: 1,
      id: `e${from + i}`,
      ts: '2026-11-26T08:00:00.000000Z',
      kind: 'message',
      service: 'irc',
      visibility: 'content',
      from: 'alice',
      to: ['bob'],
      text: 'x'.repeat(octets),
    }),
  );
  return Buffer.from(texts.map((text) => `${text}\n`).join(''));
}

/** Nothing is left there. */
function fill(): () => void {
  const path = join(small, 'ballast');
  const { bavail, bsize } = statfsSync(small);
  writeFileSync(path, Buffer.alloc(bavail * bsize));
  return () => rmSync(path);
}

const until = async (what: () => boolean): Promise<void> => {
  const deadline = performance.now() + 60_000;
  while (!what()) {
    if (performance.now() > deadline) throw new Error(`it never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
};

describe.skipIf(need.skip)(`a full disk${need.why}`, () => {
  test('of the database: events wait in the spool, and go on when there is room', async () => {
    const store = join(small, 'archive.db');
    const home = join(folder, 'home');
    const said: string[] = [];
    const one = writer(store, home, said);
    await one.start();
    one.lines(lines(0, 20));
    await until(() => one.status.archived === EVENTS);
    const free = fill();
    one.lines(lines(EVENTS, 8000));
    await until(() => !one.status.up);
    expect(one.status).toMatchObject({ archived: EVENTS, lost: 0, up: false });
    free();
    await until(() => one.status.archived === 2 * EVENTS);
    await one.stop(10_000);
    expect(said).toContain('error: the archive is away: events wait in the spool');
    expect(said).toContain('info: the archive is back');
    const ids = Array.from({ length: 2 * EVENTS }, (_, i) => `e${i}`);
    expect(await verifiedIds(readTarget(store, home))).toEqual(ids);
  });

  test('of the spool: what comes then is lost and counted, what was there is not', async () => {
    const store = join(folder, 'archive.db');
    const home = join(small, 'home');
    const one = writer(store, home, []);
    await one.start();
    one.lines(lines(0, 20));
    const free = fill();
    one.lines(lines(EVENTS, 8000));
    expect(one.status.lost).toBe(EVENTS);
    free();
    one.lines(lines(2 * EVENTS, 20));
    await one.stop(10_000);
    const ids = Array.from({ length: 3 * EVENTS }, (_, i) => `e${i}`);
    ids.splice(EVENTS, EVENTS);
    expect(await verifiedIds(readTarget(store, home))).toEqual(ids);
  });

  test('a medium that is read-only: what cannot be recorded is refused, and a backup is verified there', async () => {
    const [store, home] = [join(small, 'archive.db'), join(folder, 'home')];
    const archive = await openArchive(readTarget(store, home), { create: true });
    await backupArchive(archive, join(small, 'backup.db'));
    await archive.close();
    execFileSync('mount', ['-o', 'remount,ro', small]);
    await expect(openArchive(readTarget(store, home))).rejects.toThrow(
      'archive.db: its folder cannot be written to (the file system is read-only), and SQLite keeps its log there',
    );
    expect(await verifiedIds(readTarget(join(small, 'backup.db'), home))).toEqual([]);
  });
});
