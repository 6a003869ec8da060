/**
 * Cuts one direction of a TCP stream into SIP messages (RFC 3261 §18.3, §7.5): empty lines between them
 * are keep-alives, the header ends at an empty line, the body has Content-Length octets.
 *
 * A message inside one push is passed on as a view of the caller's octets; one cut by a segment boundary
 * is kept until it is whole. After a gap, or where no start line stands, lines are skipped until one does.
 */
import type { Direction } from '../contract.ts';
import { OctetHold } from '../framing/octet-hold.ts';
import { SipAnomaly } from './anomalies.ts';
import { contentLength } from './content-length.ts';
import { headEnd } from './head-end.ts';
import { BODY_LIMIT, HEAD_LIMIT, START_LINE_LIMIT } from './sip-limits.ts';
import type { SipMessage } from './sip-message.ts';
import { StartLine, startLineAt, startLineIn } from './start-line.ts';

export interface SipListener {
  /** The message, whole, at [from, to) of the stream. Valid during the call. */
  message(message: SipMessage, from: number, to: number): void;
  /** A message whose body is too large: its head alone, from stream octet `from`. */
  oversized(message: SipMessage, from: number): void;
  anomaly(name: SipAnomaly): void;
}

const LF = 0x0a;
const CR = 0x0d;

export class SipFramer {
  readonly direction: Direction;
  readonly #message: SipMessage;
  readonly #hold = new OctetHold();
  /** Stream offset of the octet that the next push begins with. */
  #offset = 0;
  /** Octets of an oversized body still to come. */
  #skip = 0;
  /** Looking for the next start line; the line under way is not one. */
  #lost: boolean;
  #inLine = false;
  /** Of the message under way: octets looked at for the end of its head; its whole length, or 0. */
  #scanned = 0;
  #needed = 0;

  constructor(direction: Direction, message: SipMessage, midstream: boolean) {
    this.direction = direction;
    this.#message = message;
    this.#lost = midstream;
  }

  get held(): number {
    return this.#hold.size;
  }

  /** Stream offset of an unfinished message, or -1. */
  get pending(): number {
    return this.#hold.used > 0 ? this.#offset - this.#hold.used : -1;
  }

  push(octets: Uint8Array, to: SipListener): void {
    const hold = this.#hold;
    const before = hold.used;
    const base = this.#offset - before;
    this.#offset += octets.length;
    if (before === 0) {
      const used = this.#cut(octets, octets.length, base, to);
      if (used < octets.length) hold.append(octets, used, octets.length);
      return;
    }
    hold.append(octets, 0, octets.length);
    const used = this.#cut(hold.buffer, hold.used, base, to);
    if (used === 0) return;
    const rest = hold.buffer.slice(used, hold.used);
    hold.release();
    if (rest.length > 0) hold.append(rest, 0, rest.length);
  }

  /** Octets are missing: forget what is unfinished and look for the next start line. */
  gap(octets: number): void {
    this.#hold.release();
    this.#offset += octets;
    this.#skip = Math.max(0, this.#skip - octets);
    this.#lose(true);
  }

  #lose(inLine: boolean): void {
    this.#lost = true;
    this.#inLine = inLine;
    this.#scanned = 0;
    this.#needed = 0;
  }

  /** Octets used up; the others are the beginning of a message. `base`: stream offset of buffer[0]. */
  #cut(buffer: Uint8Array, end: number, base: number, to: SipListener): number {
    let at = 0;
    while (at < end) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, end - at);
        this.#skip -= skipped;
        at += skipped;
        continue;
      }
      if (this.#inLine) {
        const lf = buffer.indexOf(LF, at);
        if (lf === -1 || lf >= end) return end;
        this.#inLine = false;
        at = lf + 1;
        continue;
      }
      const octet = buffer[at];
      if ((octet === CR || octet === LF) && this.#scanned === 0) {
        at += 1;
        continue;
      }
      if (this.#lost) {
        const next = this.#seek(buffer, at, end);
        if (next === -1) break;
        at = next;
        continue;
      }
      const next = this.#one(buffer, at, end, base, to);
      if (next === at && !this.#lost) break;
      at = next;
    }
    return at;
  }

  /**
   * Where the next start line begins, or the next line; -1 while the line at `at` is not whole. Only whole
   * lines are looked at, so that cuts make no difference.
   */
  #seek(buffer: Uint8Array, at: number, end: number): number {
    const lf = buffer.indexOf(LF, at);
    const isWhole = lf !== -1 && lf < end;
    if ((isWhole ? lf : end) - at > START_LINE_LIMIT) {
      this.#inLine = true;
      return at;
    }
    if (!isWhole) return -1;
    const start = startLineIn(buffer, at, lf + 1);
    if (start === -1) return lf + 1;
    this.#lost = false;
    return start;
  }

  /** One message at `at`: where it ends, or `at` while it is not whole. */
  #one(buffer: Uint8Array, at: number, end: number, base: number, to: SipListener): number {
    if (this.#needed === 0) {
      const found = this.#scanned > 0 ? StartLine.Request : startLineAt(buffer, at, end);
      if (found === StartLine.More && end - at <= START_LINE_LIMIT) return at;
      if (found < StartLine.Request) return this.#badLine(at, to);
      if (this.#scanned === 0 && buffer.indexOf(LF, at) - at > START_LINE_LIMIT) {
        return this.#badLine(at, to);
      }
      const stop = headEnd(buffer, at, at + this.#scanned, end);
      if (stop === -1) {
        this.#scanned = end - at;
        if (this.#scanned <= HEAD_LIMIT) return at;
        to.anomaly(SipAnomaly.TooLarge);
        this.#lose(true);
        return at;
      }
      this.#scanned = stop - at;
    }
    const stop = at + this.#scanned;
    if (this.#needed > end - at) return at;
    if (!this.#message.read(buffer, at, stop)) return this.#badLine(at, to);
    if (this.#needed === 0) {
      const length = contentLength(this.#message, to);
      if (length > BODY_LIMIT) {
        to.anomaly(SipAnomaly.TooLarge);
        to.oversized(this.#message, base + at);
        this.#scanned = 0;
        this.#skip = length;
        return stop;
      }
      this.#needed = stop - at + length;
      if (this.#needed > end - at) {
        this.#message.clear();
        return at;
      }
    }
    const whole = at + this.#needed;
    this.#scanned = 0;
    this.#needed = 0;
    this.#message.bodyEnd = whole;
    to.message(this.#message, base + at, base + whole);
    return whole;
  }

  /** Named once for a run of such lines. */
  #badLine(at: number, to: SipListener): number {
    to.anomaly(SipAnomaly.BadStartLine);
    this.#lose(false);
    return at;
  }
}
