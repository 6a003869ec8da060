import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ImEvent } from '../../src/event/event.ts';
import { ExtractFolder } from './extract-folder.ts';

let outside: string;
let folder: string;

beforeEach(() => {
  outside = mkdtempSync(join(tmpdir(), 'sallyport-extract-'));
  folder = join(outside, 'files');
});
afterEach(() => rmSync(outside, { recursive: true, force: true }));

const octets = (text: string) => Buffer.from(text);
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

function complete(name: string, content: string, offset?: number): ImEvent {
  const event = new ImEvent('file.complete');
  event.service = 'aim';
  event.from = 'ann';
  event.to = ['bob'];
  event.file = { name, size: content.length, sha256: sha256(content), offset };
  return event;
}

function transfer(into: ExtractFolder, name: string, content: string, offset?: number): void {
  const writer = into.open();
  for (const part of content.match(/.{1,3}/gs) ?? []) writer?.write(octets(part));
  writer?.complete(complete(name, content, offset));
}

const LIMITS = { file: 100, total: 1000 };
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const listed = () =>
  read('files.jsonl')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('a file is written under its safe name, and listed with who sent it to whom', () => {
  const into = new ExtractFolder(folder, LIMITS);
  transfer(into, '../../../plan.txt', 'the plan');
  into.close();
  expect(readdirSync(folder).sort()).toEqual(['files.jsonl', 'plan.txt']);
  expect(readdirSync(outside)).toEqual(['files']);
  expect(read('plan.txt')).toBe('the plan');
  expect(lstatSync(join(folder, 'plan.txt')).mode & 0o777).toBe(0o600);
  expect(listed()).toMatchObject([
    {
      path: 'plan.txt',
      event: {
        kind: 'file.complete',
        service: 'aim',
        from: 'ann',
        to: ['bob'],
        file: { name: '../../../plan.txt', size: 8, sha256: sha256('the plan') },
      },
    },
  ]);
});

test('names that are taken are numbered, nothing is replaced, the index neither', () => {
  const into = new ExtractFolder(folder, LIMITS);
  transfer(into, 'a.txt', 'one');
  transfer(into, 'a.txt', 'two');
  transfer(into, 'files.jsonl', 'not the index');
  into.close();
  expect(read('a.txt')).toBe('one');
  expect(read('a (2).txt')).toBe('two');
  expect(read('files (2).jsonl')).toBe('not the index');
  expect(listed().map(({ path }) => path)).toEqual(['a.txt', 'a (2).txt', 'files (2).jsonl']);
});

test('a link that somebody put there is not followed', () => {
  mkdirSync(folder);
  writeFileSync(join(outside, 'secret'), 'untouched');
  symlinkSync(join(outside, 'secret'), join(folder, 'plan.txt'));
  const into = new ExtractFolder(folder, LIMITS);
  transfer(into, 'plan.txt', 'overwritten?');
  into.close();
  expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('untouched');
  expect(read('plan (2).txt')).toBe('overwritten?');
});

test('the other leg of a transfer is listed, not written again; a tail has a name of its own', () => {
  const into = new ExtractFolder(folder, LIMITS);
  transfer(into, 'a.txt', 'same');
  transfer(into, 'a.txt', 'same');
  transfer(into, 'a.txt', 'tail', 40);
  into.close();
  expect(readdirSync(folder).sort()).toEqual(['a.txt', 'a.txt.from-40', 'files.jsonl']);
  expect(listed().map(({ path }) => path)).toEqual(['a.txt', 'a.txt', 'a.txt.from-40']);
  expect(into.counters).toMatchObject({ written: 2, repeated: 1, octets: 8 });
});

test('what is over a limit is not kept, and counted', () => {
  const into = new ExtractFolder(folder, { file: 10, total: 15 });
  transfer(into, 'large', '01234567890');
  transfer(into, 'first', '0123456789');
  transfer(into, 'second', '012345');
  transfer(into, 'third', '01234');
  const given = into.open();
  given?.discard();
  into.close();
  expect(readdirSync(folder).sort()).toEqual(['files.jsonl', 'first', 'third']);
  expect(into.counters).toEqual({
    written: 2,
    octets: 15,
    repeated: 0,
    tooLarge: 2,
    refused: 0,
    incomplete: 1,
  });
});

test('at most 256 transfers are kept at a time', () => {
  const into = new ExtractFolder(folder, LIMITS);
  const writers = Array.from({ length: 300 }, () => into.open());
  expect(writers.filter((writer) => writer === undefined)).toHaveLength(44);
  for (const writer of writers) writer?.discard();
  into.close();
  expect(into.counters).toMatchObject({ refused: 44, incomplete: 256 });
  expect(readdirSync(folder)).toEqual(['files.jsonl']);
});

test('a folder of another run, a file, or a place that cannot be written is refused in one line', () => {
  new ExtractFolder(folder, LIMITS).close();
  expect(() => new ExtractFolder(folder, LIMITS)).toThrow(/holds the files of another run/);
  writeFileSync(join(outside, 'file'), '');
  expect(() => new ExtractFolder(join(outside, 'file'), LIMITS)).toThrow(/cannot be extracted/);
});

test('what the disk refuses is told, and nothing is thrown', () => {
  const into = new ExtractFolder(folder, LIMITS);
  const writer = into.open();
  writer?.write(octets('x'));
  rmSync(folder, { recursive: true });
  writer?.complete(complete('a', 'x'));
  expect(into.open()).toBeUndefined();
  expect(into.fault).toMatch(/files cannot be extracted there: no such file/);
  into.close();
  expect(existsSync(folder)).toBe(false);
});
