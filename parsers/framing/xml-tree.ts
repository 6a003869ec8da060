/**
 * Builds the element tree of one complete stanza. The scanner has found where it ends; here tags
 * are paired by name, namespaces resolved, and every count bounded. A loop, never recursion.
 */
import { XmlElement } from './xml-element.ts';
import { internedName } from './xml-names.ts';
import type { XmlNamespaces } from './xml-namespaces.ts';
import { endOfName, XmlFault, XmlTagReader } from './xml-tag.ts';

export const MAX_ELEMENTS = 65536; // per stanza: a roster of 20 000 contacts in groups

const LESS = 0x3c;
const ENDS: Readonly<Record<number, string>> = { 63: '?>' };

export class XmlTreeBuilder {
  fault: XmlFault = XmlFault.Syntax;
  /** Elements read by the last build(). */
  elements = 0;
  readonly #tag = new XmlTagReader();
  readonly #open: XmlElement[] = [];
  readonly #names: string[] = [];
  readonly #marks: number[] = [];

  /** The element at [start, end), or undefined with the `fault` named. `scope` is left as it was. */
  build(
    buffer: Uint8Array,
    start: number,
    end: number,
    scope: XmlNamespaces,
  ): XmlElement | undefined {
    const mark = scope.mark();
    const root = this.#build(buffer, start, end, scope);
    scope.release(mark);
    scope.forget();
    this.#tag.clear();
    if (this.#open.length > 0) {
      this.#open.length = 0; // given up half-way
      this.#names.length = 0;
      this.#marks.length = 0;
    }
    return root;
  }

  #build(
    buffer: Uint8Array,
    start: number,
    end: number,
    scope: XmlNamespaces,
  ): XmlElement | undefined {
    let root: XmlElement | undefined;
    this.elements = 0;
    let at = start;
    while (at < end) {
      const less = buffer.indexOf(LESS, at);
      if (less < 0 || less >= end) break;
      const c = buffer[less + 1];
      if (c === 0x21 || c === 0x3f) {
        at = afterSection(buffer, less, end);
      } else if (c === 0x2f) {
        const next = this.#close(buffer, less, end, scope);
        if (next < 0) return undefined;
        at = next;
        if (this.#open.length === 0) return root;
      } else {
        if (++this.elements > MAX_ELEMENTS) return this.#fail(XmlFault.Elements);
        const mark = scope.mark();
        const tag = this.#tag;
        if (!tag.read(buffer, less, end, scope)) return this.#fail(tag.fault);
        const element = new XmlElement(
          tag.name,
          tag.namespace,
          tag.attributes,
          tag.declaresDefault,
          buffer,
          less,
          tag.next,
        );
        this.#open.at(-1)?.append(element);
        root ??= element;
        at = tag.next;
        if (tag.empty) {
          scope.release(mark);
          if (this.#open.length === 0) return root;
        } else {
          this.#open.push(element);
          this.#names.push(tag.qualifiedName);
          this.#marks.push(mark);
        }
      }
    }
    return this.#fail(XmlFault.Syntax);
  }

  /** The octet after the end tag at `less`, or -1 when it pairs with nothing. */
  #close(buffer: Uint8Array, less: number, end: number, scope: XmlNamespaces): number {
    const nameEnd = endOfName(buffer, less + 2, end);
    const element = this.#open.pop();
    const name = this.#names.pop();
    const mark = this.#marks.pop();
    const close = buffer.indexOf(0x3e, nameEnd);
    if (
      element === undefined ||
      mark === undefined ||
      close < 0 ||
      close >= end ||
      name !== internedName(buffer, less + 2, nameEnd)
    ) {
      this.fault = XmlFault.Syntax;
      return -1;
    }
    element.contentEnd = less;
    element.end = close + 1;
    scope.release(mark);
    return close + 1;
  }

  #fail(fault: XmlFault): undefined {
    this.fault = fault;
    return undefined;
  }
}

/** The octet after a CDATA section, comment or processing instruction that starts at `at`. */
function afterSection(buffer: Uint8Array, at: number, end: number): number {
  const word = ENDS[buffer[at + 1] ?? 0] ?? (buffer[at + 2] === 0x5b ? ']]>' : '-->');
  let i = at + (word === '?>' ? 2 : word === ']]>' ? 9 : 4);
  const last = word.length - 1;
  while (i + last < end) {
    i = buffer.indexOf(0x3e, i + last);
    if (i < 0) return end;
    i -= last;
    if (spells(buffer, i, word)) return i + word.length;
    i += 1;
  }
  return end;
}

function spells(buffer: Uint8Array, at: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if (buffer[at + i] !== word.charCodeAt(i)) return false;
  return true;
}
