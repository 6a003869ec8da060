/** Says in words, with places, what zod found wrong with the shape of a file. */
import type { z } from 'zod';
import type { Diagnostics, Place } from './diagnostic.ts';
import { suggest } from './suggest.ts';
import type { Path, YamlSource } from './yaml-source.ts';

type Issue = z.core.$ZodIssue;

/** A value without its broken parts, so that the rest can be read and checked too. */
export type Salvage = (value: unknown, broken: readonly Path[]) => unknown;

export interface ShapeOptions {
  /** What the whole is called: `a rule file`. */
  readonly top?: string;
  /** Asked again for as long as what it saves is broken elsewhere, at most MOST_ROUNDS times. */
  readonly salvage?: Salvage;
}

const MOST_ROUNDS = 4;

interface Telling {
  readonly schema: z.ZodType;
  readonly source: YamlSource;
  readonly found: Diagnostics;
  readonly top: string;
  /** The innermost paths told of. */
  readonly broken: Path[];
}

/**
 * The value as `schema` types it. Diagnostics when it has another shape, and then what `salvage`
 * saves of it, or undefined.
 */
export function readShape<T>(
  schema: z.ZodType<T>,
  source: YamlSource,
  found: Diagnostics,
  { top = 'a rule file', salvage }: ShapeOptions = {},
): T | undefined {
  let result = schema.safeParse(source.value, { reportInput: true });
  if (result.success) return result.data;
  const telling: Telling = { schema, source, found, top, broken: [] };
  for (const issue of result.error.issues) tell(issue, [], telling);
  if (salvage === undefined) return undefined;
  let saved: unknown = source.value;
  let broken: readonly Path[] = telling.broken;
  for (let round = 0; round < MOST_ROUNDS && !result.success; round++) {
    saved = salvage(saved, broken);
    result = schema.safeParse(saved);
    if (!result.success) broken = result.error.issues.map(({ path }) => path);
  }
  return result.data;
}

function tell(issue: Issue, base: readonly PropertyKey[], telling: Telling): void {
  const { source, found, broken } = telling;
  const path = [...base, ...issue.path];
  const place = source.place(path);
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) unknownKey(key, path, telling);
    return;
  }
  if (issue.code === 'invalid_union') {
    const branch = meantBranch(issue);
    if (branch !== undefined) {
      for (const inner of branch) tell(inner, path, telling);
      return;
    }
  }
  broken.push(path);
  switch (issue.code) {
    case 'invalid_value': {
      const known = issue.values.map(String);
      const given = String(issue.input);
      if (issue.input === undefined) missing(path, telling);
      else if (known.length === 1) found.error(place, named(path, issue.message));
      else if (isCollection(issue.input)) {
        const message = `expected one of: ${known.join(', ')}`;
        found.error(place, named(path, message), got(issue.input));
      } else found.error(place, `${lastName(path)} cannot be '${given}'`, suggest(given, known));
      return;
    }
    case 'invalid_type':
      if (issue.input === undefined) missing(path, telling);
      else found.error(place, named(path, wanted(issue)), got(issue.input));
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

/** The branch of a union that has the type of what was written; unions in unions are opened. */
function meantBranch(issue: Extract<Issue, { code: 'invalid_union' }>): Issue[] | undefined {
  const branches = issue.errors.map((branch) =>
    branch.flatMap((inner) =>
      inner.code === 'invalid_union' && inner.path.length === 0
        ? (meantBranch(inner) ?? [inner])
        : [inner],
    ),
  );
  const fits = branches.filter((branch) =>
    branch.every((inner) => inner.path.length > 0 || !isOfOtherType(inner)),
  );
  const [first] = fits.sort((a, b) => a.length - b.length);
  return first;
}

function isOfOtherType(issue: Issue): boolean {
  if (issue.code === 'invalid_value') return isCollection(issue.input);
  return issue.code === 'invalid_type' || issue.code === 'invalid_union';
}

function isCollection(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function missing(path: readonly PropertyKey[], { source, found, top }: Telling): void {
  const owner = ownerName(path.slice(0, -1), top);
  found.error(source.place(path.slice(0, -1)), `${owner} lacks '${String(path.at(-1))}'`);
}

function unknownKey(key: string, path: readonly PropertyKey[], telling: Telling): void {
  const { schema, source, found, top, broken } = telling;
  const place: Place = source.keyPlace([...path, key]);
  const hint = suggest(key, keysAt(schema, path));
  broken.push([...path, key]);
  found.error(place, `${ownerName(path, top)} knows no '${key}'`, hint);
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
  people: 'a person',
  services: 'a service',
  entries: 'an entry',
};

function ownerName(path: readonly PropertyKey[], top: string): string {
  const last = path.at(-1);
  if (last === undefined) return top;
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

/** What the schema says of itself, or else its type. */
function wanted({ message, expected: type }: Extract<Issue, { code: 'invalid_type' }>): string {
  return message.startsWith('expected ') ? message : expected(type);
}

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
