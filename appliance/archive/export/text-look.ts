/**
 * A transcript as plain text:
 *
 *     09:31:44 #123 alice@a.example: hello
 *              and a second line
 *     09:31:50 #124 * bob@b.example offers the file plan.xls (17.9 kB) [drop by rule files]
 */
import { harmless } from '../../../src/event/harmless.ts';
import { clock } from '../../report/amounts.ts';
import { lines } from './html-text.ts';
import type { TranscriptLine } from './transcript-line.ts';

const INDENT = ' '.repeat(9);

/** With its line feed. */
export function textLine({ sequence, time, who, text, isSaid, notes }: TranscriptLine): string {
  const [first = '', ...others] = lines(text).map(harmless);
  const head = `${clock(time)} #${sequence} ${isSaid ? '' : '* '}${harmless(who)}${isSaid ? ':' : ''}`;
  const noted = notes.map((note) => ` [${harmless(note)}]`).join('');
  const rest = others.map((line) => `\n${INDENT}${line}`).join('');
  return `${head}${first === '' ? '' : ` ${first}`}${rest}${noted}\n`;
}
