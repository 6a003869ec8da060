/** Rule files in their order to one policy. Pure: files come in through `open`. */
import type { Person } from '../directory/directory.ts';
import { readDirectory } from '../directory/read-directory.ts';
import { readList } from '../lists/read-list.ts';
import { readSchedule } from '../schedules/read-schedule.ts';
import { type RuleFile, ruleFile } from '../schema.ts';
import type { Diagnostics, Place } from '../source/diagnostic.ts';
import { type OpenFile, tellFault } from '../source/open-file.ts';
import { readShape, type Salvage } from '../source/shape.ts';
import { suggest } from '../source/suggest.ts';
import { type Path, readYaml, type YamlSource } from '../source/yaml-source.ts';
import { DEFAULTS, type Defaults, type Policy, type Rule } from './policy.ts';
import { readRule } from './read-rule.ts';
import { readTests } from './read-tests.ts';
import { withoutBroken } from './salvage.ts';
import { Names, type Scope } from './scope.ts';

export interface RuleSource {
  readonly file: string;
  readonly text: string;
}

interface Read {
  readonly source: YamlSource;
  readonly shape: RuleFile;
  /** Paths of what `shape` lost. */
  readonly broken: readonly Path[];
  /** These paths and the first steps of each, as `keyOf` writes them. */
  readonly touched: ReadonlySet<string>;
}

const STEPS = 3; // of a path that are asked for

function keyOf(path: Path): string {
  return path.map(String).join('\0');
}

function touchedBy(broken: readonly Path[]): Set<string> {
  const touched = new Set<string>();
  for (const path of broken) {
    for (let n = 1; n <= STEPS && n <= path.length; n++) touched.add(keyOf(path.slice(0, n)));
    if (path.length < STEPS) touched.add(keyOf([...path, ALL]));
  }
  return touched;
}

const ALL = '\0all'; // a step that no file has: all that stands at the path is lost

/** Whether something at or under `path` is lost. */
function isBroken({ touched }: Read, ...path: Path): boolean {
  return touched.size > 0 && touched.has(keyOf(path));
}

/** Whether the rule has another id than what was written, or the stand-in for none. */
function isIdBroken(file: Read, index: number): boolean {
  return isBroken(file, 'rules', index, ALL) || isBroken(file, 'rules', index, 'id');
}

/** What the files say. With errors in `found` the policy is incomplete and must not be used. */
export function readPolicy(
  sources: readonly RuleSource[],
  open: OpenFile,
  found: Diagnostics,
  people: readonly Person[] = [],
): Policy {
  const files: Read[] = [];
  for (const { file, text } of sources) {
    const source = readYaml(file, text, found);
    const broken: Path[] = [];
    const salvage: Salvage = (value, paths) => {
      broken.push(...paths);
      return withoutBroken(value, paths);
    };
    const shape = source && readShape(ruleFile, source, found, { salvage });
    if (source !== undefined && shape !== undefined) {
      files.push({ source, shape, broken, touched: touchedBy(broken) });
    }
  }
  const everyone = [...people, ...files.flatMap((read) => readPeople(read, open, found))];
  const scope = declare(files, everyone, open, found);
  // A file that could not be read may declare what the others name: leave their names alone.
  const readable = files.length === sources.length;
  const rules = readable ? readRules(files, scope) : [];
  if (readable) checkExpected(files, rules, found);
  return {
    rules,
    lists: scope.lists.all,
    schedules: scope.schedules.all,
    defaults: readDefaults(files, found),
    ours: files.flatMap(({ shape }) => shape.ours ?? []),
    people: everyone,
    tests: files.flatMap(({ shape, source }) => readTests(shape, source, found)),
  };
}

