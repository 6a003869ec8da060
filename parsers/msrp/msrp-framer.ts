/**
 * Cuts one direction of a stream into MSRP requests and responses (RFC 4975 §7.1, §9): there is no
 * length, only an end-line with the very transaction identifier of the start line.
 *
 *   start-line *(header CRLF) [CRLF body CRLF] "-------" transaction-id flag CRLF      flag = $ + #
 *
 * A chunk is passed on whole, as a view of the caller's octets or of what was kept; where the listener
 * says so, or where it is large, its body streams. Lines that are none of this are skipped.
 */
import { ascii } from '../../src/bytes/text.ts';
import { OctetHold } from '../framing/octet-hold.ts';
import { MsrpAnomaly } from './anomalies.ts';
import { MsrpHead } from './msrp-head.ts';
import { CHUNK_LIMIT, HEAD_LIMIT, START_LINE_LIMIT } from './msrp-limits.ts';
import { MsrpLine, msrpLineAt } from './start-line.ts';

export interface MsrpListener {
  /** A whole unit at [from, to) of the stream; its body, if any, at buffer[head.bodyStart, bodyEnd). */
  chunk(head: MsrpHead, bodyEnd: number, flag: number, from: number, to: number): void;
  /** The head is there, the body is not: shall it stream, or is it to come whole? */
  streams(head: MsrpHead): boolean;
  /** The body of the head is going to stream, from stream octet `from` of the unit. */
  begin(head: MsrpHead, from: number): void;
  /** Octets of a streaming body, lent. */
  content(octets: Uint8Array): void;
  /** The end-line, which ends at stream octet `to`. */
  finish(flag: number, to: number): void;
  anomaly(name: MsrpAnomaly): void;
}

const LF = 0x0a;
const CR = 0x0d;
const DASHES = '-------';
const NOTHING = new Uint8Array(0);
/** `$`: the message is complete; `+`: more chunks follow; `#`: it is given up. */
export const Flag = { Last: 0x24, More: 0x2b, Abort: 0x23 } as const;

export class MsrpFramer {
  readonly #head = new MsrpHead();
  readonly #hold = new OctetHold();
  /** Stream offset of the octet that the next push begins with. */
  #offset = 0;
  #lost = false;
  #inLine = false;
  /** Of the unit under way: offset of the next header line; of its body, or 0; how far it was searched. */
  #line = 0;
  #body = 0;
  #searched = 0;
  /** `CR LF ------- id` of the unit under way. */
  #mark: Uint8Array = NOTHING;
  #streaming = false;
  /** The CR LF in front of a streaming body is looked at, but is none of it. */
  #fresh = false;

  get held(): number {
    return this.#hold.size + this.#mark.length;
  }

  /** Stream offset of an unfinished unit that is kept, or -1. */
  get pending(): number {
    return this.#hold.used > 0 && !this.#streaming ? this.#offset - this.#hold.used : -1;
  }

  push(octets: Uint8Array, to: MsrpListener): void {
    const hold = this.#hold;
    const base = this.#offset - hold.used;
    this.#offset += octets.length;
    if (hold.used === 0) {
      const used = this.#cut(octets, octets.length, base, to);
      if (used < octets.length) hold.append(octets, used, octets.length);
    } else {
      hold.append(octets, 0, octets.length);
      const used = this.#cut(hold.buffer, hold.used, base, to);
      if (used > 0) {
        const rest = hold.buffer.slice(used, hold.used);
        hold.release();
        if (rest.length > 0) hold.append(rest, 0, rest.length);
      }
    }
    this.#head.clear();
  }

  /** Octets are missing: forget what is unfinished and look for the next start line. */
  gap(octets: number): void {
    this.#hold.release();
    this.#offset += octets;
    this.#lose();
  }

