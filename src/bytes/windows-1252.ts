/**
 * windows-1252 (WHATWG Encoding): ISO 8859-1 but for 0x80-0x9f, where it has quotes, dashes, bullets.
 *
 * TextDecoder('windows-1252') of Node 20 decodes ISO 8859-1 instead: bullets and quotes became
 * invisible control characters. So only those 32 octets are looked up here.
 */
const LATIN_1 = new TextDecoder('latin1');
const C1 = /[\u0080-\u009f]/g;
/** 0x80-0x9f; where windows-1252 has nothing, the control character itself. */
const LOOKED_UP = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

export function windows1252(octets: Uint8Array): string {
  return LATIN_1.decode(octets).replace(C1, (c) => LOOKED_UP[c.charCodeAt(0) - 0x80] ?? c);
}
