/** Who is on the contact list, as far as this flow showed it: bounded, the oldest is forgotten first. */
import { CONTACTS_LIMIT } from './ymsg-limits.ts';

export class Contacts {
  readonly #ids = new Set<string>();
  #characters = 0;

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  add(id: string): void {
    if (this.#ids.has(id)) return;
    if (this.#ids.size >= CONTACTS_LIMIT) {
      for (const oldest of this.#ids) {
        this.delete(oldest);
        break;
      }
    }
    this.#ids.add(id);
    this.#characters += id.length;
  }

  delete(id: string): void {
    if (this.#ids.delete(id)) this.#characters -= id.length;
  }

  held(): number {
    return 64 * this.#ids.size + 2 * this.#characters;
  }
}
