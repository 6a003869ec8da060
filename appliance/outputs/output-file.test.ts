/** Files of events: rotated, bounded, exchanged at a reload. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../test/record/lab/temporary-folder.ts';
import { DEFAULT_SETTINGS } from '../config/default-settings.ts';
import { DEFAULT_OUTPUT } from '../config/outputs-reader.ts';
import type { Log } from '../log/log.ts';
import { OutputFile } from './output-file.ts';
import type { OutputSettings } from './output-settings.ts';
import { OutputsRecord } from './outputs-record.ts';
import { Rotation } from './rotation.ts';

let folder: ReturnType<typeof temporaryFolder>;
let file: string;
const errors: string[] = [];
const log = {
  info: () => undefined,
  warn: () => undefined,
  debug: () => undefined,
  error: (text: string) => errors.push(text),
} as unknown as Log;
const options = { log, onReaderGone: () => undefined };
const observer = { hostname: 'gate', version: '1' };
const line = (n: number) =>
  `{"v":1,"ts":"2026-11-26T08:00:00.000000Z","kind":"message","text":"${n}"}\n`;
const numbers = (text: string) => [...text.matchAll(/"text":"(\d+)"/g)].map(([, n]) => Number(n));
const settings = (more: Partial<OutputSettings> = {}): OutputSettings => ({
  ...DEFAULT_OUTPUT,
  file,
  ...more,
});

beforeEach(() => {
  folder = temporaryFolder('outputs');
  file = join(folder.path, 'out.jsonl');
  errors.length = 0;
});
afterEach(() => folder.remove());

const all = () =>
  readdirSync(folder.path)
    .sort()
    .flatMap((name) => numbers(readFileSync(join(folder.path, name), 'utf8')));

describe('an output', () => {
  test('a folder that became a file: what was open goes on', async () => {
    const inner = join(folder.path, 'inner');
    mkdirSync(inner);
    const output = new OutputFile(settings({ file: join(inner, 'out.jsonl') }), observer, options);
    renameSync(inner, `${inner}-aside`);
    writeFileSync(inner, '');
    output.reopen();
    await output.write(Buffer.from(line(1)));
    await output.close();
    expect(numbers(readFileSync(join(`${inner}-aside`, 'out.jsonl'), 'utf8'))).toEqual([1]);
    expect(errors).toHaveLength(1);
  });

  test('rotates by size; no line is lost, torn or twice', async () => {
    const output = new OutputFile(
      settings({ rotate: { size: 4096, every: undefined, keep: 100 } }),
      observer,
      options,
    );
    for (let n = 0; n < 400; n += 20) {
      let lines = '';
      for (let i = n; i < n + 20; i++) lines += line(i);
      await output.write(Buffer.from(lines));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await output.close();
    expect(readdirSync(folder.path).length).toBeGreaterThan(5);
    for (const name of readdirSync(folder.path)) {
      const text = readFileSync(join(folder.path, name), 'utf8');
      expect(text.length).toBeLessThanOrEqual(4096);
      for (const one of text.trim().split('\n')) expect(() => JSON.parse(one)).not.toThrow();
    }
    expect(all().sort((a, b) => a - b)).toEqual(Array.from({ length: 400 }, (_, n) => n));
    expect(output.status).toMatchObject({ written: 400, lost: 0, queued: 0 });
  });

  test('what finds no room in its queue is counted, and what found some is written', async () => {
    const output = new OutputFile(settings({ queue: 200 }), observer, options);
    const writes = [0, 1, 2, 3, 4].map((n) => output.write(Buffer.from(line(n))));
    await Promise.all(writes);
    await output.close();
    const written = all();
    expect(written[0]).toBe(0);
    expect(written.length).toBeLessThan(5);
    expect(output.status).toMatchObject({ written: written.length, lost: 5 - written.length });
  });

  test('a line that is no event is counted, and those behind it are written', async () => {
    const output = new OutputFile(settings({ format: 'ecs' }), observer, options);
    await output.write(Buffer.from(`${line(0)}{"torn\nnull\n${line(1)}`));
    await output.write(Buffer.from(line(2)));
    await output.close();
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(3);
    expect(output.status).toMatchObject({ written: 3, lost: 2, queued: 0 });
  });

  test('a file that cannot be put aside grows on, which is said once', async () => {
    const output = new OutputFile(
      settings({ rotate: { size: 100, every: undefined, keep: 1 } }),
      observer,
      options,
    );
    await output.write(Buffer.from(line(0)));
    await new Promise((resolve) => setTimeout(resolve, 30));
    renameSync(file, join(folder.path, 'elsewhere')); // there is nothing to put aside
    await output.write(Buffer.from(line(1)));
    await output.close();
    expect(errors).toHaveLength(1);
    expect(all()).toEqual([0, 1]);
  });
});

describe('files that were put aside', () => {
  test('are kept, so many of them, the newest; others of the folder are left alone', () => {
    writeFileSync(join(folder.path, 'out-of-order.jsonl'), 'mine');
    let now = Date.UTC(2026, 10, 26, 8, 0, 0);
    writeFileSync(file, 'x');
    const rotation = new Rotation(file, { size: 1, every: undefined, keep: 2 }, () => now);
    for (let n = 0; n < 5; n++) {
      rotation.wrote(1);
      rotation.rotate();
      writeFileSync(file, String(n));
      now += 1000;
    }
    expect(readdirSync(folder.path).sort()).toEqual([
      'out-20261126T080003Z.jsonl',
      'out-20261126T080004Z.jsonl',
      'out-of-order.jsonl',
      'out.jsonl',
    ]);
  });

  test('have names of their own within one second, and the newest of them stay', () => {
    const now = Date.UTC(2026, 10, 26);
    const rotation = new Rotation(file, { size: 1, every: undefined, keep: 2 }, () => now);
    for (let n = 0; n < 12; n++) {
      writeFileSync(file, String(n));
      rotation.rotate();
    }
    const kept = readdirSync(folder.path).map((name) =>
      readFileSync(join(folder.path, name), 'utf8'),
    );
    expect(kept.sort()).toEqual(['10', '11']);
  });

  test('are due by age, and never while the file is empty', () => {
    let now = Date.now();
    const rotation = new Rotation(file, { size: undefined, every: 60_000, keep: 1 }, () => now);
    now += 120_000;
    expect(rotation.isDue(10)).toBe(false);
    rotation.wrote(10);
    expect(rotation.isDue(10)).toBe(true);
  });
});

test('a reload opens, keeps and closes outputs, all or none', async () => {
  const other = join(folder.path, 'other.jsonl');
  const inputs = () => [join(folder.path, 'rules.yaml')];
  writeFileSync(inputs()[0] ?? '', 'rules');
  const record = new OutputsRecord([settings()], { ...options, observer, inputs });
  await record.write(Buffer.from(line(1)));
  const next = { ...DEFAULT_SETTINGS, outputs: [settings(), settings({ file: other })] };
  await (await record.prepare(next)).commit();
  await record.write(Buffer.from(line(2)));
  const wrong = { ...DEFAULT_SETTINGS, outputs: [settings({ file: inputs()[0] ?? '' })] };
  await expect(record.prepare(wrong)).rejects.toThrow(/rules\.yaml/);
  await record.write(Buffer.from(line(3)));
  await record.close();
  expect(numbers(readFileSync(file, 'utf8'))).toEqual([1, 2, 3]);
  expect(numbers(readFileSync(other, 'utf8'))).toEqual([2, 3]);
  expect(existsSync(inputs()[0] ?? '') && readFileSync(inputs()[0] ?? '', 'utf8')).toBe('rules');
});
