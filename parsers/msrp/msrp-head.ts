/** Start line and header of one request or response, read in place (RFC 4975 §9). */
import { utf8 } from '../../src/bytes/text.ts';
import { HeaderBlock } from '../framing/header-block.ts';

const NOTHING = new Uint8Array(0);
const LF = 0x0a;
const PATHS_LIMIT = 8; // relays on the way

export class MsrpHead {
  buffer: Uint8Array = NOTHING;
  /** Positions in the buffer. */
  start = 0;
  /** Behind the empty line; where the end-line begins, when there is no body. */
  bodyStart = 0;
  id = '';
  /** '' in a response. */
  method = '';
  status = 0;
  comment = '';
  readonly headers = new HeaderBlock();

  /** The head at buffer[start, bodyStart). */
  read(buffer: Uint8Array, start: number, bodyStart: number): void {
    this.buffer = buffer;
    this.start = start;
    this.bodyStart = bodyStart;
    const lf = buffer.indexOf(LF, start);
    const line = utf8(buffer, start, lf).trimEnd();
    const parts = /^MSRP (\S+) (?:([A-Z]+)|(\d{3})(?: (.*))?)$/.exec(line);
    this.id = parts?.[1] ?? '';
    this.method = parts?.[2] ?? '';
    this.status = Number(parts?.[3] ?? 0);
    this.comment = parts?.[4]?.trim() ?? '';
    this.headers.read(buffer, lf + 1, bodyStart);
  }

  /** Nothing lent is kept. */
  clear(): void {
    this.buffer = NOTHING;
    this.headers.clear();
  }

  /** URIs of To-Path or From-Path; in To-Path the receiver is the last one, in From-Path the sender. */
  path(name: 'to-path' | 'from-path'): readonly string[] {
    const value = this.headers.value(name) ?? '';
    return value
      .split(/\s+/)
      .filter((uri) => uri !== '')
      .slice(0, PATHS_LIMIT);
  }

  /** To-Path and From-Path come first, in this order (§7.1). */
  get pathsFirst(): boolean {
    const first = this.headers.field(0)?.name.toLowerCase();
    const second = this.headers.field(1)?.name.toLowerCase();
    return first === 'to-path' && second === 'from-path';
  }
}
