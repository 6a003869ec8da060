/**
 * What a '<' opens, found incrementally: a start tag, an end tag, or the beginning of a section.
 *
 *   '<' name … '>'   '<' name … '/' '>'   '</' name S? '>'   '<![CDATA['   '<!--'   '<?'
 *   Inside a tag '<' is an error even between quotes (XML 1.0 §2.3), '>' only outside of them.
 */
import { isNameOctet, isSpace } from './xml-tag.ts';

export const Markup = {
  More: 0,
  Start: 1,
  Empty: 2,
  End: 3,
  Cdata: 4,
  Comment: 5,
  Instruction: 6,
  Doctype: 7,
  Bad: 8,
} as const;
export type Markup = (typeof Markup)[keyof typeof Markup];

const State = { Open: 0, Name: 1, Start: 2, Quoted: 3, Slash: 4, End: 5, Bang: 6 } as const;
type State = (typeof State)[keyof typeof State];

const LESS = 0x3c;
const GREATER = 0x3e;
const SLASH = 0x2f;
const DASH = 0x2d;
const STREAM = [0x73, 0x74, 0x72, 0x65, 0x61, 0x6d];
const CDATA = [0x5b, 0x43, 0x44, 0x41, 0x54, 0x41, 0x5b]; // after "<!"

export class XmlMarkup {
  #state: State = State.Open;
  #quote = 0;
  /** Octets of STREAM that the local name matches so far, -1 when it differs. */
  #local = 0;
  /** Octets matched of CDATA, -1 after "<!-". */
  #matched = 0;
  /** Index of the first octet not read; on Bad, of the one that is wrong. */
  next = 0;

  /** The name without its prefix is `stream`: a root's. */
  get isStream(): boolean {
    return this.#local === STREAM.length;
  }

  /** A '<' was read. */
  begin(): void {
    this.#state = State.Open;
    this.#local = 0;
  }

  /** A tag whose name was read elsewhere. */
  beginAfterName(isStream: boolean, end: boolean): void {
    this.#state = end ? State.End : State.Start;
    this.#local = isStream ? STREAM.length : -1;
  }

  read(octets: Uint8Array, from: number): Markup {
    let found: Markup = Markup.More;
    let i = from;
    while (found === Markup.More && i < octets.length) {
      found = this.#step(octets, i);
      i = this.next;
    }
    return found;
  }

  #step(octets: Uint8Array, i: number): Markup {
    this.next = i + 1;
    switch (this.#state) {
      case State.Open:
        return this.#open(octets[i] ?? 0, i);
      case State.Name:
        return this.#name(octets, i);
      case State.Start:
        return this.#start(octets, i);
      case State.Quoted:
        return this.#quoted(octets, i);
      case State.Slash:
        return octets[i] === GREATER ? Markup.Empty : this.#bad(i);
      case State.End:
        return this.#end(octets, i);
      case State.Bang:
        return this.#bang(octets[i] ?? 0, i);
    }
  }

  #open(c: number, i: number): Markup {
    if (c === SLASH) this.#state = State.End;
    else if (c === 0x3f) return Markup.Instruction;
    else if (c === 0x21) {
      this.#matched = 0;
      this.#state = State.Bang;
    } else if (isNameOctet(c)) {
      this.#state = State.Name;
      this.next = i;
    } else return this.#bad(i);
    return Markup.More;
  }

  #name(octets: Uint8Array, from: number): Markup {
    let i = from;
    for (; i < octets.length; i++) {
      const c = octets[i] ?? 0;
      if (!isNameOctet(c)) {
        this.#state = State.Start;
        break;
      }
      this.#match(c);
    }
    this.next = i;
    return Markup.More;
  }

  #match(c: number): void {
    if (c === 0x3a) this.#local = 0;
    else this.#local = this.#local >= 0 && STREAM[this.#local] === c ? this.#local + 1 : -1;
  }

  #start(octets: Uint8Array, from: number): Markup {
    for (let i = from; i < octets.length; i++) {
      const c = octets[i] ?? 0;
      this.next = i + 1;
      if (c === GREATER) return Markup.Start;
      if (c === LESS) return this.#bad(i);
      if (c === SLASH) this.#state = State.Slash;
      else if (c === 0x22 || c === 0x27) {
        this.#quote = c;
        this.#state = State.Quoted;
      } else continue;
      return Markup.More;
    }
    this.next = octets.length;
    return Markup.More;
  }

  #quoted(octets: Uint8Array, from: number): Markup {
    const quote = this.#quote;
    for (let i = from; i < octets.length; i++) {
      const c = octets[i];
      if (c === LESS) return this.#bad(i);
      if (c === quote) {
        this.#state = State.Start;
        this.next = i + 1;
        return Markup.More;
      }
    }
    this.next = octets.length;
    return Markup.More;
  }

  #end(octets: Uint8Array, from: number): Markup {
    for (let i = from; i < octets.length; i++) {
      const c = octets[i] ?? 0;
      this.next = i + 1;
      if (c === GREATER) return Markup.End;
      if (isNameOctet(c)) this.#match(c);
      else if (!isSpace(c)) return this.#bad(i);
    }
    this.next = octets.length;
    return Markup.More;
  }

  #bang(c: number, i: number): Markup {
    if (this.#matched === -1) return c === DASH ? Markup.Comment : this.#bad(i);
    if (this.#matched === 0 && c === DASH) {
      this.#matched = -1;
      return Markup.More;
    }
    if (CDATA[this.#matched] !== c) return this.#matched === 0 ? Markup.Doctype : this.#bad(i);
    this.#matched += 1;
    return this.#matched === CDATA.length ? Markup.Cdata : Markup.More;
  }

  #bad(i: number): Markup {
    this.next = i;
    return Markup.Bad;
  }
}
