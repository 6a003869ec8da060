/**
 * The thread in which SQLite works, as others see it: orders go there without waiting, up to a bound of octets
 * under way, and come back as promises. A thread that dies is an error of all that was asked of it.
 */
import { Worker } from 'node:worker_threads';
import { ArchiveError } from '../archive-error.ts';
import type { SqlValue } from '../contract.ts';
import type { PackedRows } from './packed-rows.ts';
import { RowPacker } from './row-packer.ts';
import type { RowStatement } from './row-statement.ts';
import { errorOf } from './thread-fault.ts';
import type { SqliteOrder, SqliteReply, SqliteThreadSetup } from './thread-messages.ts';

/**
 * Octets under way before whoever sends more has to wait: what is worked out while SQLite moves its log to the file
 * and waits for the disk, about a third of a second.
 */
const MOST_UNDER_WAY = 24 * 2 ** 20;
/** Octets after which others of the sender's thread have their turn, and replies are heard. */
const REST_AFTER = 512 * 1024;
/** MiB of JavaScript; the page cache of SQLite is not in it. */
const MOST_MEMORY = 256;

export type SpawnSqlite = (setup: SqliteThreadSetup) => Worker;

export const spawnSqlite: SpawnSqlite = (workerData) =>
  new Worker(new URL('./thread-main.js', import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY },
  });

interface Asked {
  readonly done: (value: unknown) => void;
  readonly failed: (error: Error) => void;
  readonly size: number;
}

export class SqliteThread {
  readonly #where: string;
  readonly #thread: Worker;
  /** Of rows that are to be sent: their memory comes back to it. */
  readonly packer = new RowPacker();
  /** In the order of their replies. */
  readonly #asked: Asked[] = [];
  #underWay = 0;
  #sinceRest = 0;
  #room: (() => void)[] = [];
  /** Why nothing can be asked of it any more. */
  #dead: ArchiveError | undefined;
  readonly #ended: Promise<void>;

  private constructor(setup: SqliteThreadSetup, spawn: SpawnSqlite) {
    this.#where = setup.path;
    this.#thread = spawn(setup);
    this.#thread.on('message', (reply: SqliteReply) => this.#hear(reply));
    this.#thread.on('error', (error) => this.#die(`died: ${error.message}`));
    this.#ended = new Promise((resolve) => {
      this.#thread.on('exit', () => {
        this.#die('ended');
        resolve();
      });
    });
  }

  /** Rejects with ArchiveError where the file cannot be opened. */
  static async open(
    path: string,
    {
      options,
      spawn,
    }: { readonly options: SqliteThreadSetup['options']; readonly spawn: SpawnSqlite },
  ): Promise<SqliteThread> {
    const thread = new SqliteThread({ path, options }, spawn);
    try {
      await thread.#reply(0);
      return thread;
    } catch (error) {
      await thread.#thread.terminate();
      throw error;
    }
  }

  /** Resolves with the value of the reply; rejects with what failed there. */
  ask(order: SqliteOrder): Promise<unknown> {
    if (this.#dead !== undefined) return Promise.reject(this.#dead);
    this.#thread.postMessage(order);
    return this.#reply(0);
  }

  /**
   * Sends a statement and the rows that it is run with; resolves when there is room for more. What fails there
   * is heard of at the next `ask`.
   */
  async send(
    statement: RowStatement,
    rows: readonly (readonly SqlValue[])[],
    columns: number,
  ): Promise<void> {
    for (let from = 0; from < rows.length; ) {
      const packed = this.packer.pack(rows, from, columns);
      from += packed.rows;
      await this.sendPacked(statement, packed);
    }
  }

  /** The same with rows that are packed already. */
  async sendPacked(statement: RowStatement, rows: PackedRows): Promise<void> {
    if (this.#dead !== undefined) throw this.#dead;
    const order: SqliteOrder = { type: 'packed', statement, rows };
    this.#thread.postMessage(order, [rows.memory]);
    this.#reply(rows.size).catch(() => undefined);
    await this.#rest(rows.size);
    while (this.#underWay > MOST_UNDER_WAY) {
      await new Promise<void>((resolve) => this.#room.push(resolve));
    }
  }

  /** After what was asked before. Never rejects. */
  async close(): Promise<void> {
    await this.ask({ type: 'close' }).catch(() => undefined);
    await this.#ended;
  }

  async #rest(sent: number): Promise<void> {
    this.#sinceRest += sent;
    if (this.#sinceRest < REST_AFTER) return;
    this.#sinceRest = 0;
    await new Promise((resolve) => setImmediate(resolve));
  }

  #reply(size: number): Promise<unknown> {
    this.#underWay += size;
    return new Promise((done, failed) => this.#asked.push({ done, failed, size }));
  }

  #hear(reply: SqliteReply): void {
    const asked = this.#asked.shift();
    if (asked === undefined) return;
    this.#settle(asked);
    if (reply.type === 'failed') {
      asked.failed(errorOf(reply.fault));
      return;
    }
    for (const memory of reply.memory ?? []) this.packer.giveBack(memory);
    asked.done(reply.value);
  }

  #die(how: string): void {
    this.#dead ??= new ArchiveError(
      `${this.#where}: the thread that writes the archive ${how}`,
      'It is started again; look for lack of memory where that repeats itself.',
      true,
    );
    for (const asked of this.#asked.splice(0)) {
      this.#settle(asked);
      asked.failed(this.#dead);
    }
  }

  #settle({ size }: Asked): void {
    this.#underWay -= size;
    if (this.#underWay > MOST_UNDER_WAY / 2) return;
    for (const go of this.#room.splice(0)) go();
  }
}
