/**
 * The IRCv3 message tags an event needs, found in one pass without allocating.
 *
 * Grammar, message-tags: tags = tag *( ";" tag ), tag = [ "+" ] [ vendor "/" ] key [ "=" value ].
 * The last of equal keys wins. In values `\:` is `;`, `\s` space, `\\` backslash, `\r` CR,
 * `\n` LF, any other `\x` is x, and a lone `\` at the end is nothing.
 */
import { ascii, startsWith, utf8 } from '../../src/bytes/text.ts';

const SEMICOLON = 0x3b;
const EQUALS = 0x3d;
const PLUS = 0x2b;
const EMPTY = new Uint8Array(0);

/** Index of a tag in `Tags`. */
export const Tag = {
  Time: 0,
  MessageId: 1,
  Batch: 2,
  Reply: 3,
  Typing: 4,
  React: 5,
  Concat: 6,
  /** The last client-only tag (`+key`) that nobody here knows, key and value. */
  Other: 7,
} as const;
export type Tag = (typeof Tag)[keyof typeof Tag];

const KEYS: readonly (readonly [Uint8Array, Tag])[] = [
  [ascii('time'), Tag.Time],
  [ascii('msgid'), Tag.MessageId],
  [ascii('draft/msgid'), Tag.MessageId],
  [ascii('batch'), Tag.Batch],
  [ascii('+draft/reply'), Tag.Reply],
  [ascii('+reply'), Tag.Reply],
  [ascii('+typing'), Tag.Typing],
  [ascii('+draft/typing'), Tag.Typing],
  [ascii('+draft/react'), Tag.React],
  [ascii('+react'), Tag.React],
  [ascii('draft/multiline-concat'), Tag.Concat],
  [ascii('multiline-concat'), Tag.Concat],
];
/** Client-only tags that say nothing to people. */
const SILENT: readonly Uint8Array[] = [
  ascii('+draft/channel-context'),
  ascii('+channel-context'),
  ascii('+draft/unreact'),
];

export class Tags {
  #buffer: Uint8Array = EMPTY;
  readonly #starts = new Int32Array(8);
  readonly #ends = new Int32Array(8);

  /** `buffer[start, end)` are the tags without `@`; -1, -1 where the line has none. */
  read(buffer: Uint8Array, start: number, end: number): void {
    this.#buffer = buffer;
    this.#starts.fill(-1);
    if (start === -1) return;
    let at = start;
    while (at < end) {
      let last = at;
      while (last < end && buffer[last] !== SEMICOLON) last++;
      this.#tag(at, last);
      at = last + 1;
    }
  }

  has(tag: Tag): boolean {
    return (this.#starts[tag] ?? -1) !== -1;
  }

  /** The value, its escapes undone; undefined where the tag is absent or empty. */
  value(tag: Tag): string | undefined {
    const start = this.#starts[tag] ?? -1;
    if (start === -1) return undefined;
    const text = unescaped(utf8(this.#buffer, start, this.#ends[tag] ?? start));
    return text === '' ? undefined : text;
  }

  clear(): void {
    this.#buffer = EMPTY;
  }

  #isKey(key: Uint8Array, start: number, end: number): boolean {
    return key.length === end - start && startsWith(this.#buffer, start, key);
  }

  #tag(start: number, end: number): void {
    let keyEnd = start;
    while (keyEnd < end && this.#buffer[keyEnd] !== EQUALS) keyEnd++;
    for (let i = 0; i < KEYS.length; i++) {
      const known = KEYS[i];
      if (known === undefined || !this.#isKey(known[0], start, keyEnd)) continue;
      this.#starts[known[1]] = keyEnd < end ? keyEnd + 1 : end;
      this.#ends[known[1]] = end;
      return;
    }
    if (this.#buffer[start] !== PLUS || keyEnd === end) return;
    for (let i = 0; i < SILENT.length; i++) {
      const silent = SILENT[i];
      if (silent !== undefined && this.#isKey(silent, start, keyEnd)) return;
    }
    this.#starts[Tag.Other] = start;
    this.#ends[Tag.Other] = end;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { ':': ';', s: ' ', r: '\r', n: '\n' };

function unescaped(value: string): string {
  if (!value.includes('\\')) return value;
  return value.replace(/\\(.?)/gs, (_, c: string) => ESCAPES[c] ?? c);
}
