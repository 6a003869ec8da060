/**
 * What a reader sees of the RTF that ICQ 2000 to 2003b put around a text (RTF 1.9): control words
 * gone, \par a line, \'hh an octet of windows-1252, \uN a character. Linear in the input.
 */
import { windows1252 } from '../../src/bytes/windows-1252.ts';

/** Groups that nobody sees. */
const UNSEEN = /^\{\\(?:\*|fonttbl|colortbl|stylesheet|info)/;
const LINES: Readonly<Record<string, string>> = { par: '\n', line: '\n', tab: '\t' };
const NESTING_LIMIT = 64;

export function rtfText(rtf: string): string {
  let text = '';
  let depth = 0;
  let unseenFrom = -1;
  const control = /\\(?:'([0-9a-f]{2})|u(-?\d{1,6}) ?\??|([a-z]{1,32})(?:-?\d{1,10})? ?|(.))/isy;
  for (let at = 0; at < rtf.length; ) {
    const character = rtf[at] ?? '';
    if (character === '{') {
      depth += 1;
      const opensUnseen = UNSEEN.test(rtf.slice(at, at + 16));
      if (unseenFrom === -1 && (opensUnseen || depth > NESTING_LIMIT)) unseenFrom = depth;
      at += 1;
    } else if (character === '}') {
      if (unseenFrom === depth) unseenFrom = -1;
      depth -= 1;
      at += 1;
    } else if (character === '\\') {
      control.lastIndex = at;
      const found = control.exec(rtf);
      at = found === null ? at + 1 : control.lastIndex;
      if (found !== null && unseenFrom === -1) text += shown(found);
    } else {
      if (unseenFrom === -1 && character !== '\r' && character !== '\n') text += character;
      at += 1;
    }
  }
  return text.endsWith('\n') ? text.slice(0, -1) : text;
}

function shown([, octet, unicode, word, symbol]: RegExpExecArray): string {
  if (octet !== undefined) return windows1252(Uint8Array.of(Number.parseInt(octet, 16)));
  if (unicode !== undefined) return String.fromCharCode(Number(unicode) & 0xffff);
  if (word !== undefined) return LINES[word] ?? '';
  return symbol === '~' ? '\u00a0' : /[\\{}]/.test(symbol ?? '') ? (symbol ?? '') : '';
}
