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

/** Reads a text in plain form (plain-text.ts). */
export type Scanner = (text: string, found: Found) => void;

export function isDigit(c: number): boolean {
  return c >= 0x30 && c <= 0x39;
}

/** What separates the groups of a number: space, dash, dot, slash or underscore. */
export function isSeparator(c: number): boolean {
  return c === 0x20 || c === 0x2d || c === 0x2e || c === 0x2f || c === 0x5f;
}

/** ASCII letter or digit. */
export function isAlphanumeric(c: number): boolean {
  return (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a);
}
