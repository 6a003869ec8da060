/**
 * Keys of well-known services by their published prefixes, JSON web tokens and PEM private keys.
 * What follows a prefix must have the length and the randomness of a key.
 */
import { type Found, isAlphanumeric, type Match } from './match.ts';

interface KeyForm {
  readonly prefix: string;
  /** Characters after the prefix. */
  readonly least: number;
  readonly most: number;
  /** Characters besides letters and digits. */
  readonly marks: string;
}

function form(prefix: string, least: number, most = least, marks = ''): KeyForm {
  return { prefix, least, most, marks };
}

const FORMS: readonly KeyForm[] = [
  form('AKIA', 16), // AWS access key id
  form('ASIA', 16),
  form('ghp_', 36, 251), // GitHub
  form('gho_', 36, 251),
  form('ghu_', 36, 251),
  form('ghs_', 36, 251),
  form('ghr_', 36, 251),
  form('github_pat_', 22, 250, '_'),
  form('glpat-', 20, 64, '-_'), // GitLab
  form('xoxa-', 10, 120, '-'), // Slack
  form('xoxb-', 10, 120, '-'),
  form('xoxp-', 10, 120, '-'),
  form('xoxr-', 10, 120, '-'),
  form('xoxs-', 10, 120, '-'),
  form('sk_live_', 16, 250), // Stripe
  form('rk_live_', 16, 250),
  form('AIza', 35, 35, '-_'), // Google
  form('npm_', 36),
  form('SG.', 40, 100, '-_.'), // SendGrid
  form('sk-', 32, 250, '-_'), // OpenAI and others
  form('hf_', 30, 60),
  form('eyJ', 60, 8192, '-_.'), // JSON web token
];
const SHORTEST = Math.min(...FORMS.map(({ prefix, least }) => prefix.length + least));
const PEM = '-----BEGIN ';
const PEM_LINE = 80; // characters
const LEAST_ENTROPY = 2.5; // bits a character; words and repetitions stay below
const SAMPLE = 64; // characters

export function findApiKeys(text: string, found: Found): void {
  const matches: Match[] = [];
  for (const key of hasLongToken(text) ? FORMS : []) {
    for (let at = text.indexOf(key.prefix); at >= 0; at = text.indexOf(key.prefix, at + 1)) {
      const end = keyEnd(text, at, key);
      if (end < 0) continue;
      matches.push({ start: at, end, shown: `${key.prefix}••••` });
      at = end - 1;
    }
  }
  for (let at = text.indexOf(PEM); at >= 0; at = text.indexOf(PEM, at + 1)) {
    const line = text.slice(at, at + PEM_LINE);
    const header = /^-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY-----/.exec(line)?.[0];
    if (header !== undefined)
      matches.push({ start: at, end: pemEnd(text, at), shown: 'private key' });
  }
  let reached = 0;
  for (const match of matches.sort((a, b) => a.start - b.start)) {
    if (match.start < reached) continue;
    reached = match.end;
    if (!found(match)) return;
  }
}

/** Whether as many characters stand together as the shortest key has; few texts have them. */
function hasLongToken(text: string): boolean {
  let run = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c <= 0x20) run = 0;
    else if (++run >= SHORTEST) return true;
  }
  return false;
}

function keyEnd(text: string, at: number, key: KeyForm): number {
  if (at > 0 && isAlphanumeric(text.charCodeAt(at - 1))) return -1;
  const start = at + key.prefix.length;
  let end = start;
  while (end < text.length && end - start <= key.most && isKeyCharacter(text, end, key)) end++;
  const length = end - start;
  if (length < key.least || length > key.most) return -1;
  return entropy(text, start, Math.min(end, start + SAMPLE)) >= LEAST_ENTROPY ? end : -1;
}

function isKeyCharacter(text: string, at: number, key: KeyForm): boolean {
  return isAlphanumeric(text.charCodeAt(at)) || key.marks.includes(text[at] ?? ' ');
}

/** The whole block when its end is there, else all that follows: the key is in it. */
function pemEnd(text: string, at: number): number {
  const foot = text.indexOf('-----END ', at);
  const close = foot < 0 ? -1 : text.indexOf('-----', foot + 9);
  return close < 0 ? text.length : close + 5;
}

const counts = new Uint8Array(128);

/** Shannon entropy of ASCII text[start, end) in bits a character; at most 255 characters. */
function entropy(text: string, start: number, end: number): number {
  counts.fill(0);
  for (let i = start; i < end; i++) {
    const c = text.charCodeAt(i) & 127;
    counts[c] = (counts[c] ?? 0) + 1;
  }
  let bits = 0;
  for (let i = start; i < end; i++) {
    const c = text.charCodeAt(i) & 127;
    const n = counts[c] ?? 0;
    counts[c] = 0;
    if (n > 0) bits -= (n / (end - start)) * Math.log2(n / (end - start));
  }
  return bits;
}
