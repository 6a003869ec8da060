import { mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { LineWriter } from './line-writer.ts';

const folder = mkdtempSync(join(tmpdir(), 'sallyport-lines-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('every line arrives whole and in order', () => {
  const path = join(folder, 'lines');
  const writer = new LineWriter(openSync(path, 'w'), path);
  const lines = Array.from({ length: 20_000 }, (_, i) => `${i} ü 你好 😀`);
  for (const line of lines) writer.line(line);
  writer.close();
  expect(readFileSync(path, 'utf8')).toBe(`${lines.join('\n')}\n`);
});

test('no more than a block waits', () => {
  const path = join(folder, 'blocks');
  const writer = new LineWriter(openSync(path, 'w'), path);
  writer.line('x'.repeat(1000));
  expect(statSync(path).size).toBe(0);
  for (let i = 0; i < 1000; i++) writer.line('x'.repeat(1000));
  expect(statSync(path).size).toBeGreaterThan(1_001_000 - 66_000);
  writer.close();
  expect(statSync(path).size).toBe(1001 * 1001);
});
