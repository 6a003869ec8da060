import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { needs } from '../../test/support/need.ts';
import { readTarget } from '../archive/target.ts';
import { prepareArchiveHome } from './archive-home.ts';

const need = needs({ root: true });
const ACCOUNT = { name: 'nobody', uid: 65_534, gid: 65_534, groups: [65_534] };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archive-home-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('the folders are made, their owner’s alone', () => {
  prepareArchiveHome(readTarget(join(folder, 'new', 'a.db')), undefined);
  for (const path of ['new', 'new/a.db.d', 'new/a.db.d/spool']) {
    expect(statSync(join(folder, path)).mode & 0o777, path).toBe(0o700);
  }
  prepareArchiveHome(readTarget(join(folder, 'new', 'a.db')), undefined);
});

describe.skipIf(need.skip)(`for the account that the gateway becomes${need.why}`, () => {
  test('what is made is its own; what was there stays as it was', () => {
    chmodSync(folder, 0o777);
    prepareArchiveHome(readTarget(join(folder, 'new', 'a.db')), ACCOUNT);
    for (const path of ['new', 'new/a.db.d', 'new/a.db.d/spool']) {
      expect(statSync(join(folder, path)).uid, path).toBe(ACCOUNT.uid);
    }
    expect(statSync(folder).uid).toBe(0);
  });

  test('a folder that it cannot write to is told of before anything begins', () => {
    const target = readTarget(join(folder, 'a.db'));
    expect(() => prepareArchiveHome(target, ACCOUNT)).toThrow(
      `${folder}: nobody cannot write the archive there`,
    );
  });

  test('what a link in the place of the home leads to is not given away', () => {
    chmodSync(folder, 0o777);
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere, { mode: 0o700 });
    symlinkSync(elsewhere, join(folder, 'a.db.d'));
    prepareArchiveHome(readTarget(join(folder, 'a.db')), ACCOUNT);
    expect(statSync(elsewhere).uid).toBe(0);
  });
});
