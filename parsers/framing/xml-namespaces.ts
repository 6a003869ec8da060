/** Prefixes in scope, as a stack: each element marks it, declares, and releases to its mark. */
export const MAX_NAMESPACES = 128; // in scope at a time: the root's and those of up to 64 ancestors
const XML = 'http://www.w3.org/XML/1998/namespace';

export class XmlNamespaces {
  readonly #prefixes: string[] = [];
  readonly #names: string[] = [];
  #count = 0;
  /** Slots used since forget(). */
  #used = 0;

  /** To be handed to release() when the element ends. */
  mark(): number {
    return this.#count;
  }

  release(mark: number): void {
    this.#count = mark; // what lies beyond is overwritten, which is cheaper than cutting it off
  }

  /** False when there are too many. The default namespace has the prefix ''. */
  declare(prefix: string, name: string): boolean {
    if (this.#count >= MAX_NAMESPACES) return false;
    this.#prefixes[this.#count] = prefix;
    this.#names[this.#count] = name;
    this.#count += 1;
    if (this.#count > this.#used) this.#used = this.#count;
    return true;
  }

  /** Lets go of what was released. */
  forget(): void {
    for (let i = this.#count; i < this.#used; i++) {
      this.#prefixes[i] = '';
      this.#names[i] = '';
    }
    this.#used = this.#count;
  }

  /** Memory of the names in scope, octets. */
  get held(): number {
    let characters = 0;
    for (let i = 0; i < this.#count; i++)
      characters += (this.#prefixes[i]?.length ?? 0) + (this.#names[i]?.length ?? 0);
    return 2 * characters;
  }

  /** The namespace a prefix stands for; undefined when it was never declared. */
  resolve(prefix: string): string | undefined {
    for (let i = this.#count - 1; i >= 0; i--)
      if (this.#prefixes[i] === prefix) return this.#names[i];
    if (prefix === '') return '';
    return prefix === 'xml' ? XML : undefined;
  }
}
