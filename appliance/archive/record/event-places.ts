/** Where an event belongs: its parties by number, its thread, and whether it was said already. */
import type { ArchiveDatabase } from '../contract.ts';
import type { EventDraft } from './event-draft.ts';
import type { EventFacts } from './event-facts.ts';
import type { EventParties, HeldThread, NumberedParties } from './event-parties.ts';
import { Parties } from './parties.ts';
import { Repeats } from './repeats.ts';
import { isOfThread, opensThread, type ThreadParties, threadParties } from './thread-key.ts';
import { type AskedThread, speaks, type Thread, Threads, takesPart } from './threads.ts';
import { isTransfer, Transfers } from './transfers.ts';

export interface EventPlace {
  readonly account: number | undefined;
  readonly sender: number | undefined;
  readonly conversation: number | undefined;
  readonly repeat: boolean;
}

/** Messages and files are looked at once: asked a second time, an event would repeat itself. */
interface Decision {
  /** Of the event. */
  readonly id: string;
  readonly repeat: boolean;
  newFile: boolean | undefined;
}

/** Of what is the same however often it is asked. */
const UNDECIDED: Decision = Object.freeze({ id: '', repeat: false, newFile: false });

/** What is placed changes these, and nothing else is read of them. */
const TABLES = ['party', 'conversation'];
/** Decisions about events that may come again: more than two transactions have. */
const MOST_FAILED = 65_536;
/** No place. */
const NONE = -1;

export class EventPlaces {
  readonly #parties: Parties;
  readonly #threads: Threads;
  readonly #repeats = new Repeats();
  readonly #transfers = new Transfers();
  /** Another one after each `forget`. */
  #memory: object = {};
  /** Of the transaction that is open, of those that are being committed, and by event id, of what failed. */
  #open: Decision[] = [];
  readonly #committing = new Set<Decision[]>();
  readonly #failed = new Map<string, Decision>();

  /** `threadGap`: microseconds. `remembered`: parties and threads, where it is not as many as usual. */
  constructor(threadGap: number, remembered?: number) {
    this.#parties = new Parties(remembered);
    this.#threads = new Threads(threadGap, remembered);
  }

  /** Somebody else wrote to the archive, or what was placed last was not written. */
  forget(): void {
    this.#parties.forget();
    this.#threads.forget();
    this.#memory = {};
  }

  /** Looks up what these need and nobody remembers, in one journey to the database. */
  async prepare(database: ArchiveDatabase, drafts: readonly EventDraft[]): Promise<void> {
    const parties: (readonly [string, string])[] = [];
    const threads: AskedThread[] = [];
    for (const { facts, time } of drafts) {
      const { held } = facts.parties.numbers;
      const isMine = this.#isMine(held);
      const thread = isMine ? held.thread : threadParties(facts.parties);
      if (!isMine) for (const address of everybody(facts.parties, thread)) parties.push(address);
      if (thread !== undefined && isOfThread(facts.kind)) {
        threads.push({ key: thread.key, time, opens: opensThread(facts.kind) });
      }
    }
    await Promise.all([
      this.#parties.prepare(database, parties),
      this.#threads.prepare(database, threads),
    ]);
  }

