/** Rule files from disk to a judge. */
import { createHash } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import { CompiledRules } from './compile.ts';
import type { Person } from './directory/directory.ts';
import { readDirectory } from './directory/read-directory.ts';
import type { Policy } from './policy/policy.ts';
import { type RuleSource, readPolicy } from './policy/read-policy.ts';
import { type Diagnostic, Diagnostics, inOrder } from './source/diagnostic.ts';
import { type Opened, tellFault } from './source/open-file.ts';
import { readText, topOf, yamlFiles } from './source/read-files.ts';
import { MAX_FILE_OCTETS } from './source/yaml-source.ts';
import type { JudgeState } from './state/judge-state.ts';

/** Octets of a list or directory file. */
const MAX_LIST_OCTETS = 64 << 20;

export interface LoadOptions {
  /** A directory file (YAML or CSV) besides those that the rule files name. */
  readonly directory?: string | undefined;
  /** What the running set remembers, for the set that replaces it. */
  readonly state?: JudgeState | undefined;
}

export interface LoadResult {
  /** Absent when there is an error. */
  readonly rules?: CompiledRules;
  readonly policy?: Policy;
  /** By file, line and column. */
  readonly diagnostics: readonly Diagnostic[];
  /** Every file the set depends on, rule files first: watch these, and load again on a change. */
  readonly files: readonly string[];
  /** All that was read, from which `rulesFromSources` makes the same set without a disk. */
  readonly sources: RuleSources;
}

/** A file that a rule file names, as it was found. */
interface Attached {
  readonly from: string;
  readonly name: string;
  readonly opened: Opened;
}

/** All that a set is made of: plain data, for another thread or an archive. */
export interface RuleSources {
  readonly files: readonly RuleSource[];
  readonly attached: readonly Attached[];
}

/** What the files say, not compiled. */
export interface ReadResult extends Omit<LoadResult, 'rules'> {
  /** `sha256:…` over all that was read; absent when there is an error. */
  readonly hash?: string;
}

/** Reads and checks files, and directories' `*.yaml` by name, in the order given. */
export function readRules(
  paths: readonly string[],
  options: { readonly directory?: string | undefined } = {},
): ReadResult {
  const found = new Diagnostics();
  const sources: RuleSource[] = [];
  for (const path of paths.flatMap((p) => yamlFiles(p, 'rule', found))) {
    const opened = readText(path, MAX_FILE_OCTETS);
    if ('fault' in opened) tellFault(opened, topOf(path), 'this file', found);
    else sources.push(opened);
  }
  const attached = new Map<string, Attached>();
  const open = (from: string, name: string): Opened => {
    const key = `${from}\0${name}`;
    const known = attached.get(key);
    if (known !== undefined) return known.opened;
    const opened = readText(resolveFrom(from, name), MAX_LIST_OCTETS);
    attached.set(key, { from, name, opened });
    return opened;
  };
  const people = options.directory === undefined ? [] : readPeople(options.directory, found);
  const policy = readPolicy(sources, open, found, people);
  const files = [
    ...sources.map(({ file }) => file),
    ...[...attached.values()].flatMap(({ from, name }) => resolveFrom(from, name)),
    ...(options.directory === undefined ? [] : [options.directory]),
  ];
  const diagnostics = inOrder(found.all);
  const kept = [...new Set(files)];
  const read = { files: sources, attached: [...attached.values()] };
  if (found.failed) return { diagnostics, files: kept, sources: read };
  return { policy, hash: hashOf(read, policy.people), diagnostics, files: kept, sources: read };
}

/** Loads files, and directories' `*.yaml` by name, in the order given. */
export function loadRules(paths: readonly string[], options: LoadOptions = {}): LoadResult {
  const { hash, ...read } = readRules(paths, options);
  if (read.policy === undefined || hash === undefined) return read;
  return { ...read, rules: new CompiledRules(read.policy, hash, options.state) };
}

/** The same paths read anew; the new set remembers what the running one remembers. */
export function reloadRules(
  running: CompiledRules | undefined,
  paths: readonly string[],
  options: LoadOptions = {},
): LoadResult {
  return loadRules(paths, { ...options, state: options.state ?? running?.state });
}

/** Rules from text, for tests and tools; files that the text names are not found. */
export function rulesFromText(
  text: string,
  file = 'rules.yaml',
  people: readonly Person[] = [],
): LoadResult {
  return rulesFromSources({ files: [{ file, text }], attached: [] }, { people });
}

/** A set from what it is made of, without a disk. */
export function rulesFromSources(
  sources: RuleSources,
  options: { readonly people?: readonly Person[]; readonly state?: JudgeState } = {},
): LoadResult {
  const found = new Diagnostics();
  const open = (from: string, name: string): Opened =>
    sources.attached.find((a) => a.from === from && a.name === name)?.opened ?? {
      fault: 'no such file',
    };
  const policy = readPolicy(sources.files, open, found, options.people);
  const diagnostics = inOrder(found.all);
  const files = sources.files.map(({ file }) => file);
  if (found.failed) return { diagnostics, files, sources };
  const rules = new CompiledRules(policy, hashOf(sources, policy.people), options.state);
  return { rules, policy, diagnostics, files, sources };
}

function readPeople(path: string, found: Diagnostics): Person[] {
  const opened = readText(path, MAX_LIST_OCTETS);
  if ('text' in opened) return readDirectory(opened.file, opened.text, found);
  tellFault(opened, topOf(path), 'the directory', found);
  return [];
}

function resolveFrom(from: string, name: string): string {
  const path = resolve(dirname(from), name);
  const relative = join(dirname(from), name);
  return from.startsWith('/') ? path : relative;
}

/** Independent of where the files lie, dependent on all that they say. */
function hashOf({ files, attached }: RuleSources, people: readonly Person[]): string {
  const hash = createHash('sha256');
  const add = (name: string, text: string) =>
    hash.update(JSON.stringify([name, text.replaceAll('\r\n', '\n')]));
  for (const { file, text } of files) add(basename(file), text);
  for (const { from, name, opened } of attached) {
    add(`${basename(from)} ${name}`, 'text' in opened ? opened.text : '');
  }
  add('people', JSON.stringify(people));
  return `sha256:${hash.digest('hex')}`;
}
