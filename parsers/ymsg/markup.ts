/**
 * What a reader sees of a message (dossier §4): ANSI-like escapes (`ESC [1m`, `ESC [x1m`, `ESC [#ff0000m`,
 * `ESC [lm` around links) and the tags that clients understand are gone. Anything else between `<` and
 * `>` is text, and so are `&lt;` and its kin: Yahoo! escapes nothing.
 *
 * libpurple takes any octets up to the next `m` for an escape, a tag to its `>` outside quotes, whatever is
 * in between, and `<b/x>` for `<b>`: so does this. In one pass.
 */
/** `<ding>` alone is a buzz and is not among them. */
const TAG_NAME =
  /\/?(?:font|fade|alt|b|i|u|s|html|head|body|black|blue|cyan|gray|green|magenta|orange|pink|purple|red|white|yellow)(?=[>\s/])|#[0-9a-f]{6}(?=>)|\/#(?=>)|snd(?=[>=])/iy;
const DING = /^\s*<ding>\s*$/i;
const ESC = 0x1b;
const LESS = 0x3c;
const GREATER = 0x3e;
const DOUBLE = 0x22;
const SINGLE = 0x27;
/** Characters of an escape: more is text to other clients than libpurple. */
const CODE_LIMIT = 64;

export function plainText(markup: string): string {
  if (!markup.includes('<') && !markup.includes('\u001b[')) return markup;
  let text = '';
  let from = 0;
  // Once a tag has no end, none behind it has one.
  let closed = true;
  for (let at = 0; at < markup.length; at++) {
    const c = markup.charCodeAt(at);
    let end = -1;
    if (c === ESC && markup[at + 1] === '[') end = codeEnd(markup, at + 2);
    else if (c === LESS && closed && beginsTag(markup, at + 1)) {
      end = tagEnd(markup, at + 1);
      closed = end !== -1;
    }
    if (end === -1) continue;
    text += markup.slice(from, at);
    from = end + 1;
    at = end;
  }
  return text + markup.slice(from);
}

/** The `m` of an escape, or -1. */
function codeEnd(markup: string, from: number): number {
  const most = Math.min(markup.length, from + CODE_LIMIT);
  for (let at = from; at < most; at++) if (markup[at] === 'm') return at;
  return -1;
}

function beginsTag(markup: string, at: number): boolean {
  TAG_NAME.lastIndex = at;
  return TAG_NAME.test(markup);
}

/** The `>` outside quotes, or -1. */
function tagEnd(markup: string, from: number): number {
  let quote = 0;
  for (let at = from; at < markup.length; at++) {
    const c = markup.charCodeAt(at);
    if (quote !== 0) {
      if (c === quote) quote = 0;
    } else if (c === GREATER) return at;
    else if (c === DOUBLE || c === SINGLE) quote = c;
  }
  return -1;
}

export function isBuzz(text: string): boolean {
  return text.length < 64 && DING.test(text);
}
