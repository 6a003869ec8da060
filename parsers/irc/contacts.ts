/** The nicks a client watches (MONITOR, WATCH, ISON) and their state as last heard. Bounded. */
import { CONTACTS_LIMIT } from './irc-limits.ts';

interface Contact {
  readonly nick: string;
  online: boolean | undefined;
}

export class Contacts {
  readonly #known = new Map<string, Contact>();
  /** Folded nicks of the ISON that waits for its answer. */
  asked: readonly string[] = [];

  /** False where the nick is known, or too many are. */
  add(key: string, nick: string): boolean {
    if (this.#known.has(key) || this.#known.size >= CONTACTS_LIMIT) return false;
    this.#known.set(key, { nick, online: undefined });
    return true;
  }

  remove(key: string): void {
    this.#known.delete(key);
  }

  get full(): boolean {
    return this.#known.size >= CONTACTS_LIMIT;
  }

  /** Nicks of everybody known; forgets them. */
  clear(): string[] {
    const nicks = [...this.#known.values()].map((contact) => contact.nick);
    this.#known.clear();
    return nicks;
  }

  nickOf(key: string): string | undefined {
    return this.#known.get(key)?.nick;
  }

  /** True when this is news. Nobody starts as online, and nobody leaves who was not there. */
  heard(key: string, online: boolean): boolean {
    const contact = this.#known.get(key);
    if (contact === undefined) return true;
    const news = contact.online !== online && (online || contact.online === true);
    contact.online = online;
    return news;
  }

  held(): number {
    let octets = 0;
    for (const [key, contact] of this.#known) octets += 96 + 2 * (key.length + contact.nick.length);
    return octets;
  }
}
