/** Conditions: from the shape that was written to tests with their names resolved. */
import { type Field, type FieldName, fieldOf, isFieldName, type PatternName } from '../fields.ts';
import { checkEntries } from '../lists/read-list.ts';
import type { ConditionEntry } from '../schema.ts';
import type { Place } from '../source/diagnostic.ts';
import { suggest } from '../source/suggest.ts';
import type { Path, YamlSource } from '../source/yaml-source.ts';
import { literals } from './literals.ts';
import type { Condition, List, ListKind, Test } from './policy.ts';
import { readNumbers } from './read-numbers.ts';
import { readRegex } from './read-regex.ts';
import type { Scope } from './scope.ts';

type Operators = Readonly<Record<string, unknown>>;

/** Reads one condition object; `rate` is the rule reader's and is skipped here. */
export function readCondition(
  entry: ConditionEntry,
  path: Path,
  source: YamlSource,
  scope: Scope,
): Condition {
  const reader = new ConditionReader(source, scope);
  return reader.object(entry, path);
}

class ConditionReader {
  readonly #source: YamlSource;
  readonly #scope: Scope;

  constructor(source: YamlSource, scope: Scope) {
    this.#source = source;
    this.#scope = scope;
  }

  object(entry: ConditionEntry, path: Path): Condition {
    const of: Condition[] = [];
    for (const [key, value] of Object.entries(entry)) {
      const here = [...path, key];
      if (value === undefined || key === 'rate') continue;
      if (key === 'all' || key === 'any') {
        const inner = (value as readonly ConditionEntry[]).map((c, i) =>
          this.object(c, [...here, i]),
        );
        of.push(one(key, inner));
      } else if (key === 'not') {
        of.push({ op: 'not', of: this.object(value as ConditionEntry, here) });
      } else if (isFieldName(key)) of.push(one('all', this.#field(key, value, here)));
    }
    return one('all', of);
  }

  #field(name: FieldName, value: unknown, path: Path): Condition[] {
    if (name === 'user' && isOperators(value)) return this.#user(value, path);
    const place = this.#source.keyPlace(path);
    return this.#tests(name, value, path).map((test) => ({ op: 'test', field: name, test, place }));
  }

