/**
 * One line, read in place: where its parts are, nothing allocated.
 *
 * Grammar, RFC 1459 §2.3.1 with the tags of IRCv3 message-tags:
 *   line = [ "@" tags 1*SP ] [ ":" source 1*SP ] command *( 1*SP param ) [ 1*SP ":" trailing ]
 * At most 15 parameters; the fifteenth takes the rest of the line, with or without the colon.
 */
import { commandOf } from './commands.ts';
import { ircText } from './decoding.ts';
import { nameText } from './name-cache.ts';

const SPACE = 0x20;
const BANG = 0x21;
const COLON = 0x3a;
const AT = 0x40;
const MAX_PARAMS = 15;
const EMPTY = new Uint8Array(0);

export class IrcLine {
  buffer: Uint8Array = EMPTY;
  start = 0;
  end = 0;
  /** Tags without `@`; both -1 where there are none. */
  tagsStart = -1;
  tagsEnd = -1;
  /** Source without `:`; both -1 where there is none. */
  sourceStart = -1;
  sourceEnd = -1;
  commandStart = 0;
  commandEnd = 0;
  /** A numeric, one of `Command`, or 0. */
  command = 0;
  /** Parameters found. */
  count = 0;
  readonly #starts = new Int32Array(MAX_PARAMS);
  readonly #ends = new Int32Array(MAX_PARAMS);

  /** False where there is no command. */
  read(buffer: Uint8Array, start: number, end: number): boolean {
    this.buffer = buffer;
    this.start = start;
    this.end = end;
    this.tagsStart = this.tagsEnd = this.sourceStart = this.sourceEnd = -1;
    this.command = 0;
    this.count = 0;
    let at = afterSpaces(buffer, start, end);
    if (at < end && buffer[at] === AT) {
      this.tagsStart = at + 1;
      this.tagsEnd = wordEnd(buffer, at, end);
      at = afterSpaces(buffer, this.tagsEnd, end);
    }
    if (at < end && buffer[at] === COLON) {
      this.sourceStart = at + 1;
      this.sourceEnd = wordEnd(buffer, at, end);
      at = afterSpaces(buffer, this.sourceEnd, end);
    }
    this.commandStart = at;
    this.commandEnd = wordEnd(buffer, at, end);
    if (this.commandEnd === at) return false;
    this.command = commandOf(buffer, at, this.commandEnd);
    this.#readParams();
    return true;
  }

  /** Lets go of the lent octets. */
  clear(): void {
    this.buffer = EMPTY;
  }

  /** Where parameter `i` starts; where it ends. Only for `i` below `count`. */
  paramStart(i: number): number {
    return this.#starts[i] ?? 0;
  }
  paramEnd(i: number): number {
    return this.#ends[i] ?? 0;
  }

  /** Parameter `i` as text; '' where there is none. */
  param(i: number): string {
    return i < this.count ? ircText(this.buffer, this.paramStart(i), this.paramEnd(i)) : '';
  }

  /** Parameter `i` that is a name or a list of names. */
  name(i: number): string {
    return i < this.count ? nameText(this.buffer, this.paramStart(i), this.paramEnd(i)) : '';
  }

  /** The last parameter as text, wherever it stands. */
  last(): string {
    return this.count > 0 ? this.param(this.count - 1) : '';
  }

  commandText(): string {
    return ircText(this.buffer, this.commandStart, this.commandEnd);
  }

  /** Nick or server name of the source; '' where there is none. */
  nick(): string {
    return this.sourceStart === -1 ? '' : nameText(this.buffer, this.sourceStart, this.#nickEnd());
  }

  /** Whether the source is `nick!user…`, not a server. */
  get fromUser(): boolean {
    return this.sourceStart !== -1 && this.#nickEnd() < this.sourceEnd;
  }

  #nickEnd(): number {
    for (let i = this.sourceStart; i < this.sourceEnd; i++) {
      const c = this.buffer[i];
      if (c === BANG || c === AT) return i;
    }
    return this.sourceEnd;
  }

  #readParams(): void {
    const { buffer, end } = this;
    let at = afterSpaces(buffer, this.commandEnd, end);
    while (at < end) {
      const trailing = buffer[at] === COLON;
      if (trailing || this.count === MAX_PARAMS - 1) {
        this.#starts[this.count] = trailing ? at + 1 : at;
        this.#ends[this.count++] = end;
        return;
      }
      const last = wordEnd(buffer, at, end);
      this.#starts[this.count] = at;
      this.#ends[this.count++] = last;
      at = afterSpaces(buffer, last, end);
    }
  }
}

function wordEnd(buffer: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && buffer[at] !== SPACE) at++;
  return at;
}

function afterSpaces(buffer: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && buffer[at] === SPACE) at++;
  return at;
}
