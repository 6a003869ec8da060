/**
 * Threads: what the same parties say in one service, or all say in one room, until they are silent for longer
 * than the thread gap. Connections that break and come back continue the thread they were in.
 *
 * Counts are kept as what is to be added, so that they stay right whoever else adds to the same thread.
 */
import type { ArchiveDatabase, SqlValue } from '../contract.ts';
import { Recent } from '../vault/recent.ts';
import { Numbers } from './numbers.ts';
import { type Upsert, upsert } from './upsert.ts';

const REMEMBERED = 16_384;
/** Participants remembered of a thread; more are forgotten, and written again, which changes nothing. */
const PARTICIPANTS = 256;
const WRITTEN = -1;

export interface Thread {
  readonly id: number;
  readonly key: string;
  readonly service: string;
  readonly room: string | undefined;
  started: number;
  ended: number;
  /** To be added to what the database has. */
  messages: number;
  files: number;
  events: number;
  refused: number;
  /** Messages to be added, by party; WRITTEN: nothing is. */
  readonly participants: Map<number, number>;
}

type ByKey = Map<string, Thread[]>;
const NOTHING: ByKey = new Map();

export interface ThreadEvent {
  readonly key: string;
  readonly service: string;
  readonly room: string | undefined;
  readonly time: number;
  readonly opens: boolean;
}

const CONVERSATIONS: Upsert = {
  table: 'conversation',
  columns: [
    ...['id', 'service', 'room', 'thread_key', 'started', 'ended'],
    ...['messages', 'files', 'events', 'refused'],
  ],
  conflict: `ON CONFLICT (id) DO UPDATE SET
    started = CASE WHEN excluded.started < conversation.started THEN excluded.started ELSE conversation.started END,
    ended = CASE WHEN excluded.ended > conversation.ended THEN excluded.ended ELSE conversation.ended END,
    messages = conversation.messages + excluded.messages, files = conversation.files + excluded.files,
    events = conversation.events + excluded.events, refused = conversation.refused + excluded.refused`,
};
const PARTICIPATION: Upsert = {
  table: 'participant',
  columns: ['conversation', 'party', 'messages'],
  conflict: `ON CONFLICT (conversation, party) DO UPDATE SET messages = participant.messages + excluded.messages`,
};

export class Threads {
  /** Microseconds. */
  readonly #gap: number;
  readonly #known: Recent<string, Thread>;
  readonly #changed = new Set<Thread>();
  /** What the open transaction made or extended, and what the one before did until it is committed. */
  #byKey: ByKey = new Map();
  #before: ByKey = NOTHING;
  readonly #numbers = new Numbers('conversation');

  /** `remembered`: so many threads; others are looked up again. */
  constructor(gap: number, remembered: number = REMEMBERED) {
    this.#gap = gap;
    this.#known = new Recent(remembered);
  }

  /** Others wrote to the archive: what is remembered may be wrong. */
  forget(): void {
    this.#known.clear();
    this.#changed.clear();
    this.#byKey = new Map();
    this.#before = NOTHING;
    this.#numbers.forget();
  }

