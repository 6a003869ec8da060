/**
 * One start tag, read in place (XML 1.0 §3.1, Namespaces in XML §3):
 *   STag = '<' QName ( S QName S? '=' S? ( '"' … '"' | "'" … "'" ) )* S? '/'? '>'
 * White space between attributes may be missing, which some hand-made clients and servers bear.
 * The reader is reused; its fields speak of the tag read last.
 */

import type { XmlAttribute } from './xml-element.ts';
import { internedName } from './xml-names.ts';
import type { XmlNamespaces } from './xml-namespaces.ts';
import { repeatedValue } from './xml-text.ts';

export const MAX_ATTRIBUTES = 64; // per element
const NO_ATTRIBUTES: readonly XmlAttribute[] = Object.freeze([]);

export const XmlFault = {
  Attributes: 'too-many-attributes',
  Namespaces: 'too-many-namespaces',
  Elements: 'too-many-elements',
  Syntax: 'not-well-formed',
} as const;
export type XmlFault = (typeof XmlFault)[keyof typeof XmlFault];

const SLASH = 0x2f;
const GREATER = 0x3e;
const EQUALS = 0x3d;
const COLON = 0x3a;

export class XmlTagReader {
  /** QName as it stands, to compare with the end tag. */
  qualifiedName = '';
  name = '';
  namespace = '';
  attributes: readonly XmlAttribute[] = NO_ATTRIBUTES;
  declaresDefault = false;
  empty = false;
  /** First octet after the tag. */
  next = 0;
  fault: XmlFault = XmlFault.Syntax;
  /** Of the first #count attributes: name as it stands, and where the value does. */
  readonly #qualified: string[] = [];
  readonly #values: number[] = [];
  #count = 0;
  /** Slots used since clear(). */
  #used = 0;

  /** Reads the tag at `at`; its declarations go into `scope`. False on a fault, which is named. */
  read(buffer: Uint8Array, at: number, end: number, scope: XmlNamespaces): boolean {
    this.#count = 0;
    const nameEnd = endOfName(buffer, at + 1, end);
    if (nameEnd === at + 1) return this.#fail(XmlFault.Syntax);
    this.qualifiedName = internedName(buffer, at + 1, nameEnd);
    if (!this.#readAttributes(buffer, nameEnd, end)) return false;
    if (!this.#declare(buffer, scope)) return false;
    return this.#resolve(scope);
  }

  /** Lets go of the texts of the tags read so far. */
  clear(): void {
    for (let i = 0; i < this.#used; i++) this.#qualified[i] = '';
    this.#used = 0;
    this.qualifiedName = '';
    this.name = '';
    this.namespace = '';
    this.attributes = NO_ATTRIBUTES;
  }

  #readAttributes(buffer: Uint8Array, from: number, end: number): boolean {
    let i = from;
    for (;;) {
      const space = skipSpace(buffer, i, end);
      const c = buffer[space];
      if (space >= end) return this.#fail(XmlFault.Syntax);
      if (c === GREATER || c === SLASH) {
        this.empty = c === SLASH;
        this.next = space + (this.empty ? 2 : 1);
        if (this.empty && buffer[space + 1] !== GREATER) return this.#fail(XmlFault.Syntax);
        return true;
      }
      const nameEnd = endOfName(buffer, space, end);
      const equals = skipSpace(buffer, nameEnd, end);
      const open = skipSpace(buffer, equals + 1, end);
      const quote = buffer[open];
      if (nameEnd === space || buffer[equals] !== EQUALS || (quote !== 0x22 && quote !== 0x27))
        return this.#fail(XmlFault.Syntax);
      const close = buffer.indexOf(quote, open + 1);
      if (close < 0 || close >= end) return this.#fail(XmlFault.Syntax);
      if (this.#count >= MAX_ATTRIBUTES) return this.#fail(XmlFault.Attributes);
      const name = internedName(buffer, space, nameEnd);
      if (this.#has(name)) return this.#fail(XmlFault.Syntax);
      this.#qualified[this.#count] = name;
      this.#values[2 * this.#count] = open + 1;
      this.#values[2 * this.#count + 1] = close;
      this.#count += 1;
      if (this.#count > this.#used) this.#used = this.#count;
      i = close + 1;
    }
  }

  #has(name: string): boolean {
    for (let i = 0; i < this.#count; i++) if (this.#qualified[i] === name) return true;
    return false;
  }

  #declare(buffer: Uint8Array, scope: XmlNamespaces): boolean {
    this.declaresDefault = false;
    for (let i = 0; i < this.#count; i++) {
      const name = this.#qualified[i] ?? '';
      if (!name.startsWith('xmlns')) continue;
      const isDefault = name.length === 5;
      if (!isDefault && name[5] !== ':') continue;
      const value = repeatedValue(buffer, this.#values[2 * i] ?? 0, this.#values[2 * i + 1] ?? 0);
      if (isDefault) this.declaresDefault = true;
      if (!scope.declare(isDefault ? '' : name.slice(6), value))
        return this.#fail(XmlFault.Namespaces);
    }
    return true;
  }

  #resolve(scope: XmlNamespaces): boolean {
    const colon = this.qualifiedName.indexOf(':');
    const namespace = scope.resolve(colon < 0 ? '' : this.qualifiedName.slice(0, colon));
    if (namespace === undefined) return this.#fail(XmlFault.Syntax);
    this.namespace = namespace;
    this.name = colon < 0 ? this.qualifiedName : this.qualifiedName.slice(colon + 1);
    this.attributes = NO_ATTRIBUTES;
    let made: XmlAttribute[] | undefined;
    for (let i = 0; i < this.#count; i++) {
      const qualified = this.#qualified[i] ?? '';
      if (qualified.startsWith('xmlns') && (qualified.length === 5 || qualified[5] === ':'))
        continue;
      const at = qualified.indexOf(':');
      const attributeSpace = at < 0 ? '' : scope.resolve(qualified.slice(0, at));
      if (attributeSpace === undefined) return this.#fail(XmlFault.Syntax);
      made ??= [];
      made.push({
        name: at < 0 ? qualified : qualified.slice(at + 1),
        namespace: attributeSpace,
        start: this.#values[2 * i] ?? 0,
        end: this.#values[2 * i + 1] ?? 0,
      });
    }
    if (made !== undefined) this.attributes = made;
    return true;
  }

  #fail(fault: XmlFault): false {
    this.fault = fault;
    return false;
  }
}

export function isSpace(c: number | undefined): boolean {
  return c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09;
}

/** Where a name ends that starts at `at`: the first octet that may not stand in one. */
export function endOfName(buffer: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && isNameOctet(buffer[i] ?? 0)) i++;
  return i;
}

/** Letters, digits, `-._:` and everything beyond ASCII. */
export function isNameOctet(c: number): boolean {
  return (
    (c >= 0x61 && c <= 0x7a) ||
    (c >= 0x41 && c <= 0x5a) ||
    (c >= 0x30 && c <= 0x39) ||
    c === 0x2d ||
    c === 0x2e ||
    c === 0x5f ||
    c === COLON ||
    c >= 0x80
  );
}

function skipSpace(buffer: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && isSpace(buffer[i])) i++;
  return i;
}
