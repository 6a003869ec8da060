/** What judging remembers from event to event; handed on when a rule set is replaced. */
import { LRUCache } from 'lru-cache';
import { KnownContacts } from './known-contacts.ts';
import { Rates } from './rates.ts';
import { RoomMembers } from './room-members.ts';

/** Conversations whose last notice is remembered. */
const MOST_CONVERSATIONS = 65_536;

/** Each part is made when it is first needed: an LRU table takes its memory at once. */
export class JudgeState {
  #known: KnownContacts | undefined;
  #rooms: RoomMembers | undefined;
  #rates: Rates | undefined;
  #told: LRUCache<string, number> | undefined;

  get known(): KnownContacts {
    this.#known ??= new KnownContacts();
    return this.#known;
  }

  get rooms(): RoomMembers {
    this.#rooms ??= new RoomMembers();
    return this.#rooms;
  }

  get rates(): Rates {
    this.#rates ??= new Rates();
    return this.#rates;
  }

  /** Whether a conversation may be told something at `time`; if so it counts as told. */
  mayTell(conversation: string, every: number, time: number): boolean {
    this.#told ??= new LRUCache({ max: MOST_CONVERSATIONS });
    const last = this.#told.get(conversation);
    if (last !== undefined && Math.abs(time - last) < every) return false;
    this.#told.set(conversation, time);
    return true;
  }
}
