/** Text in columns of a terminal: widths are display cells, not characters. */
import stringWidth from 'string-width';
import { harmless } from '../../src/event/harmless.ts';

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
// A letter with its marks; more is a pile meant to spill over other lines.
const GRAPHEME_CODE_UNITS = 16;

/** Display cells of text that has no colours in it. */
export function displayWidth(text: string): number {
  return stringWidth(text);
}

/** Made harmless and cut to `width` cells, the cut shown by `…`. */
export function clip(text: string, width: number): string {
  if (width <= 0) return '';
  const candidate = text.slice(0, width * GRAPHEME_CODE_UNITS);
  let shown = '';
  let cells = 0;
  let fitting = ''; // the longest prefix that leaves room for the ellipsis
  for (const { segment } of GRAPHEMES.segment(harmless(candidate))) {
    const part = segment.length > GRAPHEME_CODE_UNITS ? '\ufffd' : segment;
    cells += stringWidth(part);
    if (cells > width) return `${fitting}…`;
    shown += part;
    if (cells < width) fitting = shown;
  }
  return candidate.length < text.length ? `${fitting}…` : shown;
}

/** Exactly `width` cells: cut or filled with spaces. */
export function cell(text: string, width: number): string {
  let shown = clip(text, width);
  shown += ' '.repeat(Math.max(0, width - stringWidth(shown)));
  // Letters of some scripts join with what follows, a space too: one is then missing.
  return stringWidth(shown) < width ? `${shown} ` : shown;
}

/** Like `cell`, filled on the left: for numbers. */
export function rightCell(text: string, width: number): string {
  const shown = clip(text, width);
  return ' '.repeat(Math.max(0, width - stringWidth(shown))) + shown;
}

/** The width a column needs for these texts, between 1 and `most`. */
export function columnWidth(texts: Iterable<string>, most: number): number {
  let width = 1;
  for (const text of texts) width = Math.max(width, stringWidth(clip(text, most)));
  return width;
}
