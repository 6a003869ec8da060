import { clock, counted, size } from './amounts.ts';
import { cell, clip, columnWidth, displayWidth, rightCell } from './columns.ts';
import type { FileEntry, FileLog } from './file-log.ts';
import { heading, type Layout, remark } from './layout.ts';
import { isNotable, mark, paintAction, verdictWords } from './verdict-text.ts';

export function renderFiles(log: FileLog, most: number, layout: Layout): string[] {
  const { entries, leftOut } = log;
  if (entries.length === 0) return [];
  const lines = heading('FILES', counted(entries.length + leftOut, 'transfer'), layout);
  const shown = choose(entries, most);
  const nameWidth = columnWidth(
    shown.map((entry) => entry.name),
    Math.floor(layout.width * 0.3),
  );
  for (const entry of shown) lines.push(...renderFile(entry, nameWidth, layout));
  const rest = entries.length + leftOut - shown.length;
  if (rest > 0) lines.push(remark(`… and ${counted(rest, 'more transfer')}`, layout));
  return lines;
}

/** Those with a verdict first, shown in order of time. */
function choose(entries: readonly FileEntry[], most: number): FileEntry[] {
  const notable = entries.filter((entry) => isNotable(entry.verdict));
  const plain = entries.filter((entry) => !isNotable(entry.verdict));
  return [...notable, ...plain].slice(0, most).sort((a, b) => a.time - b.time);
}

function renderFile(entry: FileEntry, nameWidth: number, { width, paint }: Layout): string[] {
  const amount = entry.size === undefined ? '' : size(entry.size);
  const head = `   ${mark(entry.verdict, paint)} ${paint.dim(clock(entry.time))} `;
  const way = ` ${cell(entry.method ?? '', 8)}`;
  const outcome = outcomeWords(entry);
  const space = width - 14 - nameWidth - 9 - 9 - displayWidth(outcome) - 4;
  const parties = cell(`${entry.from ?? '?'} → ${entry.to ?? '?'}`, Math.max(12, space));
  const lines = [
    `${head}${paint.bold(cell(entry.name, nameWidth))} ${rightCell(amount, 8)}${paint.dim(way)}  ${parties}  ${paintOutcome(entry, paint)(outcome)}`,
  ];
  const verdict = isNotable(entry.verdict) ? verdictWords(entry.verdict) : '';
  const hash = entry.sha256 === undefined ? '' : `sha256 ${entry.sha256.slice(0, 12)}…`;
  const under = [verdict, hash].filter((part) => part !== '').join('  ');
  if (under === '' || entry.verdict === undefined) {
    if (hash !== '') lines.push(`${' '.repeat(14)}${paint.dim(hash)}`);
    return lines;
  }
  const shownVerdict = clip(verdict, width - 14 - (hash === '' ? 0 : hash.length + 2));
  const coloured =
    shownVerdict === '' ? '' : paintAction(entry.verdict.action, paint)(shownVerdict);
  const parts = [coloured, hash === '' ? '' : paint.dim(hash)].filter((part) => part !== '');
  lines.push(`${' '.repeat(14)}${parts.join('  ')}`);
  return lines;
}

function outcomeWords(entry: FileEntry): string {
  if (entry.outcome !== 'complete') return entry.outcome;
  const { announced, size: octets } = entry;
  if (announced === undefined || octets === undefined || announced === octets) return 'complete';
  return `complete (${size(announced)} announced)`;
}

function paintOutcome(entry: FileEntry, paint: Layout['paint']): (text: string) => string {
  if (entry.outcome === 'complete') return paint.green;
  return entry.outcome === 'declined' || entry.outcome === 'cancelled' ? paint.yellow : paint.dim;
}