function declare(
  files: readonly Read[],
  people: readonly Person[],
  open: OpenFile,
  found: Diagnostics,
): Scope {
  const lists: Scope['lists'] = new Names('list');
  const schedules: Scope['schedules'] = new Names('schedule');
  for (const file of files) {
    const { source, shape, broken } = file;
    for (const [part, name] of broken) {
      const kept = part === 'lists' ? shape.lists : shape.schedules;
      if (name === undefined || kept?.[String(name)] !== undefined) continue;
      const place = { ...source.keyPlace([part ?? '', name ?? '']), file: source.file };
      const lost = { name: String(name), place };
      if (part === 'lists') lists.add({ ...lost, kind: undefined, entries: [] });
      if (part === 'schedules') schedules.add({ ...lost, ...ALWAYS });
    }
    for (const [name, list] of Object.entries(shape.lists ?? {})) {
      lists.add(readList(name, list, source, open, found, !isBroken(file, 'lists', name)));
    }
    for (const [name, schedule] of Object.entries(shape.schedules ?? {})) {
      schedules.add(
        readSchedule(name, schedule, source, found, !isBroken(file, 'schedules', name)),
      );
    }
  }
  const known = people.length > 0;
  const groups = known ? new Set(people.flatMap((p) => p.groups)) : undefined;
  const departments = known ? new Set(people.flatMap((p) => p.department ?? [])) : undefined;
  return { lists, schedules, groups, departments, found, whole: true };
}

const ALWAYS = { timezone: 'UTC', days: [0, 1, 2, 3, 4, 5, 6], from: 0, until: 1440, except: [] };

function readRules(files: readonly Read[], scope: Scope): Rule[] {
  const { found } = scope;
  const rules: Rule[] = [];
  const ids = new Map<string, Place>();
  for (const file of files) {
    const { source, shape } = file;
    for (const [i, entry] of (shape.rules ?? []).entries()) {
      const own = { ...scope, whole: !isBroken(file, 'rules', i) };
      const rule = readRule(entry, i, shape.mode === 'shadow', source, own);
      const other = isIdBroken(file, i) ? undefined : ids.get(rule.id);
      if (other !== undefined) {
        const hint = `${other.file}:${other.line}`;
        found.error(rule.place, `another rule is called '${rule.id}'`, hint);
      }
      ids.set(rule.id, rule.place);
      rules.push(rule);
    }
  }
  if (found.failed) return rules; // what is unused may be used by what could not be read
  for (const list of scope.lists.all) {
    if (!scope.lists.used.has(list)) found.warn(list.place, `no rule uses list '${list.name}'`);
  }
  for (const schedule of scope.schedules.all) {
    if (scope.schedules.used.has(schedule)) continue;
    found.warn(schedule.place, `no rule uses schedule '${schedule.name}'`);
  }
  return rules;
}

/** The rules that tests name must be there, unless a rule's own name could not be read. */
function checkExpected(files: readonly Read[], rules: readonly Rule[], found: Diagnostics): void {
  const lost = (file: Read) =>
    isBroken(file, 'rules', ALL) || (file.shape.rules ?? []).some((_, i) => isIdBroken(file, i));
  if (files.some(lost)) return;
  const ids = new Set(rules.map(({ id }) => id));
  for (const { shape, source } of files) {
    for (const [i, { expect }] of (shape.tests ?? []).entries()) {
      for (const key of ['rule', 'shadow'] as const) {
        const id = expect[key];
        if (id === undefined || id === 'none' || ids.has(id)) continue;
        const place = source.place(['tests', i, 'expect', key]);
        found.error(place, `no rule is called '${id}'`, suggest(id, [...ids, 'none']));
      }
    }
  }
}

const DEFAULT_KEYS = {
  message: 'message',
  'unknown-contact': 'unknownContact',
  'app-unknown': 'appUnknown',
  opaque: 'opaque',
  undecodable: 'undecodable',
  overload: 'overload',
} as const;

function readDefaults(files: readonly Read[], found: Diagnostics): Defaults {
  const defaults: Record<string, string> = { ...DEFAULTS };
  const set = new Map<string, Place>();
  for (const { source, shape } of files) {
    for (const [key, value] of Object.entries(shape.defaults ?? {})) {
      if (value === undefined) continue;
      const name = DEFAULT_KEYS[key as keyof typeof DEFAULT_KEYS];
      const place = source.place(['defaults', key]);
      const other = set.get(key);
      if (other !== undefined && defaults[name] !== value) {
        const hint = `${other.file}:${other.line}`;
        found.error(place, `the default '${key}' is already ${defaults[name]}`, hint);
      }
      set.set(key, place);
      defaults[name] = value;
    }
  }
  return defaults as unknown as Defaults;
}

function readPeople({ source, shape }: Read, open: OpenFile, found: Diagnostics): Person[] {
  if (shape.directory === undefined) return [];
  const opened = open(source.file, shape.directory);
  if ('fault' in opened) {
    tellFault(opened, source.place(['directory']), shape.directory, found);
    return [];
  }
  return readDirectory(opened.file, opened.text, found);
}
