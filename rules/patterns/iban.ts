/** IBANs (ISO 13616): country, its length, mod-97 = 1; single separators anywhere. */
import { type Found, isAlphanumeric, isDigit, isSeparator } from './match.ts';

/** Characters by country, SWIFT IBAN registry. */
const LENGTHS: Readonly<Record<string, number>> = {
  AD: 24,
  AE: 23,
  AL: 28,
  AT: 20,
  AZ: 28,
  BA: 20,
  BE: 16,
  BG: 22,
  BH: 22,
  BI: 27,
  BR: 29,
  BY: 28,
  CH: 21,
  CR: 22,
  CY: 28,
  CZ: 24,
  DE: 22,
  DJ: 27,
  DK: 18,
  DO: 28,
  EE: 20,
  EG: 29,
  ES: 24,
  FI: 18,
  FK: 18,
  FO: 18,
  FR: 27,
  GB: 22,
  GE: 22,
  GI: 23,
  GL: 18,
  GR: 27,
  GT: 28,
  HN: 28,
  HR: 21,
  HU: 28,
  IE: 22,
  IL: 23,
  IQ: 23,
  IS: 26,
  IT: 27,
  JO: 30,
  KW: 30,
  KZ: 20,
  LB: 28,
  LC: 32,
  LI: 21,
  LT: 20,
  LU: 20,
  LV: 21,
  LY: 25,
  MC: 27,
  MD: 24,
  ME: 22,
  MK: 19,
  MN: 20,
  MR: 27,
  MT: 31,
  MU: 30,
  NI: 28,
  NL: 18,
  NO: 15,
  OM: 23,
  PK: 24,
  PL: 28,
  PS: 29,
  PT: 25,
  QA: 29,
  RO: 24,
  RS: 22,
  RU: 33,
  SA: 24,
  SC: 31,
  SD: 18,
  SE: 24,
  SI: 19,
  SK: 24,
  SM: 27,
  SO: 23,
  ST: 25,
  SV: 28,
  TL: 23,
  TN: 24,
  TR: 26,
  UA: 29,
  VA: 22,
  VG: 24,
  XK: 20,
  YE: 30,
};

export function findIbans(text: string, found: Found): void {
  for (let at = 0; at + 15 <= text.length; at++) {
    if (!isLetter(text.charCodeAt(at)) || !isLetter(text.charCodeAt(at + 1))) continue;
    if (at > 0 && isAlphanumeric(text.charCodeAt(at - 1))) continue;
    if (!mayHaveCheckDigit(text, at + 2)) continue;
    const country = text.slice(at, at + 2).toUpperCase();
    const length = Object.hasOwn(LENGTHS, country) ? (LENGTHS[country] ?? 0) : 0;
    const end = length === 0 ? -1 : ibanEnd(text, at, length);
    if (end < 0) continue;
    if (!found({ start: at, end, shown: `${country}••••${text.slice(end - 4, end)}` })) return;
    at = end - 1;
  }
}

/** Cheap, and false for almost every word of prose. */
function mayHaveCheckDigit(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  return isDigit(c) || (isSeparator(c) && isDigit(text.charCodeAt(at + 1)));
}

/** The end of the IBAN that starts at `at`, or -1. */
function ibanEnd(text: string, at: number, length: number): number {
  let remainder = 0;
  let head = 0; // the first four characters go last
  let headDigits = 1;
  let count = 0;
  let separated = false;
  let end = at;
  for (; count < length; end++) {
    const c = text.charCodeAt(end);
    if (isAlphanumeric(c)) {
      const value = c <= 0x39 ? c - 0x30 : (c | 0x20) - 0x57;
      if ((count === 2 || count === 3) && c > 0x39) return -1;
      const scale = value > 9 ? 100 : 10;
      if (count < 4) {
        head = head * scale + value;
        headDigits *= scale;
      } else remainder = (remainder * scale + value) % 97;
      count++;
      separated = false;
    } else if (isSeparator(c) && !separated) separated = true;
    else return -1;
  }
  if (end < text.length && isAlphanumeric(text.charCodeAt(end))) return -1;
  return (remainder * (headDigits % 97) + head) % 97 === 1 ? end : -1;
}

function isLetter(c: number): boolean {
  const lower = c | 0x20;
  return lower >= 0x61 && lower <= 0x7a && c < 0x80;
}
