/** Conditions on numbers: `10MB`, `{ over: 10MB }`, `{ under: … }`, `{ between: [a, b] }`. */
import type { FieldName } from '../fields.ts';
import type { Diagnostics } from '../source/diagnostic.ts';
import { parseNumber } from '../source/quantity.ts';
import type { Path, YamlSource } from '../source/yaml-source.ts';
import type { Test } from './policy.ts';

/** One number, or all of the comparisons that are given. */
export function readNumbers(
  name: FieldName,
  value: unknown,
  path: Path,
  source: YamlSource,
  found: Diagnostics,
): Test[] {
  const read = (written: unknown, at: Path) => readNumber(name, written, at, source, found);
  if (typeof value !== 'object' || value === null) {
    const n = read(value, path);
    return [{ is: 'number', relation: 'equal', low: n, high: n }];
  }
  const ops: Readonly<Record<string, unknown>> = { ...value };
  const tests: Test[] = [];
  for (const relation of ['over', 'under'] as const) {
    if (ops[relation] === undefined) continue;
    const n = read(ops[relation], [...path, relation]);
    tests.push({ is: 'number', relation, low: n, high: n });
  }
  const { between } = ops;
  if (Array.isArray(between)) {
    const at = [...path, 'between'];
    const low = read(between[0], [...at, 0]);
    const high = read(between[1], [...at, 1]);
    if (low > high) found.error(source.place(at), "'between' has its ends the wrong way round");
    tests.push({ is: 'number', relation: 'between', low, high });
  }
  return tests;
}

/** The largest number that the field can be. */
const LARGEST: Partial<Readonly<Record<FieldName, number>>> = { 'flow.port': 65535, vlan: 4095 };

function readNumber(
  name: FieldName,
  value: unknown,
  path: Path,
  source: YamlSource,
  found: Diagnostics,
): number {
  const n = typeof value === 'number' || typeof value === 'string' ? parseNumber(value) : undefined;
  if (n === undefined) {
    const hint = 'write 512, 10kB, 10MB (10^6 octets) or 10MiB (2^20)';
    found.error(source.place(path), `'${String(value)}' is not a number`, hint);
  }
  const largest = LARGEST[name];
  if (n !== undefined && largest !== undefined && (n < 0 || n > largest || n % 1 !== 0)) {
    found.error(source.place(path), `'${String(value)}' is no ${name}`, `0 to ${largest}`);
  }
  return n ?? 0;
}
