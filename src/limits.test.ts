import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from './limits.ts';

test('docs/limits.md lists every limit with its default', () => {
  const page = readFileSync(new URL('../docs/limits.md', import.meta.url), 'utf8');
  const listed = new Map<string, number>();
  for (const [, name = '', value] of page.matchAll(/^\| `(\w+)` \| (\d+) \|/gm)) {
    listed.set(name, Number(value));
  }
  expect(Object.fromEntries(listed)).toEqual(DEFAULT_LIMITS);
});
