/** A rule file less what is broken in it, so that all else in it is still read and checked. */
import type { Path } from '../source/yaml-source.ts';

/** Stands in for what a rule or test must have and has not, or has wrong. */
const NEEDED: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  rules: { id: 'broken', on: '*' },
  tests: { name: 'broken', event: { kind: 'message' }, expect: {} },
};
/** Lists of objects, of which an entry may be emptied but not taken out: places count entries. */
const NUMBERED = new Set(['rules', 'tests', 'all', 'any', 'given']);

/** `value` without what stands at `paths`; what is not there goes with what it is missed in. */
export function withoutBroken(value: unknown, paths: readonly Path[]): unknown {
  const whole = structuredClone(value);
  if (!isMap(whole)) return {};
  for (const path of paths) remove(whole, path);
  return whole;
}

function remove(whole: Record<string, unknown>, path: Path): void {
  const last = path.at(-1);
  if (last === undefined) return;
  const owner = path.slice(0, -1).reduce(stepInto, whole as unknown);
  const key = String(last);
  const needed = NEEDED[String(path[0])] ?? {};
  if (path.length === 1 && key === 'sallyport') whole[key] = 1;
  else if (path.length === 3 && needed[key] !== undefined && isMap(owner)) owner[key] = needed[key];
  else if (Array.isArray(owner)) {
    if (NUMBERED.has(String(path.at(-2))) && !isEmpty(owner[Number(last)])) {
      owner[Number(last)] = path.length === 2 ? { ...needed } : EMPTY[String(path.at(-2))];
    } else remove(whole, path.slice(0, -1));
  } else if (isMap(owner) && Object.hasOwn(owner, key)) delete owner[key];
  else remove(whole, path.slice(0, -1));
}

const EMPTY: Readonly<Record<string, unknown>> = { all: {}, any: {}, given: { kind: 'message' } };

function stepInto(value: unknown, step: PropertyKey): unknown {
  if (Array.isArray(value)) return value[Number(step)];
  return isMap(value) && Object.hasOwn(value, String(step)) ? value[String(step)] : undefined;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
  return isMap(value) && Object.keys(value).length === 0;
}
