/** What could make the report incomplete: gaps, what was not readable, and what the ledger tells of the period. */
import { counted, grouped, size } from '../../report/amounts.ts';
import type { ArchiveDatabase } from '../contract.ts';
import { numberIn, objectIn, parsed, textIn } from './json-fields.ts';
import type { RecordTally } from './record-tally.ts';
import type { CompletenessReport } from './report.ts';

/** Kinds of entries, and names of counts, told apart. */
const MOST = 100;
/** Entries that tell of no loss. */
const HARMLESS = new Set(['start', 'stop', 'open', 'close']);

export async function completeness(
  database: ArchiveDatabase,
  { gaps, gapOctets, opaque }: RecordTally,
  from: number | undefined,
  to: number | undefined,
): Promise<CompletenessReport> {
  const found = new Map<string, { entries: number; counts: Record<string, number> }>();
  const rows = database.each<{ envelope: Uint8Array }>(
    `SELECT envelope FROM record WHERE kind = 'ledger' AND time >= ? AND time < ? ORDER BY sequence`,
    from ?? 0,
    to ?? Number.MAX_SAFE_INTEGER,
  );
  for await (const { envelope } of rows) {
    const entry = objectIn(parsed(envelope), 'ledger');
    const what = textIn(entry, 'what') ?? '?';
    let row = found.get(what);
    if (row === undefined) {
      if (found.size >= MOST) continue;
      row = { entries: 0, counts: Object.create(null) as Record<string, number> };
      found.set(what, row);
    }
    row.entries += 1;
    const counts = objectIn(entry, 'counts') ?? {};
    for (const name of Object.keys(counts).slice(0, MOST)) {
      const sum = (row.counts[name] ?? 0) + numberIn(counts, name);
      if (sum > 0) row.counts[name] = sum;
    }
  }
  const ledger = [...found].map(([what, row]) => ({ what, ...row }));
  return { gaps, gapOctets, opaque, ledger, says: says(gaps, gapOctets, opaque, ledger) };
}

function says(
  gaps: number,
  gapOctets: number,
  opaque: number,
  ledger: CompletenessReport['ledger'],
): string {
  const words: string[] = [];
  if (gaps > 0) words.push(`${counted(gaps, 'gap')} of ${size(gapOctets)} in readable connections`);
  if (opaque > 0) words.push(`${counted(opaque, 'connection')} could not be read`);
  for (const { what, entries, counts } of ledger) {
    if (HARMLESS.has(what)) continue;
    const sums = Object.entries(counts).map(([name, sum]) => `${grouped(sum)} ${name}`);
    words.push(
      `${what}: ${sums.length === 0 ? counted(entries, 'entry', 'entries') : sums.join(', ')}`,
    );
  }
  if (words.length === 0) return 'Nothing is known to be missing.';
  return `Known to be missing: ${words.join('; ')}.`;
}
