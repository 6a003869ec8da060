/**
 * Finds the stanzas of an XML stream: where each child of the root starts and ends, in stream
 * octets, whatever the octets are cut into. Every octet is looked at once here, and once more when
 * the complete stanza is read (xml-tree.ts); nothing is made but a copy of an unfinished stanza.
 *
 *   document = [ BOM ] [ '<?xml' … '?>' ] '<' stream … '>' *( stanza / S ) [ '</' stream '>' ]
 *   RFC 6120 §4.2, §11: a new root may start inside the old one after TLS, SASL and compression.
 *
 * After lost octets the scanner seeks a start tag by which a stanza is known.
 */

import { Markup, XmlMarkup } from './xml-markup.ts';
import { XmlOdd, type XmlStreamListener } from './xml-odd.ts';
import { XmlSection } from './xml-section.ts';
import { Sought, XmlSeeker } from './xml-seek.ts';
import { isSpace } from './xml-tag.ts';
import { XmlUnit } from './xml-unit.ts';

/** RFC 6120 §13.12 asks for 10 000; photographs and in-band blocks reach hundreds of thousands. */
export const MAX_STANZA = 2 << 20;
export const MAX_TAG = 64 << 10;
export const MAX_DEPTH = 64;

const State = { Text: 0, Markup: 1, Section: 2, Seek: 3, SeekName: 4 } as const;
type State = (typeof State)[keyof typeof State];

const LESS = 0x3c;

export class XmlScanner {
  readonly #listener: XmlStreamListener;
  #state: State = State.Text;
  #depth = 0;
  /** Stream offset of the octets now pushed, and of the open tag. */
  #offset = 0;
  #tag = 0;
  readonly #unit = new XmlUnit();
  readonly #markup = new XmlMarkup();
  readonly #inSection = new XmlSection();
  readonly #seeker = new XmlSeeker();
  /** The depth is a guess: picked up in the middle, or after a gap. */
  #unsure: boolean;
  #stopped = false;
  #lost = false;

  constructor(listener: XmlStreamListener, midstream: boolean) {
    this.#listener = listener;
    this.#unsure = midstream;
    this.#depth = midstream ? 1 : 0;
  }

  /** Not XML, or hostile: nothing more will be read. */
  get lost(): boolean {
    return this.#lost;
  }

  /** Stream offset of the open unit, or -1. */
  get open(): number {
    return this.#unit.start;
  }

  /** Stream offset of the next octet. */
  get offset(): number {
    return this.#offset;
  }

  get held(): number {
    return this.#unit.size + XmlSeeker.HELD;
  }

  /** Ends the push in hand after the present callback. */
  stop(): void {
    this.#stopped = true;
  }

  /** `octets` are missing: forget what is open and look for the start of a stanza. */
  gap(octets: number): void {
    this.#offset += octets;
    this.seek();
  }

  seek(): void {
    this.#unit.close();
    this.#depth = 1;
    this.#unsure = true;
    this.#state = State.Seek;
  }

