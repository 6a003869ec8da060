/**
 * Threads: what the same parties say in one service, or all say in one room, until they are silent for longer
 * than the thread gap. Connections that break and come back continue the thread they were in.
 *
 * Counts are kept as what is to be added, so that they stay right whoever else adds to the same thread.
 */
import type { ArchiveDatabase, SqlValue } from '../contract.ts';
import { Recent } from '../vault/recent.ts';
import { Numbers } from './numbers.ts';
import { Uncommitted } from './uncommitted.ts';
import { type Upsert, upsert } from './upsert.ts';

const REMEMBERED = 16_384;
/** Participants remembered of a thread; more are forgotten, and written again, which changes nothing. */
const PARTICIPANTS = 256;
const WRITTEN = -1;
/** A generation that never is. */
const NEVER = -1;

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
  participants: Participants;
  /** There is something to be written. */
  changed: boolean;
  /** Of what is remembered: as long as it is this one, nothing else is remembered under the key. */
  generation: number;
}

/** Other ones where some were forgotten. */
export interface Participants {
  /** By party, where it stands in `messages`. */
  readonly places: Map<number, number>;
  /** Messages to be added; WRITTEN: nothing is. */
  readonly messages: number[];
}

/** Where a thread is found again without being looked up: beside the parties of events. */
export interface ThreadHold {
  readonly key: string;
  latest: Thread | undefined;
}

/** As the database has it. */
interface ThreadRow {
  readonly id: number;
  readonly started: number;
  readonly ended: number;
}

export interface AskedThread {
  readonly key: string;
  readonly time: number;
  /** A thread, where there is none that fits. */
  readonly opens: boolean;
}

export interface ThreadEvent extends AskedThread {
  readonly service: string;
  readonly room: string | undefined;
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

/** The latest one that fits. */
const LOOK = `SELECT id, started, ended FROM conversation
  WHERE thread_key = ? AND ended >= ? AND started <= ? ORDER BY ended DESC, id DESC LIMIT 1`;

export class Threads {
  /** Microseconds. */
  readonly #gap: number;
  readonly #known: Recent<string, Thread>;
  #changed: Thread[] = [];
  /** Made or extended. */
  readonly #uncommitted = new Uncommitted<Thread[]>();
  readonly #numbers = new Numbers('conversation');
  /** Looked up in the open transaction, by key and time; undefined: there is none that fits. */
  readonly #lookedUp = new Map<string, ThreadRow | undefined>();

  /** `remembered`: so many threads; others are looked up again. */
  constructor(gap: number, remembered: number = REMEMBERED) {
    this.#gap = gap;
    this.#known = new Recent(remembered);
  }

  /** Others wrote to the archive: what is remembered may be wrong. */
  forget(): void {
    this.#known.clear();
    this.#changed = [];
    this.#uncommitted.forget();
    this.#numbers.forget();
    this.#lookedUp.clear();
  }

  /** All of the open transaction is written. Call what it returns when that is committed. */
  worked(): () => void {
    this.#lookedUp.clear();
    return this.#uncommitted.worked();
  }

