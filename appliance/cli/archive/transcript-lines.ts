/** A record of a transcript on lines of a terminal; long texts go on under themselves, cut nowhere. */
import { harmless } from '../../../src/event/harmless.ts';
import { transcriptLine } from '../../archive/export/transcript-line.ts';
import { isObject } from '../../archive/record/split-content.ts';
import type { OpenedRecord } from '../../archive/search/open-record.ts';
import { clock } from '../../report/amounts.ts';
import { clip, displayWidth } from '../../report/columns.ts';
import type { Layout } from '../../report/page.ts';
import { exportState } from './record-state.ts';

const WHO = 24;

export function transcriptLines(record: OpenedRecord, { width, paint }: Layout): string[] {
  const line = transcriptLine({ ...record, state: exportState(record) }, []);
  const refused = isObject(record.event.verdict) && record.event.verdict.action !== 'pass';
  const who = clip(line.who, WHO);
  const start = `${paint.dim(clock(record.time))}  ${paint.bold(who)}`;
  const notes = line.notes.map((note) => `[${harmless(note)}]`).join(' ');
  const told = notes === '' ? '' : refused ? paint.red(notes) : paint.dim(notes);
  if (!line.isSaid) {
    return [
      [`${start} ${paint.dim(harmless(line.text))}`, told].filter((part) => part !== '').join(' '),
    ];
  }
  const indent = ' '.repeat(10);
  const rows = line.text.split(/\r\n|\r|\n/).map((row) => harmless(row));
  const [first = '', ...rest] = rows;
  const fits = displayWidth(first.slice(0, width)) + 12 + displayWidth(who) <= width;
  const head = fits && first !== '' ? `${start}: ${first}` : `${start}:`;
  const others = fits ? rest : rows;
  const lines = [told === '' ? head : `${head} ${told}`, ...others.map((row) => indent + row)];
  return line.text === '' ? [`${start}: ${told}`.trimEnd()] : lines;
}
