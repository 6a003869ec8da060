/**
 * What a reader sees of the HTML that messengers put around a text (AIM, ICQ, Gadu-Gadu, SIP): tags
 * gone, character references undone, line breaks kept. Linear in the input, whatever it is; a `<` that
 * begins no tag is text, as it is in every client.
 */
const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};
/** Elements after which, or at which, a new line begins. */
const BREAKS = /^(?:br|\/p|\/div|\/li|\/tr|\/h[1-6]|hr)$/;
/** Elements whose content nobody sees. */
const UNSEEN = /^(?:script|style|head|title|binary)$/;
const REFERENCE = /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,6}));?/gi;

/** `&amp;lt;` becomes `&lt;`: undone once. A reference that is none stays as it is. */
export function undoReferences(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(REFERENCE, (whole, hex, decimal, name) => {
    if (name !== undefined) return NAMED[String(name).toLowerCase()] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return isCharacter ? String.fromCodePoint(code) : '\ufffd';
  });
}

export function htmlText(markup: string): string {
  if (!markup.includes('<')) return undoReferences(markup);
  let text = '';
  let at = 0;
  // Where no `>`, no `-->`, no end tag was found once, none is looked for again: linear.
  let closed = true;
  let commentsEnd = true;
  let unseenEnds = true;
  while (at < markup.length) {
    const open = markup.indexOf('<', at);
    if (open === -1 || !closed) break;
    text += markup.slice(at, open);
    const next = markup.charCodeAt(open + 1);
    if (!beginsTag(next)) {
      text += '<';
      at = open + 1;
      continue;
    }
    const isComment = markup.startsWith('<!--', open);
    let end = -1;
    if (!isComment) end = tagEnd(markup, open + 1);
    else if (commentsEnd) end = markup.indexOf('-->', open + 4);
    if (end === -1 && isComment) {
      commentsEnd = false;
      end = markup.indexOf('>', open + 1) - 2;
    }
    if (end < 0) {
      closed = false;
      at = open;
      break;
    }
    at = end + (isComment ? 3 : 1);
    if (isComment) continue;
    const name = tagName(markup, open + 1, end);
    if (BREAKS.test(name)) text += '\n';
    else if (unseenEnds && UNSEEN.test(name)) {
      const stop = endTag(markup, at, name);
      if (stop === -1) unseenEnds = false;
      else at = stop;
    }
  }
  return undoReferences(text + markup.slice(at));
}

/** A letter, `/`, `!` or `?` (WHATWG HTML, tag open state). */
function beginsTag(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    code === 0x2f ||
    code === 0x21 ||
    code === 0x3f
  );
}

/** The `>` that ends the tag: one inside a quoted value does not. -1 where there is none. */
function tagEnd(markup: string, from: number): number {
  const plain = markup.indexOf('>', from);
  if (plain === -1) return -1;
  let quote = 0;
  for (let i = from; i < markup.length; i++) {
    const c = markup.charCodeAt(i);
    if (quote !== 0) {
      if (c === quote) quote = 0;
    } else if (c === 0x3e) return i;
    else if ((c === 0x22 || c === 0x27) && markup.charCodeAt(i - 1) === 0x3d) quote = c;
  }
  // A quote that never ends: clients show what follows the first `>`.
  return plain;
}

function tagName(markup: string, from: number, end: number): string {
  let stop = from;
  if (markup.charCodeAt(stop) === 0x2f) stop++;
  const most = Math.min(end, from + 16);
  while (stop < most && /[a-z0-9]/i.test(markup[stop] ?? '')) stop++;
  return markup.slice(from, stop).toLowerCase();
}

/** Behind `</name … >`, or -1. */
function endTag(markup: string, from: number, name: string): number {
  for (let at = markup.indexOf('</', from); at !== -1; at = markup.indexOf('</', at + 2)) {
    const nameEnd = at + 2 + name.length;
    if (markup.slice(at + 2, nameEnd).toLowerCase() !== name) continue;
    const close = markup.indexOf('>', nameEnd);
    return close === -1 ? -1 : close + 1;
  }
  return -1;
}
