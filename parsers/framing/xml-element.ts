/**
 * One element of a complete stanza, over the octets it was read from: names are strings (interned),
 * everything else is offsets until somebody asks. Valid only while those octets are lent.
 */
import { utf8 } from '../../src/bytes/text.ts';
import { attributeValue, characterData, isVerbatim, repeatedValue } from './xml-text.ts';

const NO_CHILDREN: readonly XmlElement[] = Object.freeze([]);

/** An attribute: name without prefix, its namespace ('' for none), and where its value stands. */
export interface XmlAttribute {
  readonly name: string;
  readonly namespace: string;
  readonly start: number;
  readonly end: number;
}

export class XmlElement {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: readonly XmlAttribute[];
  /** The element declares its default namespace itself. */
  readonly declaresDefault: boolean;
  readonly buffer: Uint8Array;
  /** [start, end) is the whole element, [contentStart, contentEnd) what stands between its tags. */
  readonly start: number;
  readonly contentStart: number;
  contentEnd: number;
  end: number;
  #children: XmlElement[] | undefined = undefined;

  constructor(
    name: string,
    namespace: string,
    attributes: readonly XmlAttribute[],
    declaresDefault: boolean,
    buffer: Uint8Array,
    start: number,
    contentStart: number,
  ) {
    this.name = name;
    this.namespace = namespace;
    this.attributes = attributes;
    this.declaresDefault = declaresDefault;
    this.buffer = buffer;
    this.start = start;
    this.contentStart = contentStart;
    this.contentEnd = contentStart;
    this.end = contentStart;
  }

  get children(): readonly XmlElement[] {
    return this.#children ?? NO_CHILDREN;
  }

  append(child: XmlElement): void {
    if (this.#children === undefined) this.#children = [child];
    else this.#children.push(child);
  }

  is(name: string, namespace: string): boolean {
    return this.name === name && this.namespace === namespace;
  }

  /** The attribute's value, or undefined; '' only when it stands so on the wire. */
  attribute(name: string, namespace = ''): string | undefined {
    for (const a of this.attributes) {
      if (a.name === name && a.namespace === namespace)
        return attributeValue(this.buffer, a.start, a.end);
    }
    return undefined;
  }

  /** The same for a value that comes again and again (an address, a type): one string for all. */
  repeated(name: string): string | undefined {
    for (const a of this.attributes) {
      if (a.name === name && a.namespace === '') return repeatedValue(this.buffer, a.start, a.end);
    }
    return undefined;
  }

  has(name: string, namespace = ''): boolean {
    for (const a of this.attributes) if (a.name === name && a.namespace === namespace) return true;
    return false;
  }

  /** The first child of that name; without a namespace, in this element's own. */
  child(name: string, namespace: string = this.namespace): XmlElement | undefined {
    for (const c of this.children) if (c.name === name && c.namespace === namespace) return c;
    return undefined;
  }

  /** The first child in that namespace, whatever its name. */
  childIn(namespace: string): XmlElement | undefined {
    for (const c of this.children) if (c.namespace === namespace) return c;
    return undefined;
  }

  /** The text of the first child of that name, trimmed; undefined when empty or missing. */
  childText(name: string, namespace: string = this.namespace): string | undefined {
    return this.child(name, namespace)?.text().trim() || undefined;
  }

  /** Texts of all children of that name (one a language), a line each; no repetition of the first. */
  childTexts(name: string, namespace: string = this.namespace): string | undefined {
    const texts: string[] = [];
    for (const c of this.children) {
      if (c.name !== name || c.namespace !== namespace) continue;
      const text = c.text().trim();
      if (text !== '' && text !== texts[0]) texts.push(text);
    }
    return texts.length > 1 ? texts.join('\n') : texts[0];
  }

  /** The element's own character data; that of its children is left out. */
  text(): string {
    if (this.#children === undefined)
      return characterData(this.buffer, this.contentStart, this.contentEnd);
    let text = '';
    let at = this.contentStart;
    for (const c of this.#children) {
      if (c.start > at) text += characterData(this.buffer, at, c.start);
      at = c.end;
    }
    if (this.contentEnd > at) text += characterData(this.buffer, at, this.contentEnd);
    return text;
  }

  /** Whether the text stands octet for octet in [contentStart, contentEnd). */
  get verbatim(): boolean {
    return (
      this.#children === undefined && isVerbatim(this.buffer, this.contentStart, this.contentEnd)
    );
  }

  /** The content as it stands on the wire, markup and all. */
  source(): string {
    return utf8(this.buffer, this.contentStart, this.contentEnd);
  }
}
