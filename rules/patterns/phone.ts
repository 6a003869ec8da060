/**
 * Telephone numbers: international (`+` or `00`, 8 to 15 digits, ITU-T E.164), North American in
 * groups of 3-3-4, and national ones with a leading 0 in three or more groups.
 */
import { DigitRun } from './digits.ts';
import { type Found, isDigit } from './match.ts';

const PLUS = 0x2b;
const run = new DigitRun();

export function findPhones(text: string, found: Found): void {
  for (let at = 0; at < text.length; at++) {
    if (!isDigit(text.charCodeAt(at))) continue;
    const end = readRun(text, at);
    if (isPhone(at > 0 && text.charCodeAt(at - 1) === PLUS)) {
      const last = run.digits.subarray(run.length - 2, run.length).join('');
      const start = at > 0 && text.charCodeAt(at - 1) === PLUS ? at - 1 : at;
      if (!found({ start, end, shown: `••••${last}` })) return;
    }
    at = end;
  }
}

/** Parentheses, dots and slashes separate as well. */
function readRun(text: string, at: number): number {
  return run.read(
    text,
    at,
    (c) => c === 0x20 || (c >= 0x28 && c <= 0x2f && c !== PLUS && c !== 0x2a && c !== 0x2c),
  );
}

function isPhone(plus: boolean): boolean {
  const { digits, opens, length } = run;
  if (plus) return length >= 8 && length <= 15 && digits[0] !== 0;
  if (digits[0] === 0 && digits[1] === 0) return length >= 10 && length <= 17 && digits[2] !== 0;
  let groups = 0;
  for (let i = 0; i < length; i++) groups += opens[i] ?? 0;
  if (digits[0] === 0) return length >= 9 && length <= 12 && groups >= 3;
  const first = length === 11 && digits[0] === 1 && opens[1] === 1 ? 1 : 0;
  if (length - first !== 10 || groups !== 3 + first) return false;
  const split = opens[first + 3] === 1 && opens[first + 6] === 1;
  return split && (digits[first] ?? 0) >= 2 && (digits[first + 3] ?? 0) >= 2;
}
