/** Groups of a contact list, by their number: contacts name their group so. */
import { boundedCopy } from '../../src/bytes/text.ts';
import { RecentMap } from '../framing/recent-map.ts';
import { GROUPS_LIMIT, NAME_LIMIT, TABLE_OCTETS, textHeld } from './oscar-limits.ts';

export class Groups {
  readonly #names = new RecentMap<string, number>(GROUPS_LIMIT, TABLE_OCTETS, textHeld);

  /** False where another one had to be forgotten. */
  learn(id: number, name: string): boolean {
    return this.#names.set(id, boundedCopy(name, NAME_LIMIT));
  }

  forget(id: number): void {
    this.#names.take(id);
  }

  /** For `ImEvent.groups`. */
  of(id: number): readonly string[] | undefined {
    const name = this.#names.get(id);
    return name === undefined ? undefined : [name];
  }

  get held(): number {
    return this.#names.held;
  }
}
