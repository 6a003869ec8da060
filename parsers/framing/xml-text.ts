/**
 * Character data of restricted XML (RFC 6120 §11.1) as a string: the five predefined entities,
 * numeric references and CDATA sections; comments and processing instructions count as nothing.
 */
import { ascii, startsWith, utf8 } from '../../src/bytes/text.ts';
import { internedName } from './xml-names.ts';

const AMPERSAND = 0x26;
const LESS = 0x3c;
const SEMICOLON = 0x3b;
const MAX_REFERENCE = 12; // octets between & and ; : "#x10FFFF" with some leading zeros
const CDATA_OPEN = ascii('<![CDATA[');
const CDATA_CLOSE = ascii(']]>');
const COMMENT_OPEN = ascii('<!--');
const COMMENT_CLOSE = ascii('-->');
const INSTRUCTION_CLOSE = ascii('?>');
const PREDEFINED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
};

/** Whether the range can be read as it stands: no references, no sections, no carriage returns. */
export function isVerbatim(buffer: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const c = buffer[i];
    if (c === AMPERSAND || c === LESS || c === 0x0d) return false;
  }
  return true;
}

/** Text content without child elements: [start, end) holds no tags but may hold `<!` and `<?`. */
export function characterData(buffer: Uint8Array, start: number, end: number): string {
  if (isVerbatim(buffer, start, end)) return utf8(buffer, start, end);
  let text = '';
  let at = start;
  while (at < end) {
    const less = indexBefore(buffer, LESS, at, end);
    if (less > at) text += references(buffer, at, less);
    if (less === end) break;
    at = less;
    if (startsWith(buffer, at, CDATA_OPEN)) {
      const close = find(buffer, CDATA_CLOSE, at + CDATA_OPEN.length, end);
      text += lineEnds(utf8(buffer, at + CDATA_OPEN.length, close));
      at = close + CDATA_CLOSE.length;
    } else if (startsWith(buffer, at, COMMENT_OPEN)) {
      at = find(buffer, COMMENT_CLOSE, at + COMMENT_OPEN.length, end) + COMMENT_CLOSE.length;
    } else {
      at = find(buffer, INSTRUCTION_CLOSE, at + 1, end) + INSTRUCTION_CLOSE.length;
    }
  }
  return text;
}

/** An attribute's value: references resolved, white space made spaces (XML 1.0 §3.3.3). */
export function attributeValue(buffer: Uint8Array, start: number, end: number): string {
  const text =
    indexBefore(buffer, AMPERSAND, start, end) === end
      ? utf8(buffer, start, end)
      : references(buffer, start, end);
  return /[\t\r\n]/.test(text) ? text.replace(/\r\n|[\t\r\n]/g, ' ') : text;
}

/** The same, interned where it stands as it is. */
export function repeatedValue(buffer: Uint8Array, start: number, end: number): string {
  for (let i = start; i < end; i++) {
    const c = buffer[i] ?? 0;
    if (c === AMPERSAND || c < 0x20) return attributeValue(buffer, start, end);
  }
  return internedName(buffer, start, end);
}

/** References resolved; one that is none stays as it stands. */
function references(buffer: Uint8Array, start: number, end: number): string {
  let text = '';
  let at = start;
  while (at < end) {
    const ampersand = indexBefore(buffer, AMPERSAND, at, end);
    if (ampersand > at) text += lineEnds(utf8(buffer, at, ampersand));
    if (ampersand === end) break;
    const limit = Math.min(end, ampersand + 1 + MAX_REFERENCE);
    const semicolon = indexBefore(buffer, SEMICOLON, ampersand + 1, limit);
    const resolved =
      semicolon === limit ? undefined : reference(utf8(buffer, ampersand + 1, semicolon));
    text += resolved ?? '&';
    at = resolved === undefined ? ampersand + 1 : semicolon + 1;
  }
  return text;
}

function reference(name: string): string | undefined {
  if (!name.startsWith('#')) return Object.hasOwn(PREDEFINED, name) ? PREDEFINED[name] : undefined;
  const hexadecimal = name.startsWith('#x');
  const digits = name.slice(hexadecimal ? 2 : 1);
  if (!(hexadecimal ? /^[0-9a-fA-F]+$/ : /^[0-9]+$/).test(digits)) return undefined;
  const code = Number.parseInt(digits, hexadecimal ? 16 : 10);
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return '\ufffd';
  return String.fromCodePoint(code);
}

/** XML 1.0 §2.11: CR LF and CR are one LF. */
function lineEnds(text: string): string {
  return text.includes('\r') ? text.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : text;
}

function indexBefore(buffer: Uint8Array, octet: number, from: number, end: number): number {
  for (let i = from; i < end; i++) if (buffer[i] === octet) return i;
  return end;
}

/** Where `word` stands at or after `from`, or `end`. */
function find(buffer: Uint8Array, word: Uint8Array, from: number, end: number): number {
  for (let i = from; i + word.length <= end; i++) if (startsWith(buffer, i, word)) return i;
  return end;
}
