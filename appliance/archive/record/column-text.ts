/**
 * Text as it may stand in a column that is searched: both databases take it, and an index entry of it is never
 * too long for PostgreSQL (2 704 octets). The envelope has what was said, whole.
 */
/// <reference lib="es2024.string" />
import { hash } from 'node:crypto';

/** UTF-16 code units of a column. What is longer keeps its beginning, and a digest that tells it from others. */
export const COLUMN_CODE_UNITS = 256;
const DIGEST_DIGITS = 32;

export function columnText(text: string): string {
  const fits = text.length <= COLUMN_CODE_UNITS;
  if (fits && isPlain(text)) return text;
  // No lone surrogates (SQLite would change them) and no NUL (PostgreSQL refuses it).
  const formed = text.toWellFormed().replaceAll('\0', '\ufffd');
  if (fits) return formed;
  const digest = hash('sha256', text, 'hex').slice(0, DIGEST_DIGITS);
  return `${formed.slice(0, COLUMN_CODE_UNITS - DIGEST_DIGITS - 1).toWellFormed()}…${digest}`;
}

function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 0 || c > 0x7e) return false;
  }
  return true;
}
