/** Prefixes in scope, as a stack: each element marks it, declares, and releases to its mark. */
export const MAX_NAMESPACES = 128; // in scope at a time: the root's and those of up to 64 ancestors
const XML = 'http://www.w3.org/XML/1998/namespace';

export class XmlNamespaces {
  readonly #prefixes: string[] = [];
  readonly #names: string[] = [];

  /** To be handed to release() when the element ends. */
  mark(): number {
    return this.#prefixes.length;
  }

  release(mark: number): void {
    this.#prefixes.length = mark;
    this.#names.length = mark;
  }

  /** False when there are too many. The default namespace has the prefix ''. */
  declare(prefix: string, name: string): boolean {
    if (this.#prefixes.length >= MAX_NAMESPACES) return false;
    this.#prefixes.push(prefix);
    this.#names.push(name);
    return true;
  }

  /** The namespace a prefix stands for; undefined when it was never declared. */
  resolve(prefix: string): string | undefined {
    for (let i = this.#prefixes.length - 1; i >= 0; i--)
      if (this.#prefixes[i] === prefix) return this.#names[i];
    if (prefix === '') return '';
    return prefix === 'xml' ? XML : undefined;
  }
}
