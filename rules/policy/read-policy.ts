/** Rule files in their order to one policy. Pure: files come in through `open`. */
import type { Person } from '../directory/directory.ts';
import { readDirectory } from '../directory/read-directory.ts';
import { readList } from '../lists/read-list.ts';
import { readSchedule } from '../schedules/read-schedule.ts';
import { type RuleFile, ruleFile } from '../schema.ts';
import type { Diagnostics, Place } from '../source/diagnostic.ts';
import type { OpenFile } from '../source/open-file.ts';
import { readShape, type Salvage } from '../source/shape.ts';
import { type Path, readYaml, type YamlSource } from '../source/yaml-source.ts';
import { DEFAULTS, type Defaults, type Policy, type Rule } from './policy.ts';
import { readRule } from './read-rule.ts';
import { readTests } from './read-tests.ts';
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
}

/** Stands for a rule that could not be read. */
const BROKEN_RULE = { id: 'broken', on: '*', also: 'log' };

/** The file less the keys or entries that hold a fault; a broken rule or test keeps its number. */
function withoutBroken(value: unknown, paths: readonly Path[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const whole: Record<string, unknown> = { ...value };
  for (const [key, entry] of paths) {
    const name = String(key);
    const part = whole[name];
    if (Array.isArray(part) && typeof entry === 'number') {
      whole[name] = part.map((item, i) => (i === entry ? BROKEN[name] : item));
    } else if (typeof part === 'object' && part !== null && entry !== undefined) {
      whole[name] = Object.fromEntries(Object.entries(part).filter(([k]) => k !== String(entry)));
    } else if (name === 'sallyport') whole[name] = 1;
    else delete whole[name];
  }
  return whole;
}

const BROKEN: Readonly<Record<string, unknown>> = {
  rules: BROKEN_RULE,
  tests: { name: 'broken', event: { kind: 'message' }, expect: {} },
};

function isBroken({ broken }: Read, ...path: Path): boolean {
  return broken.some((at) => path.every((step, i) => at[i] === step));
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
    const shape = source && readShape(ruleFile, source, found, salvage);
    if (source !== undefined && shape !== undefined) files.push({ source, shape, broken });
  }
  const everyone = [...people, ...files.flatMap((read) => readPeople(read, open, found))];
  const scope = declare(files, everyone, open, found);
  // A file that could not be read may declare what the others name: leave their names alone.
  const rules = files.length === sources.length ? readRules(files, scope) : [];
  return {
    rules,
    lists: scope.lists.all,
    schedules: scope.schedules.all,
    defaults: readDefaults(files, found),
    ours: files.flatMap(({ shape }) => shape.ours ?? []),
    people: everyone,
    tests: files.flatMap((file) =>
      readTests(file.shape, file.source, found).filter((_, i) => !isBroken(file, 'tests', i)),
    ),
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
  for (const { source, shape, broken } of files) {
    for (const [part, name] of broken) {
      const place = { ...source.keyPlace([part ?? '', name ?? '']), file: source.file };
      const lost = { name: String(name), place };
      if (part === 'lists') lists.add({ ...lost, kind: undefined, entries: [] });
      if (part === 'schedules') schedules.add({ ...lost, ...ALWAYS });
    }
    for (const [name, list] of Object.entries(shape.lists ?? {})) {
      lists.add(readList(name, list, source, open, found));
    }
    for (const [name, schedule] of Object.entries(shape.schedules ?? {})) {
      schedules.add(readSchedule(name, schedule, source, found));
    }
  }
  const known = people.length > 0;
  const groups = known ? new Set(people.flatMap((p) => p.groups)) : undefined;
  const departments = known ? new Set(people.flatMap((p) => p.department ?? [])) : undefined;
  return { lists, schedules, groups, departments, found };
}

const ALWAYS = { timezone: 'UTC', days: [0, 1, 2, 3, 4, 5, 6], from: 0, until: 1440, except: [] };

function readRules(files: readonly Read[], scope: Scope): Rule[] {
  const { found } = scope;
  const rules: Rule[] = [];
  const ids = new Map<string, Place>();
  for (const file of files) {
    const { source, shape } = file;
    for (const [i, entry] of (shape.rules ?? []).entries()) {
      if (isBroken(file, 'rules', i)) continue;
      const rule = readRule(entry, i, shape.mode === 'shadow', source, scope);
      const other = ids.get(rule.id);
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
    found.error(source.place(['directory']), `cannot read ${shape.directory}`, opened.fault);
    return [];
  }
  return readDirectory(opened.file, opened.text, found);
}
