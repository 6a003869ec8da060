/** E-mail addresses: local part of at most 64 characters, a domain with a dot (RFC 5321 §4.5.3). */
import { type Found, isAlphanumeric } from './match.ts';

const AT = 0x40;
const DOT = 0x2e;
const DASH = 0x2d;
const LOCAL_MARKS = "!#$%&'*+-/=?^_`{|}~.";

export function findEmails(text: string, found: Found): void {
  let from = 0; // no match reaches before this
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const start = localStart(text, at, from);
    const end = domainEnd(text, at + 1);
    if (start === at || end < 0) continue;
    if (!found({ start, end, shown: `•••${text.slice(at, end)}` })) return;
    from = end;
  }
}

function localStart(text: string, at: number, from: number): number {
  let start = at;
  while (start > from && at - start < 64 && isLocal(text, start - 1)) start--;
  while (start < at && text.charCodeAt(start) === DOT) start++;
  return start;
}

function isLocal(text: string, at: number): boolean {
  return isAlphanumeric(text.charCodeAt(at)) || LOCAL_MARKS.includes(text[at] ?? '@');
}

/** The end of a domain whose last label is two or more letters, or -1. */
function domainEnd(text: string, from: number): number {
  let end = from;
  let label = from;
  let best = -1;
  for (; end < text.length && end - from < 255; end++) {
    const c = text.charCodeAt(end);
    if (c === DOT) {
      if (end === label) break;
      label = end + 1;
    } else if (!isAlphanumeric(c) && !(c === DASH && end > label)) break;
    else if (label > from && end - label >= 1) best = lettersOnly(text, label, end, best);
  }
  return text.charCodeAt(end) === AT ? -1 : best;
}

/** `end + 1` when the label so far is letters only, else what was best before it. */
function lettersOnly(text: string, label: number, end: number, best: number): number {
  const c = text.charCodeAt(end) | 0x20;
  const letter = c >= 0x61 && c <= 0x7a;
  const first = end - label === 1;
  const before = text.charCodeAt(label) | 0x20;
  if (first) return letter && before >= 0x61 && before <= 0x7a ? end + 1 : best;
  return letter && best === end ? end + 1 : best;
}
