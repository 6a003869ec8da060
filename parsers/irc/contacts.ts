/** The nicks a client watches (MONITOR, WATCH, ISON) and their state as last heard. Bounded. */
import { ownCopy } from '../../src/bytes/text.ts';
import { CONTACTS_LIMIT, NAME_LIMIT } from './irc-limits.ts';

interface Contact {
  readonly nick: string;
  online: boolean | undefined;
}

export class Contacts {
  readonly #known = new Map<string, Contact>();
  /** Folded nicks of the ISON that waits for its answer. */
  #asked: readonly string[] = [];

  /** False where the nick is known, or too many are. */
  add(key: string, nick: string): boolean {
    if (this.#known.has(key) || this.#known.size >= CONTACTS_LIMIT) return false;
    if (nick.length > NAME_LIMIT) return true; // news each time
    this.#known.set(ownCopy(key), { nick: ownCopy(nick), online: undefined });
    return true;
  }

  get asked(): readonly string[] {
    return this.#asked;
  }

  /** The ISON names these; without any, nothing is waited for. */
  ask(keys: readonly string[]): void {
    const kept = keys.filter((key) => key.length <= NAME_LIMIT).slice(0, CONTACTS_LIMIT);
    this.#asked = kept.map(ownCopy);
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
    for (const [key, contact] of this.#known)
      octets += 128 + 2 * (key.length + contact.nick.length);
    for (const key of this.#asked) octets += 32 + 2 * key.length;
    return octets;
  }
}