  /** Without waiting: undefined where none is remembered that fits. */
  remembered(hold: ThreadHold, time: number): Thread | undefined {
    let thread = hold.latest;
    if (thread?.generation !== this.#known.generation) {
      thread = this.#known.get(hold.key);
      if (thread === undefined) return undefined;
      thread.generation = this.#known.generation;
      hold.latest = thread;
    }
    if (!this.#fits(thread, time)) return undefined;
    this.#extend(thread, time);
    return thread;
  }

  /** Looks up those that are not remembered, many at once; `find` need not wait for them then. */
  async prepare(database: ArchiveDatabase, events: Iterable<AskedThread>): Promise<void> {
    const asked: AskedThread[] = [];
    const opened = new Set<string>();
    for (const event of events) {
      const { key, time, opens } = event;
      const known = this.#known.get(key);
      // After one that opens a thread it is remembered, most likely; else `find` looks it up.
      if (opened.has(key) || (known !== undefined && this.#fits(known, time))) continue;
      if (opens) opened.add(key);
      if (!this.#lookedUp.has(askedKey(event))) asked.push(event);
    }
    const found = await database.rowsOfEach?.<ThreadRow>(LOOK, asked.map(this.#values));
    asked.forEach((event, n) => {
      if (found !== undefined) this.#lookedUp.set(askedKey(event), found[n]?.[0]);
    });
  }

  /** undefined: there is none, and this event opens none. */
  async find(database: ArchiveDatabase, event: ThreadEvent): Promise<Thread | undefined> {
    const before = this.#known.get(event.key);
    if (before !== undefined && this.#fits(before, event.time)) {
      this.#extend(before, event.time);
      return before;
    }
    const thread =
      this.#latestOf(this.#uncommitted.own, event) ??
      (await this.#stored(database, event)) ??
      (await this.#open(database, event));
    if (thread === undefined) return undefined;
    if (before !== undefined) before.generation = NEVER;
    this.#known.set(event.key, thread);
    thread.generation = this.#known.generation;
    this.#extend(thread, event.time);
    return thread;
  }

  /** Writes what changed. */
  async flush(database: ArchiveDatabase): Promise<void> {
    const threads: SqlValue[][] = [];
    const participation: SqlValue[][] = [];
    for (const thread of this.#changed) {
      threads.push(rowOf(thread));
      const { places, messages } = thread.participants;
      for (const [party, place] of places) {
        const said = messages[place] ?? WRITTEN;
        if (said !== WRITTEN) participation.push([thread.id, party, said]);
      }
      settle(thread);
    }
    this.#changed = [];
    await upsert(database, CONVERSATIONS, threads);
    await upsert(database, PARTICIPATION, participation);
    await this.#numbers.flush(database);
  }

  /** Another thread of the same parties, in what a transaction changed. */
  #latestOf(
    changed: ReadonlyMap<string, readonly Thread[]>,
    { key, time }: ThreadEvent,
  ): Thread | undefined {
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
    if (thread.changed) return;
    thread.changed = true;
    this.#changed.push(thread);
    const { own } = this.#uncommitted;
    const others = own.get(thread.key);
    if (others === undefined) own.set(thread.key, [thread]);
    else if (!others.includes(thread)) others.push(thread);
  }

  /** As the database has it, or will when the transaction before is committed. */
  async #stored(database: ArchiveDatabase, event: ThreadEvent): Promise<Thread | undefined> {
    const committing = this.#latestOf(this.#uncommitted.before, event);
    const row = await this.#row(database, event);
    // One that is being changed: then `committing` ends no earlier.
    if (row === undefined || (committing !== undefined && !isLater(row, committing))) {
      return committing;
    }
    return made(row.id, event, row.started, row.ended);
  }

  readonly #values = ({ key, time }: AskedThread): [string, number, number] => [
    key,
    time - this.#gap,
    time + this.#gap,
  ];

  /** The latest that fits. What this transaction changed of threads since it was looked up is remembered beside. */
  async #row(database: ArchiveDatabase, event: ThreadEvent): Promise<ThreadRow | undefined> {
    const asked = askedKey(event);
    if (this.#lookedUp.has(asked)) return this.#lookedUp.get(asked);
    const [row] = await database.rows<ThreadRow>(LOOK, ...this.#values(event));
    return row;
  }

  async #open(database: ArchiveDatabase, event: ThreadEvent): Promise<Thread | undefined> {
    if (!event.opens) return undefined;
    return made(await this.#numbers.next(database), event, event.time, event.time);
  }
}

function askedKey({ key, time }: AskedThread): string {
  return `${time}\n${key}`;
}

function isLater(one: Pick<ThreadRow, 'id' | 'ended'>, other: Pick<ThreadRow, 'id' | 'ended'>) {
  return one.ended > other.ended || (one.ended === other.ended && one.id > other.id);
}

function made(
  id: number,
  { key, service, room }: Pick<ThreadEvent, 'key' | 'service' | 'room'>,
  started: number,
  ended: number,
): Thread {
  // One literal: objects that are put together of several are slower to read.
  return {
    id,
    key,
    service,
    room,
    started,
    ended,
    messages: 0,
    files: 0,
    events: 0,
    refused: 0,
    participants: nobody(),
    changed: false,
    generation: NEVER,
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
  thread.changed = false;
  const { messages } = thread.participants;
  if (messages.length > PARTICIPANTS) thread.participants = nobody();
  else for (let i = 0; i < messages.length; i++) messages[i] = WRITTEN;
}

function nobody(): Participants {
  return { places: new Map(), messages: [] };
}

/** The party takes part; returns where its messages are counted. */
export function takesPart({ places, messages }: Participants, party: number): number {
  const known = places.get(party);
  if (known !== undefined) return known;
  places.set(party, messages.length);
  return messages.push(0) - 1;
}

/** Who is counted there said something. */
export function speaks({ messages }: Participants, place: number): void {
  messages[place] = Math.max(0, messages[place] ?? 0) + 1;
}
