/**
 * The writer's way to the database: opened when it can be, closed when it fails, tried again after a while
 * that grows. How far the spool was taken stands in the database, and is read at each opening: after a lost
 * COMMIT nobody else knows.
 */
import { existsSync } from 'node:fs';
import type { ArchiveSettings } from '../../config/settings.ts';
import type { Archive } from '../archive.ts';
import { ArchiveError } from '../archive-error.ts';
import { Signer } from '../evidence/signer.ts';
import { requireIncomingKeys, sealedIncoming } from '../files/sealed-incoming.ts';
import { openArchive } from '../open-archive.ts';
import { Appender } from '../record/appender.ts';
import { readMeta } from '../record/meta.ts';
import type { Spool } from '../spool/spool.ts';
import type { SpawnSqlite } from '../sqlite/sqlite-thread.ts';
import { type ArchiveTarget, homePaths } from '../target.ts';
import type { DataKey } from '../vault/data-keys.ts';
import { namesKey, openVault } from '../vault/open-vault.ts';
import { ArchivePlace } from './archive-place.ts';
import { readPosition, type TakenPosition } from './taken-position.ts';

/** Milliseconds until the next attempt: doubled each time. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 15_000;

export interface OpenLink {
  readonly archive: Archive;
  readonly appender: Appender;
  readonly signer: Signer;
  readonly place: ArchivePlace;
  /** How far this spool was taken; undefined: nothing of it. */
  readonly taken: TakenPosition | undefined;
}

export interface LinkParts {
  readonly target: ArchiveTarget;
  readonly settings: ArchiveSettings;
  /** How the thread of SQLite is made. */
  readonly spawn: SpawnSqlite;
  /** What waits, sealed where the archive encrypts. */
  readonly spool: Pick<Spool, 'isLocked' | 'unlock'>;
}

export class DatabaseLink {
  /** Why there is none; undefined: it is open, or was not tried yet. */
  fault: ArchiveError | undefined;
  /** Wraps the keys of what waits; undefined: the archive does not encrypt, or its keys were not had yet. */
  key: DataKey | undefined;
  readonly #parts: LinkParts;
  /** Of the position in `meta`. */
  name: string;
  #open: OpenLink | undefined;
  #pause = FIRST_PAUSE;
  #next = 0;
  #wasOpen = false;
  /** The keys of all that waits could be had. */
  #hadKeys = false;

  constructor(parts: LinkParts, name: string) {
    this.#parts = parts;
    this.name = name;
  }

  get open(): OpenLink | undefined {
    return this.#open;
  }

  /** Milliseconds until it may be tried again. */
  get wait(): number {
    return Math.max(0, this.#next - performance.now());
  }

  /** undefined: the database is away, see `fault`. Rejects with ArchiveError for what does not pass by waiting. */
  async connect(): Promise<OpenLink | undefined> {
    if (this.#open !== undefined) return this.#open;
    try {
      this.#open = await this.#connect();
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      this.away(error);
      if (!error.retry) throw error;
      return undefined;
    }
    this.#wasOpen = true;
    this.fault = undefined;
    return this.#open;
  }

  /** It did what it was asked, which its opening does not prove: a full disk is found when something is written. */
  worked(): void {
    this.#pause = FIRST_PAUSE;
  }

  /** It failed, and may be back later. */
  away(error: ArchiveError): void {
    this.fault = error;
    this.#next = performance.now() + this.#pause;
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE);
  }

  /** The position was of this process alone. Never rejects. */
  async forget(): Promise<void> {
    try {
      await this.#open?.archive.database.run('DELETE FROM meta WHERE name = ?', this.name);
    } catch {
      // A row that says nothing any more.
    }
  }

  /** Never rejects. */
  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    try {
      await open?.archive.close();
    } catch {
      // It is away: there is nothing left to close.
    }
  }

  async #connect(): Promise<OpenLink> {
    const { settings } = this.#parts;
    const archive = await this.#openArchive();
    try {
      const signer = await Signer.open(archive);
      const appender = new Appender(archive, { threadGap: settings.threadGap * 1000 });
      const text = await readMeta(archive.database, this.name);
      return {
        archive,
        appender,
        signer,
        place: new ArchivePlace(archive.target),
        taken: text === undefined ? undefined : readPosition(text),
      };
    } catch (error) {
      await archive.close();
      throw error;
    }
  }

  /** The keys come first: what is spooled while the database is away is sealed too. */
  async #openArchive(): Promise<Archive> {
    const { target, settings, spawn, spool } = this.#parts;
    const { incoming, keys, checkpoints } = homePaths(target);
    // In a home that never had an archive open nobody sealed anything: what says so is forged.
    const isNew = !existsSync(checkpoints);
    const file = this.#hadKeys || isNew ? undefined : sealedIncoming(incoming);
    // Keys that are gone are not made anew under a gateway that had them, nor while something waits that they seal.
    const mayMake = this.key === undefined && !spool.isLocked && file === undefined;
    const vault = openVault(target, settings.encryption, { create: mayMake });
    try {
      if (vault.locked === true) {
        const where = target.kind === 'sqlite' ? target.path : target.shown;
        throw new ArchiveError(
          `${where}: this archive is encrypted, and no key is configured`,
          'Name its key in sallyport.yaml: archive, encryption.',
        );
      }
      if (this.key !== undefined && vault.spool === undefined) {
        throw new ArchiveError(
          `${keys}: is gone, and with it the keys of this archive`,
          'Bring back the newest copy of keys.db: nothing is recorded without them.',
        );
      }
      spool.unlock(vault.spool);
      // Where nobody encrypts, a sealed file is no reason not to record: it waits.
      if (namesKey(settings.encryption)) requireIncomingKeys(file, vault.spool);
      this.#hadKeys = true;
      this.key = vault.spool?.current();
      // One that was there and is gone is not made anew: what was in it would seem never to have been.
      return await openArchive(target, { create: !this.#wasOpen, vault, thread: spawn });
    } catch (error) {
      vault.close();
      throw error;
    }
  }
}
