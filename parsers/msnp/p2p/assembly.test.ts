import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Added, Assembly } from './assembly.ts';
import { SLP_LIMIT } from './p2p-limits.ts';

const TEXT = Uint8Array.from({ length: 200 }, (_, i) => i);
const make = (total = TEXT.length) => new Assembly(undefined, true, 1, total);

test('parts in any order, again and overlapping: the first copy of each octet', () => {
  const part = fc.tuple(fc.nat(199), fc.nat(60), fc.nat(255));
  fc.assert(
    fc.property(fc.array(part, { maxLength: 14 }), (parts) => {
      const assembly = make();
      const model = new Map<number, number>();
      for (const [offset, length, salt] of parts) {
        const lent = Uint8Array.from({ length }, (_, i) => (offset + i + salt) & 255);
        const fresh = Math.min(200, offset + length) > offset;
        const known = [...Array(length).keys()].some((i) => model.has(offset + i));
        const added = assembly.add(lent, 0, length, offset);
        if (fresh) expect(added).toBe(known ? Added.Overlap : Added.Plain);
        for (let i = 0; i < length && offset + i < 200; i++) {
          if (!model.has(offset + i)) model.set(offset + i, lent[i] ?? 0);
        }
        lent.fill(0xee);
      }
      let ready = 0;
      while (model.has(ready)) ready++;
      expect(assembly.ready).toBe(ready);
      expect(assembly.complete).toBe(ready === 200);
      for (let i = 0; i < ready; i++) expect(assembly.buffer[i]).toBe(model.get(i));
    }),
  );
});

test('of a long text the beginning is kept', () => {
  const assembly = make(1e9);
  const part = new Uint8Array(10_000).fill(1);
  for (let offset = 0; offset < 200_000; offset += part.length) {
    assembly.add(part, 0, part.length, offset);
    expect(assembly.held).toBeLessThanOrEqual(SLP_LIMIT + 256);
  }
  assembly.add(part, 0, part.length, 9e8);
  expect(assembly.ready).toBe(SLP_LIMIT);
  expect(assembly.complete).toBe(true);
});

test('so many stretches wait, no more', () => {
  const assembly = make(10_000);
  const added = Array.from({ length: 20 }, (_, i) => assembly.add(TEXT, 0, 1, 2 + 2 * i));
  expect(added.filter((a) => a === Added.Refused)).toHaveLength(4);
  // What joins two of them has its place.
  expect(assembly.add(TEXT, 0, 1, 3)).toBe(Added.Plain);
});
