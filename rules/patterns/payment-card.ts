/**
 * Payment card numbers: brand prefix and length, the Luhn check digit (ISO/IEC 7812-1), groups
 * separated by one space, dash, dot or slash or not at all. Digits in one with a
 * letter on either side are part of an identifier (hashes, part numbers) and none.
 */
import { DigitRun } from './digits.ts';
import { type Found, isAlphanumeric, isDigit, isSeparator } from './match.ts';

const SHORTEST = 13;
const LONGEST = 19;
const run = new DigitRun();

export function findPaymentCards(text: string, found: Found): void {
  for (let at = 0; at < text.length; at++) {
    if (!isDigit(text.charCodeAt(at))) continue;
    const end = run.read(text, at, isSeparator);
    if (run.length >= SHORTEST && !cardsIn(text, found)) return;
    at = end;
  }
}

function cardsIn(text: string, found: Found): boolean {
  for (let first = 0; first + SHORTEST <= run.length; first++) {
    if (run.opens[first] !== 1) continue;
    const length = cardAt(first);
    if (length === 0) continue;
    const last = first + length - 1;
    const start = run.places[first] ?? 0;
    const end = (run.places[last] ?? 0) + 1;
    if (end - start === length && isInsideWord(text, start, end)) continue;
    const shown = `••••${run.digits.slice(last - 3, last + 1).join('')}`;
    if (!found({ start, end, shown })) return false;
    first = last;
  }
  return true;
}

/** Digits of the card that starts at digit `first`, or 0; it ends where a group ends. */
function cardAt(first: number): number {
  for (let length = LONGEST; length >= SHORTEST; length--) {
    if (first + length > run.length || run.closes[first + length - 1] !== 1) continue;
    if (!run.isOneNumber(first, length) || !isBrand(run.digits, first, length)) continue;
    if (luhn(run.digits, first, length)) return length;
  }
  return 0;
}

function isInsideWord(text: string, start: number, end: number): boolean {
  if (start === 0 || end === text.length) return false;
  return isAlphanumeric(text.charCodeAt(start - 1)) && isAlphanumeric(text.charCodeAt(end));
}

function isBrand(digits: Uint8Array, first: number, length: number): boolean {
  let four = 0;
  for (let i = 0; i < 4; i++) four = four * 10 + (digits[first + i] ?? 0);
  const two = Math.floor(four / 100);
  const three = Math.floor(four / 10);
  if (two >= 40 && two <= 49) return length === 13 || length === 16 || length === 19; // Visa
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return length === 16; // Mastercard
  if (two === 34 || two === 37) return length === 15; // American Express
  if ((three >= 300 && three <= 305) || two === 36 || two === 38 || two === 39) {
    return length >= 14; // Diners Club
  }
  if (four >= 3528 && four <= 3589) return length >= 16; // JCB
  if (two === 62 || four === 6011 || two === 65 || (three >= 644 && three <= 649)) {
    return length >= 16; // UnionPay, Discover
  }
  return (two === 50 || (two >= 56 && two <= 69)) && length >= 16; // Maestro
}

/** False also for one digit repeated, which no issuer issues. */
function luhn(digits: Uint8Array, first: number, length: number): boolean {
  let sum = 0;
  let same = true;
  for (let i = 0; i < length; i++) {
    const digit = digits[first + length - 1 - i] ?? 0;
    if (digit !== digits[first]) same = false;
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0 && !same;
}
