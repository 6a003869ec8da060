/** Says in words, with places, what zod found wrong with the shape of a file. */
import type { z } from 'zod';
import type { Diagnostics, Place } from './diagnostic.ts';
import { suggest } from './suggest.ts';
import type { Path, YamlSource } from './yaml-source.ts';

type Issue = z.core.$ZodIssue;

/** A value without its broken parts, so that the rest can be read and checked too. */
export type Salvage = (value: unknown, broken: readonly Path[]) => unknown;

/**
 * The value as `schema` types it. Diagnostics when it has another shape, and then what `salvage`
 * saves of it, or undefined.
 */
export function readShape<T>(
  schema: z.ZodType<T>,
  source: YamlSource,
  found: Diagnostics,
  salvage?: Salvage,
): T | undefined {
  const result = schema.safeParse(source.value, { reportInput: true });
  if (result.success) return result.data;
  const { issues } = result.error;
  for (const issue of issues) tell(issue, [], schema, source, found);
  if (salvage === undefined) return undefined;
  const paths = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => [...issue.path, key])
      : [issue.path],
  );
  return schema.safeParse(salvage(source.value, paths)).data;
}

function tell(
  issue: Issue,
  base: readonly PropertyKey[],
  schema: z.ZodType,
  source: YamlSource,
  found: Diagnostics,
): void {
  const path = [...base, ...issue.path];
  const place = source.place(path);
  switch (issue.code) {
    case 'unrecognized_keys':
      for (const key of issue.keys) unknownKey(key, path, schema, source, found);
      return;
    case 'invalid_union': {
      const branch = meantBranch(issue);
      if (branch === undefined) found.error(place, named(path, issue.message));
      else for (const inner of branch) tell(inner, path, schema, source, found);
      return;
    }
    case 'invalid_value': {
      const known = issue.values.map(String);
      const given = String(issue.input);
      if (issue.input === undefined) missing(path, source, found);
      else if (known.length === 1) found.error(place, named(path, issue.message));
      else found.error(place, `${lastName(path)} cannot be '${given}'`, suggest(given, known));
      return;
    }
    case 'invalid_type':
      if (issue.input === undefined) missing(path, source, found);
      else found.error(place, named(path, expected(issue.expected)), got(issue.input));
      return;
    case 'too_small':
      found.error(place, `${lastName(path)} is too small or empty`, `at least ${issue.minimum}`);
      return;
    case 'too_big':
      found.error(place, `${lastName(path)} is too large`, `at most ${issue.maximum}`);
      return;
    default:
      found.error(place, named(path, issue.message));
  }
}

/** The branch of a union that has the type of what was written. */
function meantBranch(issue: Extract<Issue, { code: 'invalid_union' }>): Issue[] | undefined {
  const fits = issue.errors.filter((branch) =>
    branch.every(
      (i) => i.path.length > 0 || (i.code !== 'invalid_type' && i.code !== 'invalid_union'),
    ),
  );
  const [first] = fits.sort((a, b) => a.length - b.length);
  return first;
}

function missing(path: readonly PropertyKey[], source: YamlSource, found: Diagnostics): void {
  const owner = ownerName(path.slice(0, -1));
  found.error(source.place(path.slice(0, -1)), `${owner} lacks '${String(path.at(-1))}'`);
}

function unknownKey(
  key: string,
  path: readonly PropertyKey[],
  schema: z.ZodType,
  source: YamlSource,
  found: Diagnostics,
): void {
  const place: Place = source.keyPlace([...path, key]);
  const hint = suggest(key, keysAt(schema, path));
  found.error(place, `${ownerName(path)} knows no '${key}'`, hint);
}

/** The keys that the schema knows at `path`, over all branches of unions. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let here: z.core.$ZodType[] = [schema];
  for (const step of path) here = here.flatMap(open).flatMap((s) => childOf(s, step));
  return [...new Set(here.flatMap(open).flatMap((s) => Object.keys(shapeOf(s) ?? {})))];
}

/** A schema without its wrappers; the branches of a union. */
function open(schema: z.core.$ZodType): z.core.$ZodType[] {
  const def: z.core.$ZodTypeDef & {
    innerType?: z.core.$ZodType;
    options?: readonly z.core.$ZodType[];
  } = schema._zod.def;
  if (def.innerType !== undefined) return open(def.innerType);
  if (def.options !== undefined) return def.options.flatMap(open);
  return [schema];
}

function shapeOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> | undefined {
  const def: z.core.$ZodTypeDef & { shape?: Readonly<Record<string, z.core.$ZodType>> } =
    schema._zod.def;
  return def.shape;
}

function childOf(schema: z.core.$ZodType, step: PropertyKey): z.core.$ZodType[] {
  const def: z.core.$ZodTypeDef & { element?: z.core.$ZodType; valueType?: z.core.$ZodType } =
    schema._zod.def;
  const child = shapeOf(schema)?.[String(step)] ?? def.element ?? def.valueType;
  return child === undefined ? [] : [child];
}

const OWNERS: Readonly<Record<string, string>> = {
  rules: 'a rule',
  tests: 'a test',
  lists: 'a list',
  schedules: 'a schedule',
  all: 'a condition',
  any: 'a condition',
};

function ownerName(path: readonly PropertyKey[]): string {
  const last = path.at(-1);
  if (last === undefined) return 'a rule file';
  const over = path.at(-2);
  if (typeof last === 'number' || over === 'lists' || over === 'schedules') {
    return OWNERS[String(over)] ?? `'${String(over)}'`;
  }
  return last === 'if' || last === 'not' ? 'a condition' : `'${String(last)}'`;
}

function lastName(path: readonly PropertyKey[]): string {
  const name = path.findLast((step) => typeof step === 'string');
  return name === undefined ? 'the file' : `'${String(name)}'`;
}

function named(path: readonly PropertyKey[], message: string): string {
  return `${lastName(path)}: ${message}`;
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'expected a text',
  number: 'expected a number',
  int: 'expected a whole number',
  boolean: 'expected true or false',
  array: 'expected a list',
  object: 'expected keys and values',
  record: 'expected keys and values',
};

function expected(type: string): string {
  return WORDS[type] ?? `expected ${type}`;
}

function got(input: unknown): string {
  if (input === null) return 'nothing is there';
  if (Array.isArray(input)) return 'a list is there';
  return typeof input === 'object'
    ? 'keys and values are there'
    : `'${String(input).slice(0, 60)}' is there`;
}
