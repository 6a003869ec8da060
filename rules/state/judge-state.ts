/** What judging remembers from event to event; handed on when a rule set is replaced. */
import { LRUCache } from 'lru-cache';
import { KnownContacts } from './known-contacts.ts';
import { Rates } from './rates.ts';
import { RoomMembers } from './room-members.ts';

/** Conversations whose last notice is remembered. */
const MOST_CONVERSATIONS = 65_536;

export class JudgeState {
  readonly known = new KnownContacts();
  readonly rooms = new RoomMembers();
  readonly rates = new Rates();
  readonly #told = new LRUCache<string, number>({ max: MOST_CONVERSATIONS });

  /** Whether a conversation may be told something at `time`; if so it counts as told. */
  mayTell(conversation: string, every: number, time: number): boolean {
    const last = this.#told.get(conversation);
    if (last !== undefined && Math.abs(time - last) < every) return false;
    this.#told.set(conversation, time);
    return true;
  }
}
