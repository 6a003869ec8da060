/** Headings, remarks and lists of words on a page. */
import { clip, displayWidth } from './columns.ts';
import type { Layout } from './page.ts';

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
