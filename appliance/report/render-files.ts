import { clock, counted, size } from './amounts.ts';
import { cell, clip, columnWidth, displayWidth, rightCell } from './columns.ts';
import type { FileEntry, FileLog } from './file-log.ts';
import { heading, remark } from './layout.ts';
import type { Layout } from './page.ts';
import { isNotable, mark, paintAction, verdictWords } from './verdict-text.ts';

const INDENT = 14; // mark and time
const SIZE_CELLS = 8;
const OUTCOME_CELLS = 9;
const METHOD_CELLS = 11; // http-upload

export function renderFiles(log: FileLog, most: number, layout: Layout): string[] {
  const { entries, leftOut } = log;
  if (entries.length === 0) return [];
  const lines = heading('FILES', counted(entries.length + leftOut, 'transfer'), layout);
  const shown = choose(entries, most);
  const nameWidth = columnWidth(
    shown.map((entry) => entry.name),
    Math.floor(layout.width * 0.28),
  );
  const methodWidth = columnWidth(
    shown.map((entry) => entry.method ?? ''),
    METHOD_CELLS,
  );
  const space = layout.width - INDENT - nameWidth - 1 - SIZE_CELLS - 2 - OUTCOME_CELLS - 2;
  const partiesWidth = columnWidth(shown.map(parties), layout.width);
  // Who sent it to whom matters more than how: the method goes below where both do not fit.
  const columns =
    partiesWidth + methodWidth + 2 <= space
      ? { nameWidth, methodWidth, space: space - methodWidth - 2 }
      : { nameWidth, methodWidth: 0, space };
  for (const entry of shown) lines.push(...renderFile(entry, columns, layout));
  const rest = entries.length + leftOut - shown.length;
  if (rest > 0) lines.push(remark(`… and ${counted(rest, 'more transfer')}`, layout));
  return lines;
}

interface FileColumns {
  readonly nameWidth: number;
  /** 0: the method stands below. */
  readonly methodWidth: number;
  /** Cells for the parties. */
  readonly space: number;
}

/** Those with a verdict first, shown in order of time. */
function choose(entries: readonly FileEntry[], most: number): FileEntry[] {
  const notable = entries.filter((entry) => isNotable(entry.verdict));
  const plain = entries.filter((entry) => !isNotable(entry.verdict));
  return [...notable, ...plain].slice(0, most).sort((a, b) => a.time - b.time);
}

function renderFile(
  entry: FileEntry,
  { nameWidth, methodWidth, space }: FileColumns,
  { width, paint }: Layout,
): string[] {
  const amount = entry.size === undefined ? '' : size(entry.size);
  const head = `   ${mark(entry.verdict, paint)} ${paint.dim(clock(entry.time))} ${paint.bold(cell(entry.name, nameWidth))}`;
  const outcome = paintOutcome(entry, paint)(cell(entry.outcome, OUTCOME_CELLS));
  const method = methodWidth === 0 ? '' : paint.dim(`${cell(entry.method ?? '', methodWidth)}  `);
  const lines = [
    `${head} ${rightCell(amount, SIZE_CELLS)}  ${outcome}  ${method}${clip(parties(entry), space)}`,
  ];
  const inner = width - INDENT;
  const words = isNotable(entry.verdict) ? clip(verdictWords(entry.verdict), inner) : '';
  const verdict =
    entry.verdict === undefined ? '' : paintAction(entry.verdict.action, paint)(words);
  const details = clip(detailWords(entry, methodWidth === 0).join(', '), inner);
  const indent = ' '.repeat(INDENT);
  if (words !== '' && details !== '' && displayWidth(words) + displayWidth(details) + 2 <= inner) {
    return [...lines, `${indent}${verdict}  ${paint.dim(details)}`];
  }
  if (words !== '') lines.push(indent + verdict);
  if (details !== '') lines.push(indent + paint.dim(details));
  return lines;
}

function parties(entry: FileEntry): string {
  return `${entry.from ?? '?'} → ${entry.to ?? '?'}`;
}

function detailWords(entry: FileEntry, withMethod: boolean): string[] {
  const { announced, size: octets, outcome, method, sha256 } = entry;
  const words = withMethod && method !== undefined ? [method] : [];
  if (outcome === 'complete' && announced !== undefined && announced !== octets) {
    words.push(`${size(announced)} announced`);
  }
  if (sha256 !== undefined) words.push(`sha256 ${clip(sha256, 13)}`);
  return words;
}

function paintOutcome(entry: FileEntry, paint: Layout['paint']): (text: string) => string {
  if (entry.outcome === 'complete') return paint.green;
  return entry.outcome === 'declined' || entry.outcome === 'cancelled' ? paint.yellow : paint.dim;
}
