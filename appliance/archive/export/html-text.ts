/**
 * Text for a page: shown as it is, obeyed in nothing. Control characters and what reorders or hides text are made
 * visible (src/event/harmless.ts), markup is escaped; who uses it puts it into <bdi> where it is not alone.
 */
import { harmless } from '../../../src/event/harmless.ts';

const MARKUP = /[&<>"'`]/g;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};
const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/;

/** One line. */
export function htmlText(text: string): string {
  return harmless(text).replace(MARKUP, (character) => ENTITIES[character] ?? character);
}

/** Lines stay lines: for elements that keep white space. */
export function htmlLines(text: string): string {
  return lines(text).map(htmlText).join('\n');
}

export function lines(text: string): string[] {
  return text.split(LINE_BREAK);
}
