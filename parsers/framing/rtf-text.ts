/**
 * What a reader sees of Rich Text Format (Microsoft's RTF specification 1.9), as old clients of Live
 * Communications Server send it: control words gone, escapes undone, tables of fonts and colours left out.
 * Linear in the input, whatever it is.
 *
 *   { … }  group      \word-12  control word, one space behind it is part of it      \'e9  an octet
 *   \u8364 ?  a character, and what stands for it elsewhere      {\* … }  for programs that know it
 */
import { windows1252 } from '../../src/bytes/windows-1252.ts';

const UNSEEN =
  /^(?:fonttbl|colortbl|stylesheet|info|pict|object|header|footer|generator|listtable)$/;
const BREAKS = /^(?:par|line|sect|page|row)$/;
const CONTROL = /\\(?:([a-z]{1,32})(-?\d{1,10})? ?|'([0-9a-f]{2})|([^a-z']))/iy;
const DEPTH_LIMIT = 256;

export function rtfText(rtf: string): string {
  if (!/^\s*\{\\rtf/.test(rtf)) return rtf;
  let text = '';
  /** For each open group, whether it is seen. */
  const seen: boolean[] = [];
  let isSeen = true;
  let skip = 0; // characters that stand for a \u
  for (let at = 0; at < rtf.length; ) {
    const c = rtf[at] ?? '';
    if (c === '{' || c === '}') {
      at += 1;
      if (c === '{') seen.push(isSeen);
      else isSeen = seen.pop() ?? true;
      if (seen.length > DEPTH_LIMIT) return text;
    } else if (c !== '\\') {
      at += 1;
      if (c === '\r' || c === '\n') continue;
      if (skip > 0) skip -= 1;
      else if (isSeen) text += c;
    } else {
      CONTROL.lastIndex = at;
      const match = CONTROL.exec(rtf);
      if (match === null) break;
      at = CONTROL.lastIndex;
      const [, word, number, hex, symbol] = match;
      if (symbol === '*' || (word !== undefined && UNSEEN.test(word))) isSeen = false;
      const said = characterOf(word, number, hex, symbol);
      if (word === 'u') skip = 1;
      else if (hex !== undefined && skip > 0) {
        skip -= 1;
        continue;
      }
      if (isSeen) text += said;
    }
  }
  return text;
}

function characterOf(
  word: string | undefined,
  number: string | undefined,
  hex: string | undefined,
  symbol: string | undefined,
): string {
  if (hex !== undefined) return windows1252(Uint8Array.of(Number.parseInt(hex, 16)));
  if (symbol !== undefined) return symbol === '~' ? ' ' : '{}\\'.includes(symbol) ? symbol : '';
  if (word === undefined) return '';
  if (word === 'u' && number !== undefined) return String.fromCharCode(Number(number) & 0xffff);
  if (word === 'tab') return '\t';
  return BREAKS.test(word) ? '\n' : '';
}
