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
import { OctetHold } from './octet-hold.ts';
import { XmlOdd, type XmlStreamListener } from './xml-odd.ts';
import { SEEK_NAME_LIMIT, soughtName } from './xml-seek.ts';
import { isNameOctet, isSpace } from './xml-tag.ts';

/** RFC 6120 §13.12 asks for 10 000; photographs and in-band blocks reach hundreds of thousands. */
export const MAX_STANZA = 2 << 20;
export const MAX_TAG = 64 << 10;
export const MAX_DEPTH = 64;

const State = {
  Text: 0,
  TagOpen: 1,
  StartName: 2,
  StartTag: 3,
  Quoted: 4,
  Slash: 5,
  EndTag: 6,
  Bang: 7,
  Section: 8,
  Seek: 9,
  SeekName: 10,
} as const;
type State = (typeof State)[keyof typeof State];

const LESS = 0x3c;
const GREATER = 0x3e;
const SLASH = 0x2f;
const STREAM = [0x73, 0x74, 0x72, 0x65, 0x61, 0x6d];
const CDATA = [0x5b, 0x43, 0x44, 0x41, 0x54, 0x41, 0x5b]; // after "<!"

export class XmlScanner {
  readonly #listener: XmlStreamListener;
  #state: State = State.Text;
  #depth = 0;
  #quote = 0;
  /** Octets of STREAM that the local name matches so far, -1 when it differs. */
  #local = -1;
  /** Octets matched of what ends the section, or of the word after "<!". */
  #matched = 0;
  /** The octet that comes twice (CDATA, comment) or once (instruction) before the closing '>'. */
  #mark = 0;
  #markTimes = 0;
  /** Stream offset of the octets now pushed, of the open tag, and of the open child of the root. */
  #offset = 0;
  #tag = 0;
  #unit = -1;
  /** Where in the octets now pushed the open unit's part begins that is not held yet. */
  #from = -1;
  #skipping = false;
  #sought = false;
  /** The depth is a guess: picked up in the middle, or after a gap. */
  #unsure: boolean;
  #stopped = false;
  #lost = false;
  readonly #hold = new OctetHold();
  readonly #name = new Uint8Array(SEEK_NAME_LIMIT);
  #nameLength = 0;

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
    return this.#unit;
  }

  /** Stream offset of the next octet. */
  get offset(): number {
    return this.#offset;
  }

  get held(): number {
    return this.#hold.size + SEEK_NAME_LIMIT;
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
    this.#abandon();
    this.#depth = 1;
    this.#unsure = true;
    this.#state = State.Seek;
  }

  /** Reads lent octets; returns how many were read, fewer than all when stopped or lost. */
  push(octets: Uint8Array): number {
    this.#from = this.#unit >= 0 ? 0 : -1;
    this.#stopped = false;
    let i = 0;
    while (i < octets.length && !this.#stopped) i = this.#step(octets, i);
    if (!this.#stopped) this.#keep(octets);
    this.#offset += i;
    this.#from = -1;
    return i;
  }

  #step(octets: Uint8Array, i: number): number {
    switch (this.#state) {
      case State.Text:
        return this.#text(octets, i);
      case State.TagOpen:
        return this.#tagOpen(octets, i);
      case State.StartName:
        return this.#startName(octets, i);
      case State.StartTag:
        return this.#startTag(octets, i);
      case State.Quoted:
        return this.#quoted(octets, i);
      case State.Slash:
        return octets[i] === GREATER ? this.#started(octets, i + 1, true) : this.#bad(i);
      case State.EndTag:
        return this.#endTag(octets, i);
      case State.Bang:
        return this.#bang(octets, i);
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
      this.#unit = this.#offset + i;
      this.#from = i;
      this.#skipping = false;
      this.#sought = false;
    } else {
      i = octets.indexOf(LESS, i);
      if (i < 0) return octets.length;
    }
    this.#tag = this.#offset + i;
    this.#state = State.TagOpen;
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

  #tagOpen(octets: Uint8Array, i: number): number {
    const c = octets[i] ?? 0;
    this.#local = 0;
    if (c === SLASH) {
      this.#state = State.EndTag;
      return i + 1;
    }
    if (c === 0x21) {
      this.#matched = 0;
      this.#state = State.Bang;
      return i + 1;
    }
    if (c === 0x3f) {
      if (this.#depth > 1) this.#listener.odd(XmlOdd.Instruction);
      return this.#enterSection(0x3f, 1, i + 1);
    }
    if (!isNameOctet(c)) return this.#bad(i);
    this.#state = State.StartName;
    return i;
  }

  #startName(octets: Uint8Array, from: number): number {
    let i = from;
    for (; i < octets.length; i++) {
      const c = octets[i] ?? 0;
      if (!isNameOctet(c)) {
        this.#state = State.StartTag;
        break;
      }
      this.#matchLocal(c);
    }
    return i;
  }

  #matchLocal(c: number): void {
    if (c === 0x3a) this.#local = 0;
    else this.#local = this.#local >= 0 && STREAM[this.#local] === c ? this.#local + 1 : -1;
  }

  #startTag(octets: Uint8Array, from: number): number {
    for (let i = from; i < octets.length; i++) {
      const c = octets[i] ?? 0;
      if (c === GREATER) return this.#started(octets, i + 1, false);
      if (c === LESS) return this.#bad(i);
      if (c === SLASH) {
        this.#state = State.Slash;
        return i + 1;
      }
      if (c === 0x22 || c === 0x27) {
        this.#quote = c;
        this.#state = State.Quoted;
        return i + 1;
      }
    }
    return octets.length;
  }

  #quoted(octets: Uint8Array, from: number): number {
    const quote = this.#quote;
    for (let i = from; i < octets.length; i++) {
      const c = octets[i];
      if (c === quote) {
        this.#state = State.StartTag;
        return i + 1;
      }
      if (c === LESS) return this.#bad(i);
    }
    return octets.length;
  }

  #endTag(octets: Uint8Array, from: number): number {
    for (let i = from; i < octets.length; i++) {
      const c = octets[i] ?? 0;
      if (c === GREATER) return this.#ended(octets, i + 1);
      if (isNameOctet(c)) this.#matchLocal(c);
      else if (!isSpace(c)) return this.#bad(i);
    }
    return octets.length;
  }

  #bang(octets: Uint8Array, i: number): number {
    const c = octets[i] ?? 0;
    if (this.#matched === 0 && c === 0x2d) {
      this.#matched = -1;
      return i + 1;
    }
    if (this.#matched === -1) {
      if (c !== 0x2d) return this.#bad(i);
      this.#listener.odd(XmlOdd.Comment);
      return this.#enterSection(0x2d, 2, i + 1);
    }
    if (CDATA[this.#matched] !== c) {
      this.#listener.odd(this.#matched === 0 ? XmlOdd.Doctype : XmlOdd.NotWellFormed);
      return this.#lose(i);
    }
    this.#matched++;
    if (this.#matched < CDATA.length) return i + 1;
    if (this.#depth <= 1) return this.#stray(i + 1);
    return this.#enterSection(0x5d, 2, i + 1);
  }

  #enterSection(mark: number, times: number, next: number): number {
    this.#mark = mark;
    this.#markTimes = times;
    this.#matched = 0;
    this.#state = State.Section;
    return next;
  }

  #section(octets: Uint8Array, from: number): number {
    let i = from;
    while (i < octets.length) {
      if (this.#matched === 0) {
        i = octets.indexOf(this.#mark, i);
        if (i < 0) return octets.length;
      }
      const c = octets[i++];
      if (c === this.#mark) this.#matched = Math.min(this.#matched + 1, this.#markTimes);
      else if (c === GREATER && this.#matched === this.#markTimes) {
        this.#state = State.Text;
        if (this.#depth <= 1) this.#abandon();
        return i;
      } else this.#matched = 0;
    }
    return i;
  }

  /** A start tag ended before `next`. */
  #started(octets: Uint8Array, next: number, empty: boolean): number {
    this.#state = State.Text;
    if (this.#offset + next - this.#tag > MAX_TAG) {
      if (this.#depth === 0) return this.#lose(next);
      this.#skip(XmlOdd.TagTooLong);
    }
    if (this.#depth === 0 || (this.#depth === 1 && this.#local === STREAM.length)) {
      if (this.#header(octets, next)) return next;
      if (this.#depth === 0) return this.#lose(next);
    }
    if (empty) {
      if (this.#depth === 1) this.#complete(octets, next);
    } else if (++this.#depth > MAX_DEPTH && !this.#skipping) this.#skip(XmlOdd.TooDeep);
    return next;
  }

  #header(octets: Uint8Array, next: number): boolean {
    const held = this.#take(octets, next);
    const root =
      this.#local === STREAM.length &&
      this.#listener.header(
        held ? this.#hold.buffer : octets,
        held ? 0 : this.#from,
        held ? this.#hold.used : next,
        this.#unit,
        this.#offset + next,
      );
    if (!root) {
      if (held) this.#from = next;
      return false;
    }
    this.#abandon();
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
    } else if (this.#local === STREAM.length) {
      const start = this.#unit;
      this.#abandon();
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
    const start = this.#unit;
    const end = this.#offset + next;
    if (!this.#skipping && end - start > MAX_STANZA) this.#skip(XmlOdd.StanzaTooLong);
    const skipped = this.#skipping;
    const held = !skipped && this.#take(octets, next);
    const buffer = held ? this.#hold.buffer : octets;
    const from = held ? 0 : this.#from;
    const to = held ? this.#hold.used : next;
    this.#abandon();
    if (skipped) this.#listener.unread(start, end);
    else this.#listener.stanza(buffer, from, to, start, end, this.#sought);
  }

  /** Adds the open unit's octets before `next` to those held, if any are: true when it did. */
  #take(octets: Uint8Array, next: number): boolean {
    if (this.#hold.used === 0) return false;
    this.#hold.append(octets, this.#from, next);
    return true;
  }

  /** Keeps the open unit's octets of this push, within the limits. */
  #keep(octets: Uint8Array): void {
    if (this.#unit < 0 || this.#skipping) return;
    const end = this.#offset + octets.length;
    const inTag = this.#state !== State.Text && this.#state !== State.Section;
    if (inTag && end - this.#tag > MAX_TAG) {
      if (this.#depth === 0) this.#lose(octets.length);
      else this.#skip(XmlOdd.TagTooLong);
    } else if (end - this.#unit > MAX_STANZA) {
      this.#skip(XmlOdd.StanzaTooLong);
    } else this.#hold.append(octets, this.#from, octets.length);
  }

  #skip(why: XmlOdd): void {
    if (!this.#skipping) this.#listener.odd(why);
    this.#skipping = true;
    this.#hold.release();
  }

  #abandon(): void {
    this.#unit = -1;
    this.#from = -1;
    this.#hold.release();
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
    this.#abandon();
    return i;
  }

  #seekOpen(octets: Uint8Array, from: number): number {
    const i = octets.indexOf(LESS, from);
    if (i < 0) return octets.length;
    this.#unit = this.#offset + i;
    this.#tag = this.#unit;
    this.#from = i;
    this.#nameLength = 0;
    this.#state = State.SeekName;
    return i + 1;
  }

  #seekName(octets: Uint8Array, from: number): number {
    let i = from;
    for (; i < octets.length; i++) {
      const c = octets[i] ?? 0;
      const part = isNameOctet(c) || (c === SLASH && this.#nameLength === 0);
      if (part && this.#nameLength < SEEK_NAME_LIMIT) {
        this.#name[this.#nameLength++] = c;
        continue;
      }
      const found = part ? undefined : soughtName(this.#name, this.#nameLength);
      if (found === undefined || !(isSpace(c) || c === GREATER || c === SLASH)) {
        this.#abandon();
        this.#state = State.Seek;
        return i;
      }
      this.#local = found.stream ? STREAM.length : -1;
      this.#state = found.end ? State.EndTag : State.StartTag;
      this.#skipping = false;
      this.#sought = true;
      return i;
    }
    return i;
  }
}
