import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exampleOf } from './host-pattern.ts';
import { loadServices } from './load-services.ts';
import { NameFilter } from './name-filter.ts';

const { catalogue } = loadServices([new URL('../services', import.meta.url).pathname]);
const patterns = (catalogue?.entries ?? []).flatMap(({ hosts, exact }) => [...hosts, ...exact]);
const shipped = new NameFilter();
for (const pattern of patterns) shipped.add(pattern);

function may(filter: NameFilter, name: string): boolean {
  const octets = Buffer.from(`a.${name}.b`, 'latin1');
  return filter.mayHold(octets, 2, octets.length - 2);
}

test('no name of the catalogue is ruled out, nor one below it, in either case, with a dot at its end', () => {
  expect(patterns.length).toBeGreaterThan(500);
  for (const pattern of patterns) {
    const name = exampleOf(pattern);
    expect(may(shipped, name), name).toBe(true);
    expect(may(shipped, `below.${name.toUpperCase()}.`), name).toBe(true);
  }
});

test('a name of one label is told from what ends in it', () => {
  const filter = new NameFilter();
  filter.add('intranet');
  expect(may(filter, 'Intranet.')).toBe(true);
  expect(may(filter, 'www.intranet')).toBe(false);
  expect(may(filter, '')).toBe(false);
});

test('most others are ruled out', () => {
  const others = fc.sample(fc.stringMatching(/^[a-z]{4,12}\.(com|net|example)$/), {
    numRuns: 2000,
    seed: 7,
  });
  const left = others.filter((name) => may(shipped, `www.${name}`));
  expect(left.length).toBeLessThan(60);
});
