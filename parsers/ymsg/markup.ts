/**
 * What a reader sees of a message (dossier §4): ANSI-like escapes (`ESC [1m`, `ESC [x1m`, `ESC [#ff0000m`,
 * `ESC [lm` around links) and the tags that clients understand are gone. Anything else between `<` and
 * `>` is text, and so are `&lt;` and its kin: Yahoo! escapes nothing.
 */
const ESCAPE = new RegExp(`${'\x1b'}\\[x?(?:#[0-9a-fA-F]{1,6}|[0-9]{1,3}|[a-zA-Z])?m`, 'g');
/** `<ding>` alone is a buzz and is not among them. */
const TAG =
  /<(?:\/?(?:font|fade|alt|b|i|u|s|html|head|body|black|blue|cyan|gray|green|magenta|orange|pink|purple|red|white|yellow)(?:\s[^<>]{0,1024})?|#[0-9a-f]{6}|\/#|snd(?:=[^<>]{0,1024})?)>/gi;
const DING = /^\s*<ding>\s*$/i;

export function plainText(markup: string): string {
  const escapes = markup.includes('\u001b') ? markup.replace(ESCAPE, '') : markup;
  return escapes.includes('<') ? escapes.replace(TAG, '') : escapes;
}

export function isBuzz(text: string): boolean {
  return text.length < 64 && DING.test(text);
}
