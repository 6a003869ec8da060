/** What of a replay is in an archive now, and what to try next. */
import { harmless } from '../../src/event/harmless.ts';
import { shellWord } from '../doctor/shell-word.ts';
import { counted, grouped } from './amounts.ts';
import { clip } from './columns.ts';
import type { Layout } from './page.ts';

export interface ArchivedFacts {
  /** As `--archive` takes it. */
  readonly where: string;
  readonly archived: number;
  readonly notArchived: number;
  readonly refused: number;
  /** Files that a rule asked to keep. */
  readonly files: { readonly kept: number; readonly notKept: number };
  /** Words with which `sallyport archive` opens it. */
  readonly options: readonly string[];
  /** Of the captures that ship with Sallyport: there, it is known what can be found. */
  readonly example: boolean;
}

export function archiveLines(facts: ArchivedFacts, { width, paint }: Layout): string[] {
  const { where, archived, notArchived, refused, files, options, example } = facts;
  const words: string[] = [];
  if (notArchived > 0) words.push(`${grouped(notArchived)} that the policy did not want kept`);
  if (refused > 0) words.push(`${grouped(refused)} that could not be kept`);
  const left = words.length === 0 ? '' : `, but not ${words.join(' and ')}`;
  const named = options.map((word) => shellWord(harmless(word))).join(' ');
  return [
    clip(
      `${counted(archived, 'event')}${filesText(files)} in the archive ${paint.bold(harmless(where))}${left}`,
      width,
    ),
    'Try next:',
    `  npx sallyport archive search ${example ? 'falcon' : 'WORD'} ${named}`,
    `  npx sallyport archive verify ${named}`,
    `  npx sallyport archive export ${named} --help`,
  ].map((line, i) => (i < 2 ? line : paint.dim(line)));
}

function filesText({ kept, notKept }: ArchivedFacts['files']): string {
  if (kept + notKept === 0) return '';
  const missing = notKept === 0 ? '' : ` (${grouped(notKept)} could not be kept)`;
  return ` and ${counted(kept, 'file')}${missing}`;
}
