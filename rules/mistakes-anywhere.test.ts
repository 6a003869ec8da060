/** A wrong value anywhere in the shipped policies is told, and never thrown. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { rulesFromText } from './load.ts';

const folder = new URL('packs/', import.meta.url);
const packs = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'));

/** Puts `wrong` somewhere under `value`; `at` says where. */
function spoil(value: unknown, at: readonly number[], wrong: unknown): unknown {
  const [step, ...rest] = at;
  if (step === undefined || typeof value !== 'object' || value === null) return wrong;
  const keys = Object.keys(value);
  const key = keys[step % Math.max(1, keys.length)];
  if (key === undefined) return wrong;
  if (Array.isArray(value)) {
    return value.map((item, i) => (String(i) === key ? spoil(item, rest, wrong) : item));
  }
  const inner: unknown = Reflect.get(value, key);
  return { ...value, [key]: spoil(inner, rest, wrong) };
}

const WRONG = [null, 5, -1, '', 'zzz', [], [[]], [null], {}, { zzz: 1 }, { __proto__: 1 }, true];

test('it is told at a place', () => {
  const spot = fc.tuple(
    fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 7 }),
    fc.constantFrom(...WRONG),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...packs),
      fc.array(spot, { minLength: 1, maxLength: 3 }),
      (pack, spots) => {
        const spoilt = spots.reduce<unknown>((v, [at, wrong]) => spoil(v, at, wrong), parse(pack));
        const { rules, diagnostics } = rulesFromText(JSON.stringify(spoilt));
        expect(rules !== undefined || diagnostics.length > 0).toBe(true);
        for (const { line, column, what } of diagnostics) {
          expect(line).toBeGreaterThan(0);
          expect(column).toBeGreaterThan(0);
          expect(what).not.toMatch(/\[object|undefined|Invalid option/);
        }
      },
    ),
    { numRuns: 300 },
  );
});
