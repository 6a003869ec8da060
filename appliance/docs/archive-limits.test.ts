/** docs/limits.md says of the archive what the code does: each constant has the value that stands there. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../cli/package-root.ts';
import { DEFAULT_ARCHIVE } from '../config/default-settings.ts';
import { ALL_METRICS } from '../metrics/all-metrics.ts';

const page = readFileSync(join(packageRoot(), 'docs/limits.md'), 'utf8');

/** Of `2 ** 24`, `16 * 2 ** 20`, `32 << 20`, `10_000`. */
function computed(text: string): number {
  const [, factor = '1', base = '', operator, by = '0'] =
    /^(?:([\d_]+) \* )?([\d_]+)(?: (\*\*|<<) (\d+))?$/.exec(text) ?? [];
  const number = (digits: string) => Number(digits.replaceAll('_', ''));
  if (base === '') return Number.NaN;
  const value =
    operator === undefined
      ? number(base)
      : operator === '**'
        ? number(base) ** Number(by)
        : number(base) * 2 ** Number(by);
  return number(factor) * value;
}

test('constants of the archive stand in docs/limits.md as they stand in the code', () => {
  let checked = 0;
  for (const [, file = '', name = '', value] of page.matchAll(
    /^\| `(\S+\.ts) (\w+)` \| (\d+) \|/gm,
  )) {
    const source = readFileSync(join(packageRoot(), 'appliance', file), 'utf8');
    const written = new RegExp(`const ${name} = ([^;]+);`).exec(source)?.[1] ?? '';
    expect(computed(written), `${file} ${name} = ${written}`).toBe(Number(value));
    checked += 1;
  }
  expect(checked).toBeGreaterThan(15);
});

test('settings of the archive stand there with their defaults, counters are metrics that there are', () => {
  const { spool, files } = DEFAULT_ARCHIVE;
  expect(page).toContain(`| \`archive.spool.size\` | ${spool.size} |`);
  expect(page).toContain(`| \`archive.files.largest\` | ${files.largest} |`);
  expect(page).toContain(`| \`archive.files.total\` | ${files.total} |`);
  const names = new Set(ALL_METRICS.map(({ name }) => name));
  const counters = [...page.matchAll(/`(sallyport_\w+)/g)].map(([, name = '']) => name);
  expect(counters.filter((name) => !names.has(name))).toEqual([]);
  expect(counters.length).toBeGreaterThan(8);
});
