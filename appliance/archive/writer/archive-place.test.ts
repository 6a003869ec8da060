import { mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readTarget } from '../target.ts';
import { ArchivePlace } from './archive-place.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'place-'));
  path = join(folder, 'a.db');
  writeFileSync(path, Buffer.alloc(8192));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a file that grows is the same; one that was moved, replaced or emptied is not', () => {
  const place = new ArchivePlace(readTarget(path));
  truncateSync(path, 16_384);
  place.check();
  const other = join(folder, 'other.db');
  renameSync(path, other);
  expect(() => place.check()).toThrow(/no such file or directory/);
  writeFileSync(path, Buffer.alloc(8192));
  expect(() => place.check()).toThrow(/another file has taken its place/);
  renameSync(other, path);
  place.check(); // somebody put it back
  truncateSync(path, 0);
  expect(() => place.check()).toThrow(/somebody emptied it/);
});

test('a server minds its own files', () => {
  new ArchivePlace(readTarget('postgres://user@nowhere/archive')).check();
});
