/**
 * By which names a stanza is known when the depth is not: after lost octets, or picked up in the
 * middle. A body cannot hold a raw '<', so such a name behind '<' is a tag; it may still be nested
 * (a forwarded message), which the reader of the stanza decides by its namespace declaration.
 */
import { isNameOctet, isSpace } from './xml-tag.ts';

const NAME_LIMIT = 40; // octets; a prefix may come before

const NAMES: ReadonlySet<string> = new Set([
  'message',
  'presence',
  'iq',
  'stream',
  'proceed',
  'success',
]);

export const Sought = {
  /** The name is not complete. */
  More: 0,
  Nothing: 1,
  Stanza: 2,
  /** The root's start tag, its end tag. */
  Root: 3,
  RootEnd: 4,
} as const;
export type Sought = (typeof Sought)[keyof typeof Sought];

/** Reads the name behind a '<', however it is cut. */
export class XmlSeeker {
  readonly #name = new Uint8Array(NAME_LIMIT);
  #length = 0;
  /** Index of the first octet after the name. */
  next = 0;

  static readonly HELD = NAME_LIMIT;

  begin(): void {
    this.#length = 0;
  }

  read(octets: Uint8Array, from: number): Sought {
    for (let i = from; i < octets.length; i++) {
      const c = octets[i] ?? 0;
      this.next = i;
      if (isNameOctet(c) || (c === 0x2f && this.#length === 0)) {
        if (this.#length === NAME_LIMIT) return Sought.Nothing;
        this.#name[this.#length++] = c;
      } else return isSpace(c) || c === 0x3e || c === 0x2f ? this.#found() : Sought.Nothing;
    }
    this.next = octets.length;
    return Sought.More;
  }

  #found(): Sought {
    let text = '';
    for (let i = 0; i < this.#length; i++) text += String.fromCharCode(this.#name[i] ?? 0);
    const ends = text.startsWith('/');
    const local = text.slice(Math.max(text.indexOf(':') + 1, ends ? 1 : 0));
    if (local === 'stream') return ends ? Sought.RootEnd : Sought.Root;
    return !ends && NAMES.has(local) ? Sought.Stanza : Sought.Nothing;
  }
}
