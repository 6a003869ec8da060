/**
 * One line of ADC, read in place:
 *
 *   line = type command *( ' ' word )     type = one letter: who hears it; command = three letters or digits
 *     B  F       a client to all; its SID stands first
 *     D  E       a client to another: SID, SID of the other
 *     H  I  C    client to hub, hub to client, client to client: no SID
 *   word: `\s` is a space, `\n` a line end, `\\` a backslash (ADC 1.0 §3.1)
 */
import { utf8, utf8Prefix } from '../../src/bytes/text.ts';

const SPACE = 0x20;
const BACKSLASH = 0x5c;
const NOTHING = new Uint8Array(0);
const ESCAPE = /\\(.)/gs;

/** The three letters of a command as one number. */
export function wordCode(word: string): number {
  return (word.charCodeAt(0) << 16) | (word.charCodeAt(1) << 8) | word.charCodeAt(2);
}

export class AdcLine {
  /** Octet of the type, 0 where the line is none of ADC. */
  type = 0;
  /** `wordCode` of the command. */
  command = 0;
  #buffer: Uint8Array = NOTHING;
  #start = 0;
  #end = 0;

  /** False where it is no line of ADC. */
  read(buffer: Uint8Array, start: number, end: number): boolean {
    this.#buffer = buffer;
    this.#start = start;
    this.#end = end;
    this.type = buffer[start] ?? 0;
    if (end - start < 4 || !isCapital(this.type) || !isCapital(buffer[start + 1] ?? 0))
      return false;
    if (end - start > 4 && buffer[start + 4] !== SPACE) return false;
    for (let i = start + 2; i < start + 4; i++) {
      const c = buffer[i] ?? 0;
      if (!isCapital(c) && (c < 0x30 || c > 0x39)) return false;
    }
    this.command =
      ((buffer[start + 1] ?? 0) << 16) | ((buffer[start + 2] ?? 0) << 8) | (buffer[start + 3] ?? 0);
    return true;
  }

  clear(): void {
    this.#buffer = NOTHING;
  }

  /** Where word `i` behind the command starts; the end of the line where there is none. */
  start(i: number): number {
    let at = this.#word(this.#start + 4);
    for (let n = 0; n < i && at < this.#end; n++) at = this.#word(this.#after(at));
    return at;
  }

  /** Word `i`, its escapes undone; '' where there is none. */
  word(i: number): string {
    const start = this.start(i);
    return unescaped(utf8(this.#buffer, start, this.#after(start)));
  }

  /** All words from word `i` on. */
  words(i: number): string[] {
    const start = this.start(i);
    if (start >= this.#end) return [];
    return utf8(this.#buffer, start, this.#end)
      .split(' ')
      .filter((word) => word !== '')
      .map(unescaped);
  }

  /** The end of word `i` where it stands as it is said, else -1. */
  verbatimEnd(i: number): number {
    const start = this.start(i);
    const end = this.#after(start);
    for (let at = start; at < end; at++) if (this.#buffer[at] === BACKSLASH) return -1;
    return utf8Prefix(this.#buffer, start, end) === end ? end : -1;
  }

  /** Where the word behind the space at `from` starts: clients read several as one. */
  #word(from: number): number {
    let at = from;
    while (at < this.#end && this.#buffer[at] === SPACE) at++;
    return at;
  }

  #after(start: number): number {
    let at = start;
    while (at < this.#end && this.#buffer[at] !== SPACE) at++;
    return at;
  }
}

function isCapital(octet: number): boolean {
  return octet >= 0x41 && octet <= 0x5a;
}

function unescaped(word: string): string {
  if (!word.includes('\\')) return word;
  return word.replace(ESCAPE, (_, c: string) => (c === 's' ? ' ' : c === 'n' ? '\n' : c));
}

/** A text as one word. */
export function adcWord(text: string): string {
  return text.replace(/[\\ \n]/g, (c) => (c === ' ' ? '\\s' : c === '\n' ? '\\n' : '\\\\'));
}

/** The value of a named parameter (`NIann`) among words; undefined where it is absent or empty. */
export function named(words: readonly string[], name: string): string | undefined {
  for (const word of words) {
    if (word.length > name.length && word.startsWith(name)) return word.slice(name.length);
  }
  return undefined;
}
