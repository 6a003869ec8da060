/** What a rule does besides: `also: [ log, { alert: high }, { learn: 1h } ]`. */
import type { RuleEntry } from '../schema.ts';
import { parseDuration } from '../source/quantity.ts';
import type { Path, YamlSource } from '../source/yaml-source.ts';
import type { Also } from './policy.ts';
import type { Scope } from './scope.ts';

/** Seconds: by then a cloud has given the address to somebody else. */
const LONGEST_LEARNED = 7 * 86_400;

export function readAlso(
  written: RuleEntry['also'],
  path: Path,
  source: YamlSource,
  scope: Scope,
): Also {
  const items = written === undefined ? [] : Array.isArray(written) ? written : [written];
  let log = false;
  let quarantine = false;
  let alert: Also['alert'];
  let archive: Also['archive'];
  let learn: number | undefined;
  const tags: string[] = [];
  const count: string[] = [];
  for (const [i, item] of items.entries()) {
    if (item === 'log') log = true;
    else if (item === 'quarantine') quarantine = true;
    else {
      log ||= item.log ?? false;
      quarantine ||= item.quarantine ?? false;
      alert = item.alert ?? alert;
      archive = item.archive ?? archive;
      tags.push(...asNames(item.tag));
      count.push(...asNames(item.count));
      if (item.learn === undefined) continue;
      const at = Array.isArray(written) ? [...path, i, 'learn'] : [...path, 'learn'];
      learn = readLearn(item.learn, at, source, scope) ?? learn;
    }
  }
  return { log, alert, tags, archive, quarantine, count, learn };
}

/** Whole seconds, begun ones counted. */
function readLearn(
  written: string,
  path: Path,
  source: YamlSource,
  { found }: Scope,
): number | undefined {
  const seconds = parseDuration(written);
  if (seconds === undefined) {
    found.error(source.place(path), `'${written}' is not a duration`, 'write 30s, 10m, 2h or 1d');
    return undefined;
  }
  if (seconds > LONGEST_LEARNED) {
    const hint = 'at most 7d: addresses are given to others';
    found.error(source.place(path), `'${written}' is too long to know an address by`, hint);
  }
  return Math.ceil(seconds);
}

function asNames(value: string | string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}
