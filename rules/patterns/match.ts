/** What a scanner found. */
export interface Match {
  /** text[start, end), UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** For reports: never enough of the secret to be one. */
  readonly shown: string;
}

/** Told of each match from left to right; answers whether to go on. */
export type Found = (match: Match) => boolean;
export type Scanner = (text: string, found: Found) => void;

/** The value of a decimal digit, also full-width or Arabic; -1 for anything else. */
export function digitAt(text: string, at: number): number {
  const c = text.charCodeAt(at);
  if (c >= 0x30 && c <= 0x39) return c - 0x30;
  if (c < 0x660) return -1;
  if (c >= 0xff10 && c <= 0xff19) return c - 0xff10;
  if (c >= 0x660 && c <= 0x669) return c - 0x660;
  return c >= 0x6f0 && c <= 0x6f9 ? c - 0x6f0 : -1;
}

/** Zero-width characters, which may stand anywhere inside a number without being seen. */
export function isInvisible(c: number): boolean {
  return (c >= 0x200b && c <= 0x200f) || c === 0xad || c === 0x2060 || c === 0xfeff;
}

/** A space or dash as it separates groups of a number. */
export function isSpaceOrDash(c: number): boolean {
  if (c < 0x80) return c === 0x20 || c === 0x2d;
  return c === 0xa0 || c === 0x2009 || c === 0x202f || (c >= 0x2010 && c <= 0x2015) || c === 0x2212;
}

/** ASCII letter or digit. */
export function isAlphanumeric(c: number): boolean {
  return (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a);
}
