import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KnownOctets, viewOf } from './known-octets.ts';

it('never takes one key for another, and knows what came last', () => {
  const key = fc.string({ unit: fc.constantFrom('a', 'b', '\0'), maxLength: 9 });
  const property = fc.property(fc.array(key, { maxLength: 40 }), (keys) => {
    const known = new KnownOctets<string>(4, 8);
    for (const text of keys) {
      const octets = Buffer.from(`xx${text}yy`);
      const [view, to] = [viewOf(octets), octets.length - 2];
      expect([undefined, text]).toContain(known.get(view, 2, to));
      known.set(view, 2, to, text);
      expect(known.get(view, 2, to)).toBe(text.length > 8 ? undefined : text);
    }
  });
  fc.assert(property, { numRuns: 200 });
});

it('keeps two keys that fall together', () => {
  const known = new KnownOctets<number>(2, 8);
  const view = viewOf(Buffer.from('abc'));
  for (let i = 0; i < 3; i++) known.set(view, i, i + 1, i);
  const found = [0, 1, 2].filter((i) => known.get(view, i, i + 1) === i);
  expect(found).toHaveLength(2);
  expect(found).toContain(2);
});
