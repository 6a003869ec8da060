/** What each person of the directory did, whatever service they used. Bounded: the rest is counted. */
import type { ImEvent } from '../../src/event/event.ts';
import { kept } from './kept.ts';

export const PERSON_LIMITS = { people: 2000, accounts: 20, nameCodeUnits: 100 } as const;

export interface PersonEntry {
  readonly name: string;
  /** `service:account`, in order of appearance, at most PERSON_LIMITS.accounts. */
  readonly accounts: Set<string>;
  messagesSent: number;
  messagesReceived: number;
  files: number;
  firstTime: number;
  lastTime: number;
}

export class PersonLog {
  readonly #people = new Map<string, PersonEntry>();
  /** People who found no place. */
  leftOut = 0;

  add(event: ImEvent): void {
    if (event.copy !== undefined) return;
    const { person, peers, account, from, to, origin } = event;
    const sent = origin === 'client';
    if (person !== undefined) this.#note(person, account ?? (sent ? from : to?.[0]), event, sent);
    for (const [i, peer] of (peers ?? []).entries()) {
      // Whose account is whose is certain only where there is one.
      const other = peers?.length === 1 ? (sent ? to?.[0] : from) : undefined;
      if (i < PERSON_LIMITS.accounts) this.#note(peer, other, event, !sent);
    }
  }

  /** By name. */
  get entries(): PersonEntry[] {
    return [...this.#people.values()].sort((a, b) => a.name.localeCompare(b.name, 'en'));
  }

  #note(name: string, account: string | undefined, event: ImEvent, sent: boolean): void {
    let entry = this.#people.get(name);
    if (entry === undefined) {
      if (this.#people.size >= PERSON_LIMITS.people) {
        this.leftOut += 1;
        return;
      }
      entry = {
        name: kept(name, PERSON_LIMITS.nameCodeUnits),
        accounts: new Set(),
        messagesSent: 0,
        messagesReceived: 0,
        files: 0,
        firstTime: event.time,
        lastTime: event.time,
      };
      this.#people.set(name, entry);
    }
    if (account !== undefined && entry.accounts.size < PERSON_LIMITS.accounts) {
      const service = event.service ?? event.protocol ?? '?';
      entry.accounts.add(kept(`${service}:${account}`, PERSON_LIMITS.nameCodeUnits));
    }
    if (event.kind === 'message' && sent) entry.messagesSent += 1;
    else if (event.kind === 'message') entry.messagesReceived += 1;
    else if (event.kind === 'file.offer') entry.files += 1;
    entry.firstTime = Math.min(entry.firstTime, event.time);
    entry.lastTime = Math.max(entry.lastTime, event.time);
  }
}