  #lose(): void {
    this.#lost = true;
    this.#inLine = true;
    this.#reset();
  }

  #reset(): void {
    this.#line = 0;
    this.#body = 0;
    this.#searched = 0;
    this.#mark = NOTHING;
    this.#streaming = false;
  }

  /** Octets used up. `base`: stream offset of buffer[0]. */
  #cut(buffer: Uint8Array, end: number, base: number, to: MsrpListener): number {
    let at = 0;
    while (at < end) {
      if (this.#inLine) {
        const lf = buffer.indexOf(LF, at);
        if (lf === -1 || lf >= end) return end;
        this.#inLine = false;
        at = lf + 1;
        continue;
      }
      const next = this.#streaming
        ? this.#stream(buffer, at, end, base, to)
        : this.#one(buffer, at, end, base, to);
      if (next === at && !this.#inLine) break;
      at = next;
    }
    return at;
  }

  #one(buffer: Uint8Array, at: number, end: number, base: number, to: MsrpListener): number {
    if (this.#body === 0) {
      if (this.#line === 0 && !this.#startLine(buffer, at, end, to)) return at;
      const done = this.#headLines(buffer, at, end, to);
      if (done === 0) return at;
      if (done > 0) return this.#whole(buffer, at, done, done, base, to);
    }
    const from = at + Math.max(this.#body - 2, this.#searched - this.#mark.length - 2);
    const found = this.#endLine(buffer, from, end);
    if (found !== -1) {
      const stop = found + this.#mark.length + 3;
      return this.#whole(buffer, at, found, stop, base, to);
    }
    const first = this.#searched === 0;
    this.#searched = end - at;
    if (first || this.#searched > CHUNK_LIMIT) {
      this.#head.read(buffer, at, at + this.#body);
      if (this.#searched > CHUNK_LIMIT || to.streams(this.#head)) {
        to.begin(this.#head, base + at);
        this.#streaming = true;
        this.#fresh = true;
        return at + this.#body - 2;
      }
    }
    return at;
  }

  /** True when a start line stands there and is whole. */
  #startLine(buffer: Uint8Array, at: number, end: number, to: MsrpListener): boolean {
    const found = msrpLineAt(buffer, at, end);
    if (found === MsrpLine.More && end - at <= START_LINE_LIMIT) return false;
    if (found < MsrpLine.Request) {
      if (!this.#lost) to.anomaly(MsrpAnomaly.BadStartLine);
      this.#lose();
      return false;
    }
    this.#lost = false;
    const lf = buffer.indexOf(LF, at);
    const idStart = at + 5;
    let idStop = idStart;
    while (buffer[idStop] !== 0x20) idStop++;
    const dashes = ascii(`\r\n${DASHES}`);
    this.#mark = new Uint8Array(dashes.length + idStop - idStart);
    this.#mark.set(dashes);
    this.#mark.set(buffer.subarray(idStart, idStop), dashes.length);
    this.#line = lf + 1 - at;
    return true;
  }

  /** Behind the end-line of a unit without a body; -1: the body begins; 0: more is to come. */
  #headLines(buffer: Uint8Array, at: number, end: number, to: MsrpListener): number {
    for (;;) {
      const line = at + this.#line;
      const lf = buffer.indexOf(LF, line);
      if (lf === -1 || lf >= end) {
        if (end - at > HEAD_LIMIT) {
          to.anomaly(MsrpAnomaly.HeadTooLarge);
          this.#lose();
        }
        return 0;
      }
      const last = buffer[lf - 1] === CR ? lf - 1 : lf;
      if (last === line) {
        this.#body = lf + 1 - at;
        return -1;
      }
      if (this.#isEndLine(buffer, line - 2, end)) return lf + 1;
      this.#line = lf + 1 - at;
    }
  }

  #whole(
    buffer: Uint8Array,
    at: number,
    bodyEnd: number,
    stop: number,
    base: number,
    to: MsrpListener,
  ): number {
    const hasBody = this.#body > 0;
    const flag = buffer[stop - 3] ?? 0;
    const bodyStart = hasBody ? at + this.#body : stop - this.#mark.length - 1;
    this.#head.read(buffer, at, bodyStart);
    this.#reset();
    to.chunk(
      this.#head,
      hasBody ? Math.max(bodyStart, bodyEnd) : bodyStart,
      flag,
      base + at,
      base + stop,
    );
    return stop;
  }

  #stream(buffer: Uint8Array, at: number, end: number, base: number, to: MsrpListener): number {
    const content = at + (this.#fresh ? 2 : 0);
    let cr = buffer.indexOf(CR, at);
    while (cr !== -1 && cr < end) {
      if (this.#isEndLine(buffer, cr, end)) {
        if (cr > content) to.content(buffer.subarray(content, cr));
        const stop = cr + this.#mark.length + 3;
        const flag = buffer[stop - 3] ?? 0;
        this.#reset();
        to.finish(flag, base + stop);
        return stop;
      }
      if (this.#mayBeEndLine(buffer, cr, end)) break;
      cr = buffer.indexOf(CR, cr + 1);
    }
    const stop = cr === -1 || cr > end ? end : cr;
    if (stop > content) {
      this.#fresh = false;
      to.content(buffer.subarray(content, stop));
      return stop;
    }
    return at;
  }

  /** Where `CR LF ------- id flag CR LF` begins, or -1. */
  #endLine(buffer: Uint8Array, from: number, end: number): number {
    for (
      let cr = buffer.indexOf(CR, from);
      cr !== -1 && cr < end;
      cr = buffer.indexOf(CR, cr + 1)
    ) {
      if (this.#isEndLine(buffer, cr, end)) return cr;
    }
    return -1;
  }

  #isEndLine(buffer: Uint8Array, at: number, end: number): boolean {
    const mark = this.#mark;
    const stop = at + mark.length;
    if (stop + 3 > end) return false;
    for (let i = 0; i < mark.length; i++) if (buffer[at + i] !== mark[i]) return false;
    const flag = buffer[stop];
    if (flag !== Flag.Last && flag !== Flag.More && flag !== Flag.Abort) return false;
    return buffer[stop + 1] === CR && buffer[stop + 2] === LF;
  }

  /** What there is of an end-line at `at`, up to `end`, is one. */
  #mayBeEndLine(buffer: Uint8Array, at: number, end: number): boolean {
    const mark = this.#mark;
    if (at + mark.length + 3 <= end) return false;
    const most = Math.min(mark.length, end - at);
    for (let i = 0; i < most; i++) if (buffer[at + i] !== mark[i]) return false;
    return true;
  }
}