  /** Reads lent octets; returns how many were read, fewer than all when stopped or lost. */
  push(octets: Uint8Array): number {
    this.#unit.pushed();
    this.#stopped = false;
    let i = 0;
    while (i < octets.length && !this.#stopped) i = this.#step(octets, i);
    if (!this.#stopped) this.#keep(octets);
    this.#offset += i;
    return i;
  }

  #step(octets: Uint8Array, i: number): number {
    switch (this.#state) {
      case State.Text:
        return this.#text(octets, i);
      case State.Markup:
        return this.#mark(octets, i);
      case State.Section:
        return this.#section(octets, i);
      case State.Seek:
        return this.#seekOpen(octets, i);
      case State.SeekName:
        return this.#seekName(octets, i);
    }
  }

  #text(octets: Uint8Array, from: number): number {
    let i = from;
    if (this.#depth <= 1) {
      while (i < octets.length && (isSpace(octets[i]) || this.#isMark(octets[i]))) i++;
      if (i === octets.length) return i;
      if (octets[i] !== LESS) return this.#stray(i);
      this.#unit.open(this.#offset + i, i, false);
    } else {
      i = octets.indexOf(LESS, i);
      if (i < 0) return octets.length;
    }
    this.#tag = this.#offset + i;
    this.#markup.begin();
    this.#state = State.Markup;
    return i + 1;
  }

  /** An octet of the UTF-8 byte order mark, allowed before the document. */
  #isMark(c: number | undefined): boolean {
    return this.#depth === 0 && (c === 0xef || c === 0xbb || c === 0xbf);
  }

  /** Text where only stanzas may stand. */
  #stray(i: number): number {
    if (this.#depth === 0) return this.#lose(i);
    if (!this.#unsure) this.#listener.odd(XmlOdd.TextBetween);
    this.seek();
    return i;
  }

  #mark(octets: Uint8Array, i: number): number {
    const found = this.#markup.read(octets, i);
    const { next } = this.#markup;
    switch (found) {
      case Markup.More:
        return next;
      case Markup.Start:
      case Markup.Empty:
        return this.#started(octets, next, found === Markup.Empty);
      case Markup.End:
        return this.#ended(octets, next);
      case Markup.Cdata:
        return this.#depth <= 1 ? this.#stray(next) : this.#enterSection(0x5d, 2, next);
      case Markup.Comment:
        this.#listener.odd(XmlOdd.Comment);
        return this.#enterSection(0x2d, 2, next);
      case Markup.Instruction:
        if (this.#depth > 1) this.#listener.odd(XmlOdd.Instruction);
        return this.#enterSection(0x3f, 1, next);
      case Markup.Doctype:
        this.#listener.odd(XmlOdd.Doctype);
        return this.#lose(next);
      case Markup.Bad:
        return this.#bad(next);
    }
  }

  #enterSection(mark: number, times: number, next: number): number {
    this.#inSection.enter(mark, times);
    this.#state = State.Section;
    return next;
  }

  #section(octets: Uint8Array, from: number): number {
    const end = this.#inSection.end(octets, from);
    if (end < 0) return octets.length;
    this.#state = State.Text;
    if (this.#depth <= 1) this.#unit.close();
    return end;
  }

  /** A start tag ended before `next`. */
  #started(octets: Uint8Array, next: number, empty: boolean): number {
    this.#state = State.Text;
    if (this.#offset + next - this.#tag > MAX_TAG) {
      if (this.#depth === 0) return this.#lose(next);
      this.#skip(XmlOdd.TagTooLong);
    }
    if (this.#depth === 0 || (this.#depth === 1 && this.#markup.isStream)) {
      if (this.#header(octets, next)) return next;
      if (this.#depth === 0) return this.#lose(next);
    }
    if (empty) {
      if (this.#depth === 1) this.#complete(octets, next);
    } else if (++this.#depth > MAX_DEPTH) this.#skip(XmlOdd.TooDeep);
    return next;
  }

  #header(octets: Uint8Array, next: number): boolean {
    const unit = this.#unit;
    if (!this.#markup.isStream || unit.skipped) return false;
    unit.gather(octets, next);
    const end = this.#offset + next;
    if (!this.#listener.header(unit.buffer, unit.begin, unit.end, unit.start, end)) return false;
    unit.close();
    this.#depth = 1;
    this.#unsure = false;
    return true;
  }

  /** An end tag ended before `next`. */
  #ended(octets: Uint8Array, next: number): number {
    this.#state = State.Text;
    if (this.#depth > 1) {
      this.#depth -= 1;
      if (this.#depth === 1) this.#complete(octets, next);
    } else if (this.#markup.isStream) {
      const { start } = this.#unit;
      this.#unit.close();
      this.#depth = 0;
      this.#listener.close(start, this.#offset + next);
    } else if (this.#depth === 0) {
      return this.#lose(next);
    } else {
      if (!this.#unsure) this.#listener.odd(XmlOdd.NotWellFormed);
      this.seek();
    }
    return next;
  }

  #complete(octets: Uint8Array, next: number): void {
    const unit = this.#unit;
    const { start, sought } = unit;
    const end = this.#offset + next;
    if (end - start > MAX_STANZA) this.#skip(XmlOdd.StanzaTooLong);
    if (!unit.skipped) unit.gather(octets, next);
    const { skipped, buffer, begin, end: to } = unit;
    unit.close();
    if (skipped) this.#listener.unread(start, end);
    else this.#listener.stanza(buffer, begin, to, start, end, sought);
  }

  /** Keeps the open unit's octets of this push, within the limits. */
  #keep(octets: Uint8Array): void {
    const unit = this.#unit;
    if (unit.start < 0 || unit.skipped) return;
    const end = this.#offset + octets.length;
    if (this.#state === State.Markup && end - this.#tag > MAX_TAG) {
      if (this.#depth === 0) this.#lose(octets.length);
      else this.#skip(XmlOdd.TagTooLong);
    } else if (end - unit.start > MAX_STANZA) {
      this.#skip(XmlOdd.StanzaTooLong);
    } else unit.keep(octets);
  }

  #skip(why: XmlOdd): void {
    if (this.#unit.skipped) return;
    this.#listener.odd(why);
    this.#unit.skip();
  }

  #bad(i: number): number {
    if (this.#depth === 0) return this.#lose(i);
    this.#listener.odd(XmlOdd.NotWellFormed);
    this.seek();
    return i;
  }

  #lose(i: number): number {
    this.#lost = true;
    this.#stopped = true;
    this.#unit.close();
    return i;
  }

  #seekOpen(octets: Uint8Array, from: number): number {
    const i = octets.indexOf(LESS, from);
    if (i < 0) return octets.length;
    this.#tag = this.#offset + i;
    this.#unit.open(this.#tag, i, true);
    this.#seeker.begin();
    this.#state = State.SeekName;
    return i + 1;
  }

  #seekName(octets: Uint8Array, from: number): number {
    const found = this.#seeker.read(octets, from);
    if (found === Sought.Nothing) {
      this.#unit.close();
      this.#state = State.Seek;
    } else if (found !== Sought.More) {
      this.#markup.beginAfterName(found !== Sought.Stanza, found === Sought.RootEnd);
      this.#state = State.Markup;
    }
    return this.#seeker.next;
  }
}
