/** An interrupted export is continued from what was saved, and from nothing else. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exportTo } from '../../../test/support/export-for-test.ts';
import { fillArchive, hostileEvents } from '../../../test/support/hostile-archive.ts';
import type { Archive } from '../archive.ts';
import { Signer } from '../evidence/signer.ts';
import { openArchive } from '../open-archive.ts';
import { readTarget } from '../target.ts';
import { claimFolder } from './claim-folder.ts';

let folder: string;
let archive: Archive;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-saved-export-'));
  archive = await openArchive(readTarget(join(folder, 'archive.db')), { create: true });
  await Signer.open(archive);
  await fillArchive(archive, hostileEvents().slice(0, 40));
});
afterAll(async () => {
  await archive.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('an interrupted export', () => {
  let out: string;
  let number = 0;
  beforeEach(async () => {
    out = join(folder, `out-${number++}`);
    await exportTo(archive, out, 'edrm', { signal: AbortSignal.abort() });
  });
  const resume = () => exportTo(archive, out, 'edrm', { resume: true });
  const state = () => join(out, '.partial', 'state.json');

  it('is not continued from a file that was changed since', async () => {
    const file = join(out, 'edrm.xml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('Sallyport', 'Somebody&apos;s'));
    await expect(resume()).rejects.toThrow('is not what the export had written');
    expect(existsSync(join(out, '.partial', 'writer'))).toBe(false);
  });

  it('is not continued from a state that its archive did not sign', async () => {
    const saved = readFileSync(state(), 'utf8');
    writeFileSync(state(), saved.replace('"repeats":0', '"repeats":1'));
    await expect(resume()).rejects.toThrow('was changed');
    writeFileSync(state(), `${saved.split('\n')[0]}\n`);
    await expect(resume()).rejects.toThrow('without the signing key');
    writeFileSync(state(), saved);
    expect((await resume())?.resumed).toBe(1);
  });

  it('writes through no link that took the place of its folders', async () => {
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere, { recursive: true });
    rmSync(join(out, 'natives'), { recursive: true, force: true });
    symlinkSync(elsewhere, join(out, 'natives'));
    await expect(resume()).rejects.toThrow('is no folder of an export');
  });
});

describe('the folder of an export', () => {
  it.each([
    ['that another process writes', String(process.ppid), false],
    ['that nobody writes any more', '999999999', true],
    ['whose writer is taken over by another process', '999999999', false],
  ])('%s', (what, writer, isFree) => {
    const partial = mkdtempSync(join(folder, 'partial-'));
    writeFileSync(join(partial, 'writer'), writer);
    if (what.includes('taken over')) mkdirSync(join(partial, 'taking-over'));
    const claim = () => claimFolder(partial, 'out');
    if (!isFree) return expect(claim).toThrow('another process');
    claim();
    expect(readFileSync(join(partial, 'writer'), 'utf8')).toBe(String(process.pid));
  });
});
