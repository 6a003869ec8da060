/** Texts and names of TOC: HTML in UTF-8, or in windows-1252; the encoded forms tell which. */
import { ownCopy, utf8, utf8OrWindows1252, utf8Prefix } from '../../src/bytes/text.ts';
import { windows1252 } from '../../src/bytes/windows-1252.ts';
import type { ImEvent } from '../../src/event/event.ts';
import { htmlText } from '../framing/html-text.ts';

/** `encoding` of the commands that end in `_enc`: A ASCII, L Latin-1, U UTF-8. */
export function tocText(octets: Uint8Array, encoding = ''): string {
  if (encoding === 'L') return windows1252(octets);
  if (encoding === 'U') return utf8(octets, 0, octets.length);
  return utf8OrWindows1252(octets, 0, octets.length);
}

/** `Screen Name` and `screenname` are one account. */
export function canonicalName(shown: string): string | undefined {
  const name = shown.replace(/[ \0]/g, '').toLowerCase();
  return name === '' ? undefined : ownCopy(name);
}

/** The text without its markup into an event; the original where it had any. True where it is as written. */
export function setText(event: ImEvent, written: string): boolean {
  const text = htmlText(written);
  event.text = some(text);
  if (text !== written) event.markup = written;
  return text === written && text !== '';
}

/** Whether the octets stand in the stream as their text is: for masking in place. */
export function isVerbatim(octets: Uint8Array): boolean {
  return utf8Prefix(octets, 0, octets.length) === octets.length;
}

export function some(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