  /** Without waiting: undefined where something has to be looked up. */
  remembered(draft: EventDraft): EventPlace | undefined {
    const numbered = draft.facts.parties.numbers.held;
    if (!this.#isMine(numbered)) return undefined;
    const { thread: parties } = numbered;
    if (parties === undefined || !isOfThread(draft.facts.kind)) {
      return this.#settle(draft, numbered, undefined);
    }
    const thread = this.#threads.remembered(parties, draft.time);
    return thread && this.#settle(draft, numbered, thread);
  }

  async find(database: ArchiveDatabase, draft: EventDraft): Promise<EventPlace> {
    const { facts, time } = draft;
    let numbered = facts.parties.numbers.held;
    if (!this.#isMine(numbered)) {
      numbered = await this.#number(database, facts.parties);
      facts.parties.numbers.held = numbered;
    }
    const { thread: parties } = numbered;
    if (parties === undefined || !isOfThread(facts.kind)) {
      return this.#settle(draft, numbered, undefined);
    }
    const thread = await this.#threads.find(database, {
      key: parties.key,
      room: parties.room,
      service: facts.service,
      time,
      opens: opensThread(facts.kind),
    });
    parties.latest = thread;
    return this.#settle(draft, numbered, thread);
  }

  /** To be written before more are placed. */
  get isFull(): boolean {
    return this.#parties.isFull;
  }

  /** Writes what the places changed. */
  async flush(database: ArchiveDatabase): Promise<void> {
    await this.#parties.flush(database);
    await this.#threads.flush(database);
  }

  /** Tables that need not be asked for what a transaction changed that is not committed. */
  get tables(): readonly string[] {
    return TABLES;
  }

  /** So much is remembered of what is not committed that no more is to be placed before it is. */
  get isLong(): boolean {
    return this.#parties.isLong;
  }

  /** All of a transaction is placed and written. Call what it returns when that is committed. */
  worked(): () => void {
    const decisions = this.#open;
    this.#open = [];
    this.#committing.add(decisions);
    const parties = this.#parties.worked();
    const threads = this.#threads.worked();
    return () => {
      this.#committing.delete(decisions);
      if (this.#failed.size > 0) for (const { id } of decisions) this.#failed.delete(id);
      parties();
      threads();
    };
  }

  /** Neither what is open nor what was being committed is written: the same events come again. */
  failed(): void {
    for (const decisions of [...this.#committing, this.#open]) {
      for (const decision of decisions) {
        if (decision.id !== '') this.#failed.set(decision.id, decision);
      }
    }
    this.#committing.clear();
    this.#open = [];
    // Those that never come again: lines that the database refused.
    for (const id of this.#failed.keys()) {
      if (this.#failed.size <= MOST_FAILED) break;
      this.#failed.delete(id);
    }
    this.forget();
  }

  #isMine(numbered: NumberedParties | undefined): numbered is NumberedParties {
    return numbered !== undefined && numbered.by === this.#memory;
  }

  #settle(draft: EventDraft, numbered: NumberedParties, thread: Thread | undefined): EventPlace {
    const { facts, time } = draft;
    const decision = this.#decide(draft);
    if (thread !== undefined) {
      decision.newFile ??= this.#transfers.isNew(facts, thread.id, time);
      count(thread, facts, decision);
      const held = numbered.thread;
      if (held !== undefined) {
        if (held.within !== thread.participants) takePart(held, numbered, thread);
        const says = facts.kind === 'message' && !decision.repeat;
        if (says && held.speaker !== NONE) speaks(thread.participants, held.speaker);
      }
    }
    return {
      account: numbered.account,
      sender: numbered.sender,
      conversation: thread?.id,
      repeat: decision.repeat,
    };
  }

  #decide(draft: EventDraft): Decision {
    if (this.#failed.size > 0) {
      const before = this.#failed.get(draft.id);
      if (before !== undefined) {
        this.#open.push(before);
        return before;
      }
    }
    const repeat = this.#repeats.isRepeated(draft);
    const { kind } = draft.facts;
    if (kind !== 'message' && !isTransfer(kind)) return UNDECIDED;
    // The draft itself would keep its line in memory.
    const decision: Decision = { id: draft.id, repeat, newFile: undefined };
    this.#open.push(decision);
    return decision;
  }

  async #number(database: ArchiveDatabase, event: EventParties): Promise<NumberedParties> {
    const { account, sender, person, peer, isOwn } = event;
    let found = this.#party(database, event, account, person);
    const accountId = isWaitedFor(found) ? await found : found;
    if (sender !== account || !isOwn) {
      found = this.#party(database, event, sender, isOwn ? person : peer);
    }
    const senderId = isWaitedFor(found) ? await found : found;
    const parties = threadParties(event);
    const thread = parties && heldThread(parties);
    const participants: number[] = [];
    for (const address of thread?.parties ?? []) {
      // The directory named the one other party.
      const isPeer = isOwn && thread?.parties.length === 2 && address !== sender;
      let id = address === sender ? senderId : address === account ? accountId : undefined;
      if (id === undefined) {
        found = this.#party(database, event, address, isPeer ? peer : undefined);
        id = isWaitedFor(found) ? await found : found;
      }
      if (id !== undefined) participants.push(id);
    }
    return { by: this.#memory, account: accountId, sender: senderId, thread, participants };
  }

  /** At once where it is remembered: most new pairs are of parties that are known. */
  #party(
    database: ArchiveDatabase,
    { service }: EventParties,
    address: string | undefined,
    person: string | undefined,
  ): number | undefined | Promise<number> {
    if (address === undefined) return undefined;
    return (
      this.#parties.remembered(service, address, person) ??
      this.#parties.find(database, service, address, person)
    );
  }
}

/** Who is looked up to number an event's parties. */
function everybody(
  { service, account, sender }: EventParties,
  thread: ThreadParties | undefined,
): (readonly [service: string, address: string])[] {
  const found: (readonly [string, string])[] = [];
  for (const address of [account, sender, ...(thread?.parties ?? [])]) {
    if (address !== undefined) found.push([service, address]);
  }
  return found;
}

function isWaitedFor<T>(value: T | Promise<T>): value is Promise<T> {
  return value instanceof Promise;
}

function heldThread({ key, room, parties }: ThreadParties): HeldThread {
  return { key, room, parties, latest: undefined, within: undefined, speaker: NONE };
}

function takePart(
  held: HeldThread,
  { participants, sender }: NumberedParties,
  thread: Thread,
): void {
  held.within = thread.participants;
  held.speaker = NONE;
  for (const party of participants) {
    const place = takesPart(held.within, party);
    if (party === sender) held.speaker = place;
  }
}

function count(thread: Thread, { kind, action }: EventFacts, { repeat, newFile }: Decision): void {
  if (repeat) return;
  thread.events += 1;
  if (kind === 'message') thread.messages += 1;
  if (newFile === true) thread.files += 1;
  if (action !== undefined && action !== 'pass') thread.refused += 1;
}
