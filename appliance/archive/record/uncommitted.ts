/** By key, what the open transaction changed, and what the one before it did, until that is committed. */
export class Uncommitted<Value> {
  #own = new Map<string, Value>();
  #before: ReadonlyMap<string, Value> = new Map();

  get own(): Map<string, Value> {
    return this.#own;
  }

  get before(): ReadonlyMap<string, Value> {
    return this.#before;
  }

  forget(): void {
    this.#own = new Map();
    this.#before = new Map();
  }

  /** All of the open transaction is written. Call what it returns when that is committed. */
  worked(): () => void {
    const written = this.#own;
    this.#before = written;
    this.#own = new Map();
    return () => {
      // Another one has worked meanwhile, or all was forgotten.
      if (this.#before === written) this.#before = new Map();
    };
  }
}
