/** Who is at a hub and in which state, as far as it is remembered: what is not news is not said. */
import { boundedCopy } from '../../src/bytes/text.ts';
import { NAME_LIMIT, USERS_LIMIT, USERS_TEXT_LIMIT } from './nmdc-limits.ts';

const ENTRY_HELD = 128;

export class Users {
  readonly #states = new Map<string, string>();
  #text = 0;

  /** Remembers the state; false where it is the one that is known. */
  isNews(name: string, state: string): boolean {
    const key = boundedCopy(name, NAME_LIMIT);
    const value = boundedCopy(state, NAME_LIMIT);
    const known = this.#states.get(key);
    if (known === value) return false;
    this.forget(key);
    this.#states.set(key, value);
    this.#text += key.length + value.length;
    for (const oldest of this.#states.keys()) {
      if (this.#states.size <= USERS_LIMIT && this.#text <= USERS_TEXT_LIMIT) break;
      this.forget(oldest);
    }
    return true;
  }

  forget(name: string): void {
    const known = this.#states.get(name);
    if (known === undefined) return;
    this.#states.delete(name);
    this.#text -= name.length + known.length;
  }

  /** Memory, octets. */
  held(): number {
    return this.#states.size * ENTRY_HELD + 2 * this.#text;
  }
}
