import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Signer } from '../archive/evidence/signer.ts';
import { openArchive } from '../archive/open-archive.ts';
import { Appender } from '../archive/record/appender.ts';
import { segmentName, writeSegmentHeader } from '../archive/spool/segment-header.ts';
import { type ArchiveTarget, homePaths, readTarget } from '../archive/target.ts';
import { DEFAULT_ARCHIVE, DEFAULT_SETTINGS } from '../config/default-settings.ts';
import type { ArchiveSettings } from '../config/settings.ts';
import { checkArchive } from './checks/archive.ts';

let folder: string;
let target: ArchiveTarget & { kind: 'sqlite' };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doctor-archive-'));
  target = readTarget(join(folder, 'a.db')) as typeof target;
});
afterEach(() => rmSync(folder, { recursive: true }));

async function found(changes: Partial<ArchiveSettings> = {}): Promise<string[]> {
  const archive = { ...DEFAULT_ARCHIVE, store: target.path, ...changes };
  const findings = await checkArchive({ settings: { ...DEFAULT_SETTINGS, archive }, mode: 'tap' });
  return findings.map(({ level, what }) => `${level}: ${what}`);
}

/** With a record, signed at the end. */
async function make(): Promise<void> {
  const archive = await openArchive(target, { create: true });
  const ledger = {
    what: 'start',
    from: '2026-11-26T08:00:00Z',
    to: '2026-11-26T08:00:00Z',
    counts: {},
  };
  await new Appender(archive).append([{ kind: 'ledger', ledger }]);
  await (await Signer.open(archive)).checkpoint();
  await archive.close();
}

test('none, one that is to be made, one that is well', async () => {
  expect(await found({ store: undefined })).toEqual(['ok: none is configured (archive: store:)']);
  expect((await found())[0]).toBe(`ok: ${target.path}: is made when a gateway starts`);
  await make();
  const findings = await found();
  expect(findings).toContainEqual(expect.stringMatching(/^ok: signed up to record \d+, .* ago$/));
  expect(findings).toContainEqual(expect.stringMatching(/^ok: .*a\.db: 3 records, /));
  expect(findings.filter((one) => !one.startsWith('ok: '))).toEqual([
    'warn: there is no backup of it',
  ]);
});

test('what is wrong with it, and what waits', async () => {
  await make();
  const { signingKey, spool } = homePaths(target);
  rmSync(signingKey);
  mkdirSync(spool, { recursive: true });
  const header = { spool: '00'.repeat(16), generation: 1, first: 1, made: Date.now() - 600_000 };
  const segment = Buffer.concat([writeSegmentHeader(header), Buffer.alloc(3000)]);
  writeFileSync(join(spool, segmentName(1, 1)), segment);
  const late = await found();
  expect(late).toContainEqual(expect.stringMatching(/^fail: .*signing key is missing/));
  expect(late).toContainEqual(expect.stringMatching(/^warn: .* wait, since 20/));
  const small = await found({ spool: { size: 4096, sync: 'never' } });
  expect(small).toContainEqual(expect.stringMatching(/^fail: .*about to lose events$/));
  const huge = await found({ spool: { size: 2 ** 60, sync: 'never' } });
  expect(huge).toContainEqual(expect.stringMatching(/^warn: .*the spool alone may take/));
  const encryption = {
    keyFile: join(folder, 'none'),
    keyCommand: undefined,
    index: 'blind',
  } as const;
  expect((await found({ encryption }))[0]).toMatch(/^fail: .*none: the key cannot be read/);
  writeFileSync(target.path, 'no archive');
  expect((await found())[0]).toMatch(/^fail: .*is not an archive/);
  rmSync(target.path);
  expect((await found())[0]).toMatch(/^fail: .*is gone, and its home is there/);
});

test('what was set aside, and a clock that is far from what the archive proves', async () => {
  await make();
  const { incoming } = homePaths(target);
  mkdirSync(join(incoming, 'set-aside'), { recursive: true });
  expect(await found()).not.toContainEqual(expect.stringMatching(/set-aside|clock/));
  writeFileSync(join(incoming, 'set-aside', 'x.note'), '');
  expect(await found()).toContainEqual(
    expect.stringMatching(/^warn: .*set-aside: 1 file that could not be kept$/),
  );
  const now = Date.now();
  vi.spyOn(Date, 'now').mockReturnValue(now + 30 * 86_400_000);
  try {
    expect(await found()).not.toContainEqual(expect.stringMatching(/clock/));
    const rule = { service: undefined, group: undefined, tag: undefined, days: 90 };
    expect(await found({ retention: [rule] })).toContainEqual(
      expect.stringMatching(
        /^warn: the clock of this machine says .*, 30 days after the last time/,
      ),
    );
  } finally {
    vi.restoreAllMocks();
  }
});