  /** `user: { group: … }` is three conditions in one. */
  #user(value: Operators, path: Path): Condition[] {
    const { name, group, department, ...rest } = value;
    const place = this.#source.keyPlace(path);
    const of: Condition[] = [];
    if (name !== undefined) of.push(...this.#field('user', name, [...path, 'name']));
    if (group !== undefined) of.push(...this.#field('user.group', group, [...path, 'group']));
    if (department !== undefined) {
      of.push(...this.#field('user.department', department, [...path, 'department']));
    }
    const strings = of.length > 0 && Object.keys(rest).length === 0;
    for (const test of strings ? [] : this.#strings('user', rest, path)) {
      of.push({ op: 'test', field: 'user', test, place });
    }
    return of;
  }

  #tests(name: FieldName, value: unknown, path: Path): Test[] {
    const field = fieldOf(name);
    switch (field.type) {
      case 'text':
      case 'name':
      case 'identity':
      case 'extension':
        return isOperators(value)
          ? this.#strings(name, value, path)
          : [this.#oneOf(name, value, path)];
      case 'choice':
        return isOperators(value)
          ? [{ ...this.#oneOf(name, value.not, [...path, 'not']), negate: true }]
          : [this.#oneOf(name, value, path)];
      case 'flag':
        return [{ is: 'present', present: value === true }];
      case 'presence':
        return typeof value === 'boolean'
          ? [{ is: 'present', present: value }]
          : [this.#oneOf(name, value, path)];
      case 'number':
        return this.#numbers(name, value, path);
      case 'members':
        if (!isOperators(value)) return this.#numbers(name, value, path);
        return [...this.#numbers(name, value, path), ...this.#lists(name, value, path, field)];
      case 'address':
        return isOperators(value)
          ? this.#lists(name, value, path, field)
          : [this.#networks(list(value), path)];
      case 'schedule':
        return isOperators(value)
          ? [this.#within(value.not, [...path, 'not'], true)]
          : [this.#within(value, path, false)];
    }
  }

  #strings(name: FieldName, ops: Operators, path: Path): Test[] {
    const { found } = this.#scope;
    const exact = ops.case === true;
    const tests: Test[] = [];
    if (ops.is !== undefined) tests.push(this.#oneOf(name, ops.is, [...path, 'is'], exact));
    if (ops.not !== undefined) {
      tests.push({ ...this.#oneOf(name, ops.not, [...path, 'not'], exact), negate: true });
    }
    for (const is of ['glob', 'contains', 'starts', 'ends'] as const) {
      const value = ops[is];
      if (value === undefined) continue;
      if (String(value) === '') found.error(this.#source.place([...path, is]), `'${is}' is empty`);
      else tests.push({ is, value: shapeOf(name, is, String(value)), exact });
    }
    if (ops.regex !== undefined)
      tests.push(readRegex(String(ops.regex), exact, [...path, 'regex'], this.#source, found));
    tests.push(...this.#lists(name, ops, path, fieldOf(name)));
    if (ops.words !== undefined) {
      const words = this.#words(ops.words, [...path, 'words']);
      const atLeast = Number(ops['at-least'] ?? 1);
      if (words !== undefined) tests.push({ is: 'words', list: words, atLeast });
    } else if (ops['at-least'] !== undefined && this.#scope.whole) {
      found.error(this.#source.keyPlace([...path, 'at-least']), "'at-least' belongs to 'words'");
    }
    const pattern = ops.pattern as PatternName | undefined;
    if (pattern !== undefined) tests.push({ is: 'pattern', pattern });
    if (
      this.#scope.whole &&
      tests.length === 0 &&
      Object.keys(ops).every((key) => key === 'case')
    ) {
      found.error(
        this.#source.keyPlace(path),
        `'${name}' asks nothing`,
        'in:, contains:, regex:, …',
      );
    }
    return tests;
  }

  /** A list by its name, or the words themselves. */
  #words(value: unknown, path: Path): List | undefined {
    const place = this.#source.place(path);
    if (!Array.isArray(value)) return this.#list(String(value), 'words', place);
    const entries = list(value).map((word, i) => ({
      value: word,
      place: this.#source.place([...path, i]),
    }));
    const inline = { name: '', place, kind: 'words' as const, entries };
    checkEntries(inline, 'words', this.#scope.found);
    return inline;
  }

  #oneOf(
    name: FieldName,
    value: unknown,
    path: Path,
    exact = false,
  ): Extract<Test, { is: 'one-of' }> {
    const values = literals(name, value, path, this.#source, this.#scope.found);
    const known = name === 'user.group' ? this.#scope.groups : undefined;
    const departments = name === 'user.department' ? this.#scope.departments : undefined;
    this.#known(values, path, 'group', known);
    this.#known(values, path, 'department', departments);
    return { is: 'one-of', values, exact, negate: false };
  }

  #known(
    values: readonly string[],
    path: Path,
    what: string,
    known: ReadonlySet<string> | undefined,
  ): void {
    if (known === undefined) return;
    const lower = new Set([...known].map((name) => name.toLowerCase()));
    for (const value of values) {
      if (lower.has(value.toLowerCase())) continue;
      const place = this.#source.place(path);
      this.#scope.found.error(
        place,
        `the directory has no ${what} '${value}'`,
        suggest(value, known),
      );
    }
  }

  #lists(name: FieldName, ops: Operators, path: Path, field: Field): Test[] {
    const tests: Test[] = [];
    for (const key of ['in', 'not-in'] as const) {
      const value = ops[key];
      const negate = key === 'not-in';
      if (value === undefined) continue;
      if (typeof value !== 'string') {
        const values = list(value);
        if (field.type === 'address') tests.push(this.#networks(values, [...path, key], negate));
        else tests.push({ ...this.#oneOf(name, values, [...path, key]), negate });
        continue;
      }
      const as = LIST_KIND[field.type] ?? 'values';
      const named = this.#list(value, as, this.#source.place([...path, key]));
      if (named !== undefined) tests.push({ is: 'in-list', list: named, as, negate });
    }
    return tests;
  }

  #list(name: string, as: ListKind, place: Place): List | undefined {
    const { found, lists } = this.#scope;
    const otherwise = as === 'words' ? `for the word itself write [${name}]` : undefined;
    const meant = lists.find(name, place, found, otherwise);
    if (meant === undefined) return undefined;
    if (meant.kind === undefined) checkEntries(meant, as, found);
    else if (meant.kind !== as) {
      const hint = meant.kind === 'words' ? `write { words: ${name} }` : undefined;
      found.error(place, `list '${name}' holds ${meant.kind}, ${as} are needed here`, hint);
      return undefined;
    }
    return meant;
  }

  #networks(values: readonly string[], path: Path, negate = false): Test {
    const place = this.#source.place(path);
    const entries = values.map((value) => ({ value, place }));
    const inline = { name: '', place, kind: 'cidrs' as const, entries };
    checkEntries(inline, 'cidrs', this.#scope.found);
    return { is: 'cidr', nets: values, negate };
  }

  #numbers(name: FieldName, value: unknown, path: Path): Test[] {
    return readNumbers(name, value, path, this.#source, this.#scope.found);
  }

  #within(value: unknown, path: Path, negate: boolean): Test {
    const { found, schedules } = this.#scope;
    const meant = list(value).flatMap((name, i) => {
      const place = this.#source.place(Array.isArray(value) ? [...path, i] : path);
      return schedules.find(name, place, found) ?? [];
    });
    return { is: 'within', schedules: meant, negate };
  }
}

const LIST_KIND: Partial<Readonly<Record<Field['type'], ListKind>>> = {
  identity: 'contacts',
  members: 'contacts',
  extension: 'extensions',
  address: 'cidrs',
};

/** Extensions have no dot: one that is written before them is not asked for. */
function shapeOf(name: FieldName, is: string, value: string): string {
  const starts = is === 'glob' || is === 'starts';
  return starts && name === 'file.extension' && value !== '.' ? value.replace(/^\./, '') : value;
}

function one(op: 'all' | 'any', of: readonly Condition[]): Condition {
  const [only, second] = of;
  return only !== undefined && second === undefined ? only : { op, of };
}

function isOperators(value: unknown): value is Operators {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [String(value)];
}
