/**
 * windows-1250 (WHATWG Encoding): Central European, what Gadu-Gadu wrote before it had UTF-8.
 *
 * TextDecoder knows it only where Node was built with all of ICU, and nothing in Node encodes it.
 * Its `latin1` is ISO 8859-1 in some versions and windows-1252 in others.
 */
import { Buffer } from 'node:buffer';

const HIGH = /[\u0080-\u00ff]/g;
/** 0x80-0xff; where windows-1250 has nothing, the control character itself. */
const LOOKED_UP =
  '€\u0081‚\u0083„…†‡\u0088‰Š‹ŚŤŽŹ\u0090‘’“”•–—\u0098™š›śťžź' +
  '\u00a0ˇ˘Ł¤Ą¦§¨©Ş«¬\u00ad®Ż°±˛ł´µ¶·¸ąş»Ľ˝ľż' +
  'ŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢß' +
  'ŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙';

const OCTETS: ReadonlyMap<string, number> = new Map(
  [...LOOKED_UP].map((character, i) => [character, 0x80 + i]),
);
const QUESTION_MARK = 0x3f;

export function windows1250(octets: Uint8Array): string {
  const text = Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('latin1');
  return text.replace(HIGH, (c) => LOOKED_UP[c.charCodeAt(0) - 0x80] ?? c);
}

const OTHERS = new RegExp(`[^\\0-\\x7f${LOOKED_UP}]`, 'g');

/** The text without what windows-1250 does not have. */
export function onlyWindows1250(text: string): string {
  return text.replace(OTHERS, '');
}

/** What windows-1250 does not have becomes a question mark. */
export function toWindows1250(text: string): Uint8Array {
  return Uint8Array.from(text, (c) =>
    c < '\u0080' ? c.charCodeAt(0) : (OCTETS.get(c) ?? QUESTION_MARK),
  );
}
