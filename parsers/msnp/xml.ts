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

/** The value of an attribute, references undone. */
export function attribute(attributes: string, name: string): string | undefined {
  const pattern = /([\w:.-]{1,32})\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
  for (const [, found, double, single] of attributes.matchAll(pattern)) {
    if (found?.toLowerCase() === name) return undoReferences(double ?? single ?? '');
  }
  return undefined;
}

/** What stands in the first element of this name, as a reader sees it; '' where it is empty. */
export function elementText(xml: string, name: string): string | undefined {
  const inside = elementXml(xml, name);
  return inside === undefined ? undefined : plain(inside);
}

/** The same, with its markup. */
export function elementXml(xml: string, name: string): string | undefined {
  let open = xml.indexOf(`<${name}`);
  while (open !== -1) {
    const after = xml[open + 1 + name.length] ?? '';
    if (/[\s/>]/.test(after)) {
      const close = tagEnd(xml, open + 1);
      if (close === -1) return undefined;
      if (xml.charCodeAt(close - 1) === 0x2f) return '';
      const end = xml.indexOf(`</${name}`, close);
      return end === -1 ? undefined : xml.slice(close + 1, end);
    }
    open = xml.indexOf(`<${name}`, open + 1);
  }
  return undefined;
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
