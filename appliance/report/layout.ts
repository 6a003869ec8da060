/** The page a report is written on. */
import { clip, displayWidth } from './columns.ts';
import type { Paint } from './paint.ts';

export interface Layout {
  /** Display cells of a line, 60 to 120. */
  readonly width: number;
  readonly paint: Paint;
}

/** Width for a terminal of `columns`, or for a file when undefined. */
export function pageWidth(columns: number | undefined): number {
  // Some pseudo-terminals say 0.
  if (columns === undefined || !(columns > 0)) return 100;
  return Math.min(120, Math.max(60, Math.floor(columns)));
}

/** `CONVERSATIONS ──────────── 3 conversations, 57 messages` */
export function heading(title: string, facts: string, { width, paint }: Layout): string[] {
  const right = facts === '' ? '' : ` ${clip(facts, width - title.length - 4)}`;
  const rule = '─'.repeat(Math.max(2, width - displayWidth(title) - displayWidth(right) - 1));
  return ['', `${paint.bold(title)} ${paint.dim(rule)}${paint.dim(right)}`];
}

/** One remark under a list: what was left out, where to find it. */
export function remark(text: string, { width, paint }: Layout): string {
  return `  ${paint.dim(clip(text, width - 2))}`;
}

/** A list of words, as many as fit. */
export function joined(words: readonly string[], width: number): string {
  let line = '';
  for (const [i, word] of words.entries()) {
    const more = words.length - i;
    const next = line === '' ? word : `${line}, ${word}`;
    if (displayWidth(next) > width - 10 && line !== '') return clip(`${line}, +${more}`, width);
    line = next;
  }
  return clip(line, width);
}
