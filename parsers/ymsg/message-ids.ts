/** The last messages' own identifiers (key 429): a server that hears no answer sends them again. */
import { MESSAGE_IDS_LIMIT } from './ymsg-limits.ts';

export class MessageIds {
  readonly #ids: string[] = [];
  #next = 0;

  /** Remembers it; true when it was there already. */
  isKnown(id: string): boolean {
    if (this.#ids.includes(id)) return true;
    this.#ids[this.#next] = id;
    this.#next = (this.#next + 1) % MESSAGE_IDS_LIMIT;
    return false;
  }

  held(): number {
    let octets = 0;
    for (const id of this.#ids) octets += 32 + 2 * id.length;
    return octets;
  }
}
