/** What could make the report incomplete: what `archive completeness` tells of the same time and persons. */
import { counted, duration, grouped, size } from '../../report/amounts.ts';
import type { Archive } from '../archive.ts';
import { completeness } from '../evidence/completeness/completeness.ts';
import type { Missing } from '../evidence/completeness/missing-log.ts';
import type { CompletenessReport } from './report.ts';

/** Things that the line names; the table has all. */
const NAMED = 4;

/** `from`, `to`: of what was asked for, or of the events there are. */
export async function completenessOf(
  archive: Archive,
  options: { readonly from: number; readonly to: number; readonly person?: readonly string[] },
): Promise<CompletenessReport> {
  const { complete, live, missing } = await completeness(archive, options);
  const rows = missing.map(({ kind, what, why, times, counts }) => ({
    ...{ kind, what, why, times, counts },
  }));
  return { complete, live, missing: rows, says: says(complete, live, missing) };
}

function says(complete: boolean, live: boolean, missing: readonly Missing[]): string {
  if (complete && live) return 'Complete: nothing is known to be missing.';
  if (complete) return 'Complete as far as the recordings are: nothing is known to be missing.';
  const named = missing.slice(0, NAMED).map(({ what, counts }) => `${what} (${amounts(counts)})`);
  const more = missing.length - named.length;
  if (more > 0) named.push(`${counted(more, 'more thing')}`);
  return `Not complete: ${named.join(', ')}.`;
}

/** `12 packets, 3.4 kB` */
export function amounts(counts: Readonly<Record<string, number>>): string {
  const words = Object.entries(counts).map(([name, count]) => {
    if (name === 'seconds') return duration(count);
    if (name === 'octets') return size(count);
    return `${grouped(count)} ${name}`;
  });
  return words.join(', ');
}