  /** All of the open transaction is written. Call what it returns when that is committed. */
  worked(): () => void {
    const written = this.#byKey;
    this.#before = written;
    this.#byKey = new Map();
    return () => {
      if (this.#before === written) this.#before = NOTHING;
    };
  }

  /** Without waiting: undefined where none is remembered that fits. */
  remembered(key: string, time: number): Thread | undefined {
    const thread = this.#known.get(key);
    if (thread === undefined || !this.#fits(thread, time)) return undefined;
    this.#extend(thread, time);
    return thread;
  }

  /** undefined: there is none, and this event opens none. */
  async find(database: ArchiveDatabase, event: ThreadEvent): Promise<Thread | undefined> {
    const remembered = this.remembered(event.key, event.time);
    if (remembered !== undefined) return remembered;
    const thread =
      this.#latestOf(this.#byKey, event) ??
      (await this.#stored(database, event)) ??
      (await this.#open(database, event));
    if (thread === undefined) return undefined;
    this.#known.set(event.key, thread);
    this.#extend(thread, event.time);
    return thread;
  }

  /** Somebody takes part; `messages` that they said. */
  takesPart({ participants }: Thread, party: number, messages: number): void {
    const before = participants.get(party);
    if (before === undefined) participants.set(party, messages);
    else if (messages > 0) participants.set(party, Math.max(0, before) + messages);
  }

  /** Writes what changed. */
  async flush(database: ArchiveDatabase): Promise<void> {
    const threads: SqlValue[][] = [];
    const participation: SqlValue[][] = [];
    for (const thread of this.#changed) {
      threads.push(rowOf(thread));
      for (const [party, messages] of thread.participants) {
        if (messages !== WRITTEN) participation.push([thread.id, party, messages]);
      }
      settle(thread);
    }
    this.#changed.clear();
    await upsert(database, CONVERSATIONS, threads);
    await upsert(database, PARTICIPATION, participation);
    await this.#numbers.flush(database);
  }

  /** Another thread of the same parties, in what a transaction changed. */
  #latestOf(changed: ByKey, { key, time }: ThreadEvent): Thread | undefined {
    let latest: Thread | undefined;
    for (const thread of changed.get(key) ?? []) {
      if (this.#fits(thread, time) && (latest === undefined || isLater(thread, latest))) {
        latest = thread;
      }
    }
    return latest;
  }

  #fits({ started, ended }: Thread, time: number): boolean {
    return time <= ended + this.#gap && time >= started - this.#gap;
  }

  #extend(thread: Thread, time: number): void {
    if (time < thread.started) thread.started = time;
    if (time > thread.ended) thread.ended = time;
    if (this.#changed.has(thread)) return;
    this.#changed.add(thread);
    const others = this.#byKey.get(thread.key);
    if (others === undefined) this.#byKey.set(thread.key, [thread]);
    else if (!others.includes(thread)) others.push(thread);
  }

  /** As the database has it, or will when the transaction before is committed. */
  async #stored(database: ArchiveDatabase, event: ThreadEvent): Promise<Thread | undefined> {
    const { key, time } = event;
    const committing = this.#latestOf(this.#before, event);
    const [row] = await database.rows<Pick<Thread, 'id' | 'started' | 'ended'>>(
      `SELECT id, started, ended FROM conversation
       WHERE thread_key = ? AND ended >= ? AND started <= ? ORDER BY ended DESC, id DESC LIMIT 1`,
      key,
      time - this.#gap,
      time + this.#gap,
    );
    // One that is being changed: then `committing` ends no earlier.
    if (row === undefined || (committing !== undefined && !isLater(row, committing))) {
      return committing;
    }
    return made(row.id, event, row.started, row.ended);
  }

  async #open(database: ArchiveDatabase, event: ThreadEvent): Promise<Thread | undefined> {
    if (!event.opens) return undefined;
    return made(await this.#numbers.next(database), event, event.time, event.time);
  }
}

function isLater(one: Pick<Thread, 'id' | 'ended'>, other: Pick<Thread, 'id' | 'ended'>): boolean {
  return one.ended > other.ended || (one.ended === other.ended && one.id > other.id);
}

function made(
  id: number,
  { key, service, room }: Pick<ThreadEvent, 'key' | 'service' | 'room'>,
  started: number,
  ended: number,
): Thread {
  return {
    ...{ id, key, service, room, started, ended },
    ...{ messages: 0, files: 0, events: 0, refused: 0 },
    participants: new Map(),
  };
}

function rowOf(thread: Thread): SqlValue[] {
  const { id, service, room, key, started, ended, messages, files, events, refused } = thread;
  return [id, service, room ?? null, key, started, ended, messages, files, events, refused];
}

function settle(thread: Thread): void {
  thread.messages = 0;
  thread.files = 0;
  thread.events = 0;
  thread.refused = 0;
  if (thread.participants.size > PARTICIPANTS) thread.participants.clear();
  for (const party of thread.participants.keys()) thread.participants.set(party, WRITTEN);
}
