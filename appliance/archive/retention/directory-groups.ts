/** Groups of people, from the directory file that the policy names. */
import { readFileSync } from 'node:fs';
import { readDirectory } from '../../../rules/directory/read-directory.ts';
import { Diagnostics, formatDiagnostic } from '../../../rules/source/diagnostic.ts';
import { systemErrorText } from '../../cli/user-error.ts';
import { ArchiveError } from '../archive-error.ts';
import type { GroupsOf, RetentionRule } from './retention-rules.ts';

/**
 * Read only where a rule names a group. Throws ArchiveError: there is no directory, it is wrong, or it has no
 * such group: then nobody would be in it, and what should be kept longer would go.
 */
export function directoryGroups(
  rules: readonly RetentionRule[],
  file: string | undefined,
): GroupsOf {
  const named = rules.flatMap(({ group }) => group ?? []);
  if (named.length === 0) return () => [];
  if (file === undefined) {
    throw new ArchiveError(
      `retention is by group (${named[0]}), and there is no directory`,
      'Name it in the section policy: of the configuration.',
    );
  }
  const groups = read(file);
  const known = new Set([...groups.values()].flat());
  const unknown = named.find((group) => !known.has(group));
  if (unknown !== undefined) {
    throw new ArchiveError(`retention is by group ${unknown}, and nobody in ${file} is in it`);
  }
  return (person) => groups.get(person) ?? [];
}

function read(file: string): Map<string, readonly string[]> {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ArchiveError(
      `${file}: the directory cannot be read: ${systemErrorText(error) ?? error}`,
    );
  }
  const found = new Diagnostics();
  const people = readDirectory(file, content, found);
  const wrong = found.all.find(({ severity }) => severity === 'error');
  if (wrong !== undefined) throw new ArchiveError(formatDiagnostic(wrong));
  return new Map(people.map(({ name, groups }) => [name, groups]));
}
