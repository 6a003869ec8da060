/**
 * The questions of one flow that may still be answered: a small ring, the oldest goes first. An answer counts once,
 * and only for what was asked: the id and the name must be those of a question.
 */
const KEPT = 16; // a client asks for a name twice or three times at once (A, AAAA, HTTPS)

export class AskedNames {
  readonly #ids: number[] = [];
  readonly #names: string[] = [];
  /** Whose questions are of a service of the catalogue. */
  readonly #known: boolean[] = [];
  readonly #answered: boolean[] = [];
  #next = 0;
  /** Of the question taken last. */
  isKnown = false;

  /** All that was asked was answered. */
  get isIdle(): boolean {
    return !this.#answered.includes(false);
  }

  /** Characters held. */
  get characters(): number {
    let sum = 0;
    for (const name of this.#names) sum += name.length;
    return sum;
  }

  add(id: number, name: string, isKnown: boolean): void {
    const at = this.#find(id, name);
    const place = at === -1 ? this.#next : at;
    if (at === -1) this.#next = (this.#next + 1) % KEPT;
    this.#ids[place] = id;
    this.#names[place] = name;
    this.#known[place] = isKnown;
    this.#answered[place] = false;
  }

  /** An answer: whether it was asked for, and has none yet. */
  take(id: number, name: string): boolean {
    const at = this.#find(id, name);
    if (at === -1) return false;
    this.isKnown = this.#known[at] === true;
    const isFirst = this.#answered[at] === false;
    this.#answered[at] = true;
    return isFirst;
  }

  /** Whether it was asked, answered or not. */
  has(id: number, name: string): boolean {
    return this.#find(id, name) !== -1;
  }

  #find(id: number, name: string): number {
    for (let i = 0; i < this.#ids.length; i++) {
      if (this.#ids[i] === id && this.#names[i] === name) return i;
    }
    return -1;
  }
}
