/** Where an event belongs: its parties by number, its thread, and whether it was said already. */
import type { ArchiveDatabase } from '../contract.ts';
import type { EventDraft } from './draft-event.ts';
import type { EventFacts } from './event-facts.ts';
import { Parties } from './parties.ts';
import { Repeats } from './repeats.ts';
import { type ThreadPlace, threadPlace } from './thread-key.ts';
import { type Thread, Threads } from './threads.ts';
import { Transfers } from './transfers.ts';

export interface EventPlace {
  readonly account: number | undefined;
  readonly sender: number | undefined;
  readonly conversation: number | undefined;
  readonly repeat: boolean;
}

/** Files and repetitions are looked at once: the second time the same event would repeat itself. */
interface Decision {
  readonly repeat: boolean;
  newFile: boolean;
}

export class EventPlaces {
  readonly #parties = new Parties();
  readonly #threads: Threads;
  readonly #repeats = new Repeats();
  readonly #transfers = new Transfers();
  /** By event id: of the transaction that is open, and of those before it that failed. */
  readonly #open = new Map<string, Decision>();
  #failed: ReadonlyMap<string, Decision> = new Map();

  /** `threadGap`: microseconds. */
  constructor(threadGap: number) {
    this.#threads = new Threads(threadGap);
  }

  /** Somebody else wrote to the archive, or what was placed last was not written. */
  forget(): void {
    this.#parties.forget();
    this.#threads.forget();
  }

  async place(database: ArchiveDatabase, draft: EventDraft): Promise<EventPlace> {
    const { facts, time } = draft;
    const { account, sender, person, peer, isOwn } = facts;
    const decision = this.#decide(draft);
    const accountId = await this.#party(database, facts, account, person);
    const senderId =
      sender === account
        ? accountId
        : await this.#party(database, facts, sender, isOwn ? person : peer);
    const place = threadPlace(facts);
    const thread = place && (await this.#thread(database, facts, place, time));
    if (place !== undefined && thread !== undefined) {
      decision.newFile ||=
        !this.#wasDecided(draft.id) && this.#transfers.isNew(facts, thread.id, time);
      this.#count(thread, facts, decision);
      for (const address of place.parties) {
        const theirs = isOwn && address !== sender && place.parties.length === 2 ? peer : undefined;
        const party = await this.#party(database, facts, address, theirs);
        const says = address === sender && facts.kind === 'message' && !decision.repeat;
        if (party !== undefined) this.#threads.takesPart(thread, party, says ? 1 : 0);
      }
    }
    return {
      account: accountId,
      sender: senderId,
      conversation: thread?.id,
      repeat: decision.repeat,
    };
  }

  /** Writes what the places changed. */
  async flush(database: ArchiveDatabase): Promise<void> {
    await this.#parties.flush(database);
    await this.#threads.flush(database);
  }

  committed(): void {
    this.#open.clear();
    if (this.#failed.size > 0) this.#failed = new Map();
  }

  /** The same events come again. */
  failed(): void {
    this.#failed = new Map([...this.#failed, ...this.#open]);
    this.#open.clear();
    this.forget();
  }

  #wasDecided(id: string): boolean {
    return this.#failed.has(id);
  }

  #decide({ id, facts, time, said }: EventDraft): Decision {
    const before = this.#failed.get(id);
    if (before !== undefined) return before;
    const decision = { repeat: this.#repeats.isRepeated(facts, time, said), newFile: false };
    if (id !== '' && (decision.repeat || facts.kind !== undefined)) this.#open.set(id, decision);
    return decision;
  }

  async #party(
    database: ArchiveDatabase,
    { service }: EventFacts,
    address: string | undefined,
    person: string | undefined,
  ): Promise<number | undefined> {
    if (address === undefined) return undefined;
    return (
      this.#parties.remembered(service, address, person) ??
      (await this.#parties.find(database, service, address, person))
    );
  }

  async #thread(
    database: ArchiveDatabase,
    { service }: EventFacts,
    { key, room, opens }: ThreadPlace,
    time: number,
  ): Promise<Thread | undefined> {
    const event = { key, service, room, time, opens };
    return this.#threads.remembered(event) ?? (await this.#threads.find(database, event));
  }

  #count(thread: Thread, { kind, action }: EventFacts, { repeat, newFile }: Decision): void {
    if (repeat) return;
    thread.events += 1;
    if (kind === 'message') thread.messages += 1;
    if (newFile) thread.files += 1;
    if (action !== undefined && action !== 'pass') thread.refused += 1;
  }
}
