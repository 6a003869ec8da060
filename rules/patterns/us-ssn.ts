/**
 * US social security numbers: 3-2-4 digits with dashes, spaces, dots or slashes. Never issued: area 000, 666 and
 * 900 to 999, group 00, serial 0000 (SSA), and the two numbers known from advertisements. Nine
 * digits in one are not taken for one: too many other numbers are.
 */
import { DigitRun } from './digits.ts';
import { type Found, isDigit, isSeparator } from './match.ts';

const run = new DigitRun();
const ADVERTISED = new Set([78_051_120, 219_099_999]);

export function findSsns(text: string, found: Found): void {
  for (let at = 0; at < text.length; at++) {
    if (!isDigit(text.charCodeAt(at))) continue;
    const end = run.read(text, at, isSeparator);
    for (let first = 0; first + 9 <= run.length; first++) {
      if (!hasForm(first) || !isIssued(run.digits, first)) continue;
      const start = run.places[first] ?? 0;
      const last = (run.places[first + 8] ?? 0) + 1;
      if (!found({ start, end: last, shown: '•••-••-••••' })) return;
      first += 8;
    }
    at = end;
  }
}

/** Groups of exactly 3, 2 and 4 digits from digit `first`. */
function hasForm(first: number): boolean {
  for (let i = 0; i < 9; i++) {
    const opens = i === 0 || i === 3 || i === 5 ? 1 : 0;
    const closes = i === 2 || i === 4 || i === 8 ? 1 : 0;
    if (run.opens[first + i] !== opens || run.closes[first + i] !== closes) return false;
  }
  return run.isOneNumber(first, 9);
}

function isIssued(digits: Uint8Array, first: number): boolean {
  let number = 0;
  for (let i = 0; i < 9; i++) number = number * 10 + (digits[first + i] ?? 0);
  const area = Math.floor(number / 1e6);
  const group = Math.floor(number / 1e4) % 100;
  const serial = number % 1e4;
  if (area === 0 || area === 666 || area >= 900 || group === 0 || serial === 0) return false;
  return !ADVERTISED.has(number);
}
