/** The policy of a command line: rule files given, the shipped ones, or none. */
import { join, relative } from 'node:path';
import type { CompiledRules } from '../../rules/compile.ts';
import { Directory, type Person } from '../../rules/directory/directory.ts';
import { namePeople } from '../../rules/directory/name-people.ts';
import { type LoadResult, loadRules } from '../../rules/load.ts';
import type { ImEvent } from '../../src/event/event.ts';
import { type Judge, PASS_EVERYTHING } from '../../src/verdict/judge.ts';
import { counted } from '../report/amounts.ts';
import { diagnosticLines } from './diagnostic-lines.ts';
import { maskedText } from './masked-text.ts';
import { packageRoot } from './package-root.ts';
import type { Terminal } from './terminal.ts';
import { UserError } from './user-error.ts';

export interface LoadedPolicy {
  readonly judge: Judge;
  /** `shipped policies (6 files, 31 rules)` */
  readonly description: string;
  /** Every file it was read from. */
  readonly files: readonly string[];
  /** Puts the people of the directory into an event; undefined where there is none. */
  readonly namePeople: ((event: ImEvent) => void) | undefined;
  /** The text of a judged event, without what its verdict hides. */
  readonly shownText: (event: ImEvent) => string | undefined;
}

export interface LoadedRules {
  readonly rules: CompiledRules;
  readonly result: LoadResult;
}

/** `paths` undefined: the shipped policies; false: none. Throws UserError. */
export function loadPolicy(
  paths: readonly string[] | false | undefined,
  directory: string | undefined,
  terminal: Terminal,
): LoadedPolicy {
  if (paths === false) {
    const { rules, result } = loadOrRefuse([], directory, terminal);
    return {
      judge: PASS_EVERYTHING,
      description: 'none: everything passes',
      files: result.files,
      namePeople: peopleNamer(rules.policy.people),
      shownText: (event) => event.text,
    };
  }
  const { rules, result } = loadOrRefuse(paths ?? shippedPolicies(), directory, terminal);
  const count = counted(rules.policy.rules.length, 'rule');
  const name = paths === undefined ? 'as shipped in rules/packs' : paths.join(', ');
  return {
    judge: rules,
    description: `${name} (${count})`,
    files: result.files,
    namePeople: peopleNamer(rules.policy.people),
    shownText: (event) => maskedText(rules, event),
  };
}

function peopleNamer(people: readonly Person[]): ((event: ImEvent) => void) | undefined {
  if (people.length === 0) return undefined;
  const directory = new Directory(people);
  return (event) => namePeople(directory, event);
}

/** Rules that are right; warnings go to standard error. Throws UserError after telling every error. */
export function loadOrRefuse(
  paths: readonly string[],
  directory: string | undefined,
  terminal: Terminal,
): LoadedRules {
  const result = loadRules(paths, { directory });
  const lines = diagnosticLines(result.diagnostics, terminal.errorPaint);
  for (const line of lines) terminal.errors.line(line);
  terminal.errors.flush();
  if (result.rules !== undefined) return { rules: result.rules, result };
  const errors = result.diagnostics.filter(({ severity }) => severity === 'error').length;
  throw new UserError(`the rules were not loaded: ${counted(errors, 'error')}`);
}

/** The folder of the policies that ship with Sallyport, from the current directory. */
export function shippedPolicies(): readonly string[] {
  return [relative('.', join(packageRoot(), 'rules', 'packs'))];
}
