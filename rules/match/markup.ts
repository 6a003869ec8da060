/**
 * What a reader of `markup` gets to see or to follow, beyond what stands in `text`.
 *
 * markup = *( tag / entity / formatting code / CDATA / text )
 *   tag    = "<" [ "/" ] name *( SP attribute ) [ "/" ] ">"     name: an element of XHTML-IM
 *   entity = "&" ( amp / lt / gt / quot / apos / nbsp / "#" digits / "#x" hex ) ";"
 *   code   = IRC formatting: 02-04 0F 11 16 1D-1F, colours with their digits
 *
 * Whatever is not of this form is text: markup also carries plain bodies in other languages, and a
 * "<" there is a "<". Attributes are seen as values of their own (targets, titles), but for those
 * that only tell how it looks.
 */

/** The visible text first, then targets and other attribute values; nothing that equals `text`. */
export function valuesOfMarkup(markup: string, text: string | undefined): readonly string[] {
  const values: string[] = [];
  const shown = visibleText(markup, values).trim();
  const seen = new Set([squeeze(text ?? ''), '']);
  return [shown, ...values].filter((value) => {
    const key = squeeze(value);
    const news = !seen.has(key);
    seen.add(key);
    return news;
  });
}

const TAG =
  /^<(\/?)([A-Za-z][A-Za-z0-9]*)((?:\s+[A-Za-z][\w:.-]{0,40}\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*)\s*\/?>/;
const ATTRIBUTE = /([A-Za-z][\w:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const LOOKS =
  /^(?:style|class|id|lang|dir|type|width|height|color|face|size|xmlns|xml:.*|xmlns:.*)$/i;
const MOST_TAG = 4096; // characters; a longer tag is text

/** Elements of XHTML-IM (XEP-0071 §6) and HTML that clients show; true: begins a line. */
const ELEMENTS = new Map<string, boolean>([
  ...'a abbr acronym b big cite code del dfn em font i img ins kbd q s samp small span strike strong sub sup tt u var'
    .split(' ')
    .map((name) => [name, false] as const),
  ...'address blockquote body br div dl dt dd h1 h2 h3 h4 h5 h6 hr html li ol p pre table td th tr ul'
    .split(' ')
    .map((name) => [name, true] as const),
]);

function visibleText(markup: string, values: string[]): string {
  let out = '';
  let from = 0; // what is before has been put out
  let at = 0;
  let close = -1; // the next '>'
  const cut = (next: number, instead: string) => {
    out += markup.slice(from, at) + instead;
    from = at = next;
  };
  while (at < markup.length) {
    const c = markup.charCodeAt(at);
    if (c === LESS) {
      if (close < at) close = indexOrEnd(markup, '>', at);
      const tag = close === markup.length ? undefined : tagAt(markup, at, close);
      if (tag !== undefined) {
        readAttributes(tag.attributes, values);
        cut(at + tag.length, tag.line ? '\n' : '');
      } else if (markup.startsWith(CDATA, at)) {
        const stop = indexOrEnd(markup, ']]>', at);
        cut(at + CDATA.length, '');
        at = stop;
        cut(Math.min(markup.length, stop + 3), '');
      } else at++;
    } else if (c === AMPERSAND) {
      const entity = ENTITY.exec(markup.slice(at, at + LONGEST_ENTITY));
      const meant = entity === null ? undefined : characterOf(entity[1] ?? '');
      if (entity !== null && meant !== undefined) cut(at + entity[0].length, meant);
      else at++;
    } else if (isCode(c)) cut(codeEnd(markup, at), '');
    else at++;
  }
  return out + markup.slice(from);
}

interface Tag {
  readonly length: number;
  readonly attributes: string;
  readonly line: boolean;
}

function indexOrEnd(text: string, sought: string, at: number): number {
  const found = text.indexOf(sought, at);
  return found < 0 ? text.length : found;
}

function tagAt(markup: string, at: number, close: number): Tag | undefined {
  if (close - at > MOST_TAG) return undefined;
  const found = TAG.exec(markup.slice(at, close + 1));
  const line = ELEMENTS.get(found?.[2]?.toLowerCase() ?? '');
  if (found === null || line === undefined) return undefined;
  return { length: found[0].length, attributes: found[3] ?? '', line };
}

function readAttributes(attributes: string, values: string[]): void {
  if (attributes === '') return;
  for (const [, name = '', double, single] of attributes.matchAll(ATTRIBUTE)) {
    if (LOOKS.test(name)) continue;
    const value = double ?? single ?? '';
    if (value !== '') values.push(value.includes('&') ? undoEntities(value) : value);
  }
}

const LESS = 0x3c;
const AMPERSAND = 0x26;
const CDATA = '<![CDATA[';
const ENTITY = /^&(#[xX][0-9a-fA-F]{1,6}|#[0-9]{1,7}|[a-z]{2,4});/;
const LONGEST_ENTITY = 10; // characters
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
};

function undoEntities(text: string): string {
  return text.replace(
    /&(#[xX][0-9a-fA-F]{1,6}|#[0-9]{1,7}|[a-z]{2,4});/g,
    (whole, name: string) => {
      return characterOf(name) ?? whole;
    },
  );
}

function characterOf(name: string): string | undefined {
  if (!name.startsWith('#')) return Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
  const hex = name[1] === 'x' || name[1] === 'X';
  const code = hex ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

function isCode(c: number): boolean {
  if (c >= 0x20) return false;
  return (c >= 0x02 && c <= 0x04) || c === 0x0f || c === 0x11 || c === 0x16 || c >= 0x1d;
}

const COLOUR = /^\d{1,2}(?:,\d{1,2})?/;
const HEX_COLOUR = /^[0-9a-fA-F]{6}(?:,[0-9a-fA-F]{6})?/;

/** After the code and the digits that belong to it. */
function codeEnd(markup: string, at: number): number {
  const c = markup.charCodeAt(at);
  if (c !== 3 && c !== 4) return at + 1;
  const found = (c === 3 ? COLOUR : HEX_COLOUR).exec(markup.slice(at + 1, at + 14));
  return at + 1 + (found?.[0].length ?? 0);
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
