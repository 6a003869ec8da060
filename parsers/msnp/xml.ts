/**
 * The small XML documents in payloads: ADL, UBX, NOT and kin. Read as text, in one pass, whatever it
 * is; a document of this size is no tree that anybody needs.
 */
import { htmlText, undoReferences } from '../framing/html-text.ts';

/** One tag: `name` in lower case, `end` for an end tag. */
export interface Tag {
  readonly name: string;
  readonly end: boolean;
  readonly empty: boolean;
  readonly attributes: string;
}

/** All tags in order; comments, declarations and text are passed over. */
export function* tagsOf(xml: string): Generator<Tag> {
  let at = 0;
  for (;;) {
    const open = xml.indexOf('<', at);
    if (open === -1) return;
    if (xml.startsWith('<!--', open)) {
      const comment = xml.indexOf('-->', open + 4);
      if (comment === -1) return;
      at = comment + 3;
      continue;
    }
    const close = tagEnd(xml, open + 1);
    if (close === -1) return;
    at = close + 1;
    const match = /^(\/?)([A-Za-z][\w:.-]{0,31})/.exec(xml.slice(open + 1, open + 35));
    if (match === null) continue;
    const [, slash = '', name = ''] = match;
    const attributes = xml.slice(open + 1 + slash.length + name.length, close);
    yield {
      name: name.toLowerCase(),
      end: slash !== '',
      empty: attributes.endsWith('/'),
      attributes,
    };
  }
}

/** The `>` of a tag, outside quotes; -1 where there is none. */
function tagEnd(xml: string, from: number): number {
  let quote = 0;
  for (let i = from; i < xml.length; i++) {
    const c = xml.charCodeAt(i);
    if (quote !== 0) {
      if (c === quote) quote = 0;
    } else if (c === 0x3e) return i;
    else if (c === 0x22 || c === 0x27) quote = c;
  }
  return -1;
}

/** The value of an attribute, references undone. In one pass: no pattern that tries names again and again. */
export function attribute(attributes: string, name: string): string | undefined {
  let at = 0;
  for (;;) {
    const equals = attributes.indexOf('=', at);
    if (equals === -1) return undefined;
    let end = equals;
    while (end > at && isSpace(attributes.charCodeAt(end - 1))) end--;
    let start = end;
    while (start > at && isOfName(attributes.charCodeAt(start - 1))) start--;
    let open = equals + 1;
    while (open < attributes.length && isSpace(attributes.charCodeAt(open))) open++;
    const quote = attributes[open];
    const close = quote === '"' || quote === "'" ? attributes.indexOf(quote, open + 1) : -1;
    if (close === -1) {
      at = Math.max(open, equals + 1);
      continue;
    }
    if (end - start === name.length && attributes.slice(start, end).toLowerCase() === name) {
      return undoReferences(attributes.slice(open + 1, close));
    }
    at = close + 1;
  }
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

/** A letter, a digit, `_`, `:`, `.` or `-`. */
function isOfName(code: number): boolean {
  const letter = code | 0x20;
  if ((letter >= 0x61 && letter <= 0x7a) || code === 0x5f) return true;
  return (code >= 0x30 && code <= 0x3a) || code === 0x2e || code === 0x2d;
}

/** What stands between the tags of an element, and where to look for the next one. */
export interface Element {
  readonly inside: string;
  readonly next: number;
}

/** The first element of this name from `from` on, outside comments and CDATA, where it is no element. */
export function elementFrom(xml: string, name: string, from: number): Element | undefined {
  const open = tagFrom(xml, `<${name}`, from);
  const close = open === -1 ? -1 : tagEnd(xml, open + 1);
  if (close === -1) return undefined;
  if (xml.charCodeAt(close - 1) === 0x2f) return { inside: '', next: close + 1 };
  const end = tagFrom(xml, `</${name}`, close + 1);
  return end === -1 ? undefined : { inside: xml.slice(close + 1, end), next: end + 1 };
}

/** Where a tag that begins like this stands, at `from` or behind it; -1. */
function tagFrom(xml: string, start: string, from: number): number {
  let at = from;
  for (;;) {
    const open = xml.indexOf('<', at);
    if (open === -1) return -1;
    at = open + 1;
    const [prefix, suffix] = xml.startsWith('<!--', open) ? COMMENT : CDATA;
    if (xml.startsWith(prefix, open)) {
      const stop = xml.indexOf(suffix, open + prefix.length);
      if (stop === -1) return -1;
      at = stop + suffix.length;
    } else if (xml.startsWith(start, open) && /[\s/>]/.test(xml[open + start.length] ?? '')) {
      return open;
    }
  }
}

const COMMENT = ['<!--', '-->'] as const;
const CDATA = ['<![CDATA[', ']]>'] as const;

/** What stands in the first element of this name, as a reader sees it; '' where it is empty. */
export function elementText(xml: string, name: string): string | undefined {
  const element = elementFrom(xml, name, 0);
  return element === undefined ? undefined : plain(element.inside);
}

/** The same of all elements of this name, at most `limit`: which of them a client shows is its own affair. */
export function elementTexts(xml: string, name: string, limit: number): string[] {
  const found: string[] = [];
  let element = elementFrom(xml, name, 0);
  while (element !== undefined && found.length < limit) {
    found.push(plain(element.inside));
    element = elementFrom(xml, name, element.next);
  }
  return found;
}

/** CDATA is text; tags and comments are gone; references are undone. */
function plain(inside: string): string {
  if (!inside.includes('<')) return undoReferences(inside);
  let text = '';
  let at = 0;
  for (;;) {
    const open = inside.indexOf('<![CDATA[', at);
    const close = open === -1 ? -1 : inside.indexOf(']]>', open);
    if (close === -1) break;
    text += htmlText(inside.slice(at, open)) + inside.slice(open + 9, close);
    at = close + 3;
  }
  return text + htmlText(inside.slice(at));
}
