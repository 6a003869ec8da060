/**
 * One line of an event, read octet by octet: where its members stand. Used again for every line, so that reading
 * one makes nothing that must be collected.
 *
 * For lines as encodeEvent writes them: members in its order, each once, no white space, no escapes.
 */
import { isUtf8 } from 'node:buffer';
import { EVENT_MEMBERS, type EventMember, Reading } from './event-members.ts';
import { nestedEnd, numberEnd, textEnd } from './json-extent.ts';
import type { LinePiece } from './line-memory.ts';
import { isAsciiRun } from './octet-runs.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Places of a member in the line: it begins, its value begins, its value ends. */
const PLACES = 3;

export class EventScan {
  octets: Buffer = Buffer.alloc(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  /** Of the line: its first octet, and the one behind its last. */
  from = 0;
  to = 0;
  /** Three for each member; of texts, values are what stands within the quotation marks. 0: it is missing. */
  readonly #places = new Int32Array(EVENT_MEMBERS.length * PLACES);
  /** Which member came after which in the line before: most lines are alike. */
  readonly #next = new Int32Array(EVENT_MEMBERS.length + 1);

  /** False: it is written in another way, or is no event. */
  read({ octets, view }: LinePiece, from: number, to: number): boolean {
    this.octets = octets;
    this.view = view;
    this.from = from;
    this.to = to;
    this.#places.fill(0);
    return octets[from] === OPEN_BRACE && this.#members() && this.#isText();
  }

  has(place: number): boolean {
    return this.#places[place * PLACES] !== 0;
  }

  /** Where a member begins, with the quotation mark of its name. */
  begin(place: number): number {
    return this.#places[place * PLACES] ?? 0;
  }

  /** First octet of a value; of a text, within the quotation marks. 0: the member is missing. */
  value(place: number): number {
    return this.#places[place * PLACES + 1] ?? 0;
  }

  /** Behind the last octet of a value; of a text, its closing quotation mark. */
  end(place: number): number {
    return this.#places[place * PLACES + 2] ?? 0;
  }

  /** The value of a member that is there; of a text, what it says. */
  text(place: number): string {
    return this.octets.toString('utf8', this.value(place), this.end(place));
  }

  #members(): boolean {
    const { octets, to } = this;
    let last = -1;
    for (let at = this.from + 1; ; ) {
      if (octets[at] !== QUOTE) return false;
      const place = this.#placeAt(at + 1, last);
      if (place === -1) return false;
      last = place;
      const { reading, written } = EVENT_MEMBERS[place] as EventMember;
      const end = this.#member(place, reading, at, at + 1 + written.length);
      if (end === 0) return false;
      if (octets[end] === COMMA) at = end + 1;
      else return octets[end] === CLOSE_BRACE && end === to - 1;
    }
  }

  /** Behind the member, or 0. */
  #member(place: number, reading: Reading, at: number, value: number): number {
    const { octets, view, to } = this;
    const places = this.#places;
    places[place * PLACES] = at;
    if (reading === Reading.Text || reading === Reading.Said) {
      const close = octets[value] === QUOTE ? textEnd(view, octets, value + 1, to) : 0;
      places[place * PLACES + 1] = value + 1;
      places[place * PLACES + 2] = close;
      return close === 0 ? 0 : close + 1;
    }
    const end =
      reading === Reading.Number
        ? numberEnd(octets, value, to)
        : nestedEnd(view, octets, value, to);
    places[place * PLACES + 1] = value;
    places[place * PLACES + 2] = end;
    return end;
  }

  /** Of the member whose name is at `at`; -1: it is unknown, repeated or out of order. */
  #placeAt(at: number, last: number): number {
    const guess = this.#next[last + 1] ?? 0;
    if (guess > last && this.#isNamed(guess, at)) return guess;
    for (let place = last + 1; place < EVENT_MEMBERS.length; place++) {
      if (!this.#isNamed(place, at)) continue;
      this.#next[last + 1] = place;
      return place;
    }
    return -1;
  }

  #isNamed(place: number, at: number): boolean {
    const { octets } = this;
    const { written } = EVENT_MEMBERS[place] as EventMember;
    for (let i = 0; i < written.length; i++) if (octets[at + i] !== written[i]) return false;
    return true;
  }

  /** What is no UTF-8 is stored in the words of who decodes it. */
  #isText(): boolean {
    const { octets, view, from, to } = this;
    return isAsciiRun(view, from, to) || isUtf8(octets.subarray(from, to));
  }
}
