/**
 * Takes lines of events into the spool, and from there into the database: in order, once, in batches. A database
 * that is away is waited for; the spool fills meanwhile, and what finds no room in it is counted and told of in
 * the record as soon as there is one. Runs in a thread of its own, and SQLite in another: the spool waits for the
 * disk, too.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { systemErrorText } from '../../cli/user-error.ts';
import type { ArchiveSettings, SpoolSettings } from '../../config/settings.ts';
import type { LogFacts, LogLevel } from '../../log/log.ts';
import { ArchiveError } from '../archive-error.ts';
import type { LedgerEntry } from '../contract.ts';
import { giveToOwner } from '../evidence/home-file.ts';
import { FileStep } from '../files/file-step.ts';
import { EventDrafts } from '../record/draft-event.ts';
import { DailyPurge } from '../retention/daily-purge.ts';
import { Spool } from '../spool/spool.ts';
import { EntryKind } from '../spool/spool-entry.ts';
import { type SpawnSqlite, spawnSqlite } from '../sqlite/sqlite-thread.ts';
import { type ArchiveTarget, homePaths } from '../target.ts';
import type { DataKey } from '../vault/data-keys.ts';
import { namesKey } from '../vault/open-vault.ts';
import { AwayWatch } from './away-watch.ts';
import { BatchQueue } from './batch-queue.ts';
import { BatchWriter, type CommittingBatch } from './batch-writer.ts';
import { CheckpointClock } from './checkpoint-clock.ts';
import { DatabaseLink, type OpenLink } from './database-link.ts';
import { DrainClock } from './drain-clock.ts';
import { FreeRoom } from './free-room.ts';
import { MemorySpool } from './memory-spool.ts';
import { RefusedLines } from './refused-lines.ts';
import { SpooledLedger } from './spooled-ledger.ts';
import { positionName, type TakenPosition } from './taken-position.ts';
import type { WaitingBatch } from './waiting-batch.ts';
import type { WriterStatus } from './writer-messages.ts';

/** Milliseconds that a line waits for others, so that each has not a transaction of its own. */
const LINGER = 100;
/** Milliseconds between two looks at the clock. */
const TICK = 1000;
/** Milliseconds of batches in a row, before files and signatures have their turn. */
const LONGEST_ROW = 2000;
/** Milliseconds for which a database that is away is waited for, where nothing else can wait. */
const DIRECT_PATIENCE = 60_000;

export interface WriterParts {
  readonly target: ArchiveTarget;
  readonly settings: ArchiveSettings;
  /** File of the policy's directory. */
  readonly directory?: string | undefined;
  readonly through: 'spool' | 'direct';
  readonly log: (level: LogLevel, message: string, facts?: LogFacts) => void;
  /** A message of lines is acknowledged. */
  readonly acknowledge: () => void;
  /** direct: the database was away for too long; nothing more is archived. */
  readonly failed: (error: ArchiveError) => void;
  /** How the thread of SQLite is made. */
  readonly spawn?: SpawnSqlite;
  /** Entries of the spool that one transaction takes at most. */
  readonly most?: number;
}

export class ArchiveWriter {
  readonly #parts: WriterParts;
  readonly #spool: Spool | MemorySpool;
  readonly #link: DatabaseLink;
  readonly #queue: BatchQueue;
  readonly #batches: BatchWriter;
  readonly #refused: RefusedLines;
  readonly #ledger: SpooledLedger;
  readonly #files: FileStep;
  readonly #purge: DailyPurge;
  readonly #checkpoints = new CheckpointClock();
  readonly #clock = new DrainClock();
  readonly #room: FreeRoom;
  readonly #away: AwayWatch;
  #fileFault: string | undefined;
  /** Why nothing is signed, as it was told of. */
  #refusal: string | undefined;
  #settings: ArchiveSettings;
  #drafts: EventDrafts;
  /** Events that found no room in the spool. */
  #lost = 0;
  #wasOpen = false;
  #failed = false;
  /** A row of batches failed: the next one is written by itself. */
  #oneByOne = false;
  #running: Promise<void> | undefined;
  #ticking: NodeJS.Timeout | undefined;

  /** The home folder is made. Throws UserError where another process has the spool, else what the system says. */
  constructor(parts: WriterParts) {
    const { target, settings, through, acknowledge, spawn = spawnSqlite, most } = parts;
    this.#parts = parts;
    this.#settings = settings;
    this.#files = new FileStep(settings.files, (path, why, to) => {
      const facts = to === undefined ? { path, why } : { path, why, to };
      parts.log('error', 'a file that waited cannot be kept: it is set aside', facts);
    });
    this.#purge = new DailyPurge(parts.log, parts.directory);
    this.#away = new AwayWatch(parts.log);
    this.#room = new FreeRoom(target);
    this.#drafts = new EventDrafts(settings.keep);
    const folder = homePaths(target).spool;
    const seals = namesKey(settings.encryption);
    this.#refused = new RefusedLines(folder, seals);
    const spool = through === 'spool' ? openSpool(folder, settings.spool, seals) : undefined;
    this.#spool = spool ?? new MemorySpool(acknowledge);
    this.#ledger = new SpooledLedger(this.#spool);
    const refuse = (line: string, why: string) => this.#refuse(line, why);
    this.#queue = new BatchQueue(this.#spool, { drafts: () => this.#drafts, refuse, most });
    // Without a spool too: after a lost COMMIT it tells whether it was done.
    const name = spool?.identity.spool ?? randomBytes(16).toString('hex');
    this.#link = new DatabaseLink(
      { target, settings, spawn, spool: this.#spool },
      positionName(name),
    );
    this.#batches = new BatchWriter({
      name: () => this.#link.name,
      refuse,
      recorded: (records) => this.#checkpoints.recorded(records),
      committing: () => void this.#queue.workAhead(),
    });
  }

  /**
   * Resolves when the database is open, or is known to be away. Rejects with ArchiveError where waiting does
   * not help; then nothing was begun.
   */
  async start(): Promise<void> {
    try {
      const open = await this.#link.connect();
      const { fault } = this.#link;
      if (open !== undefined) this.#opened(open);
      else if (this.#parts.through === 'direct' && fault !== undefined) throw fault;
      else this.#away.away(fault);
    } catch (error) {
      await this.#close();
      throw error;
    }
    this.#ticking = setInterval(() => this.#tick(), TICK);
    this.#running = this.#run();
  }

  /** Whole lines, one at least. */
  lines(octets: Uint8Array): void {
    const { taken, refused, why } = this.#spool.add(EntryKind.Event, octets);
    if (refused > 0) {
      this.#lost += refused;
      this.#ledger.owe('spool-full', refused, systemErrorText(why) ?? messageOf(why));
    } else if (why !== undefined) this.#tellUnsynced(why);
    if (taken > 0 || refused > 0) this.#parts.acknowledge();
    this.#clock.wake();
  }

  /** Becomes a record in its place among the events. */
  ledger(entry: LedgerEntry): void {
    this.#ledger.add(entry);
    this.#ledger.tell();
    this.#clock.wake();
  }

  change(settings: ArchiveSettings): void {
    this.#settings = settings;
    this.#files.limits = settings.files;
    this.#drafts = new EventDrafts(settings.keep);
    if (this.#spool instanceof Spool) this.#spool.settings = settings.spool;
  }

  /** Wraps the keys of files that come; undefined: they are not sealed. Known once `start` has resolved. */
  get key(): DataKey | undefined {
    return this.#link.key;
  }

  get status(): WriterStatus {
    const { target } = this.#parts;
    const { oldest, octets } = this.#spool;
    const { unwanted: notArchived, ...counts } = this.#batches.counts;
    const { sequence } = this.#batches;
    return {
      where: target.kind === 'sqlite' ? target.path : target.shown,
      up: this.#link.open !== undefined,
      fault: this.#link.fault?.message,
      ...counts,
      lost: counts.lost + this.#lost,
      notArchived,
      checkpoints: this.#checkpoints.count,
      unsignedFor: this.#checkpoints.unsignedFor,
      purgeWaits: this.#purge.waitsFor,
      free: this.#room.free,
      refused: this.#refused.count,
      files: { ...this.#files.counters },
      spoolOctets: octets,
      spoolSize: this.#settings.spool.size,
      lag: oldest === undefined ? 0 : Math.max(0, (Date.now() - oldest) / 1000),
      sequence,
    };
  }

  /** Drains within so many milliseconds; what is left then stays in the spool for the next run. */
  async stop(within: number): Promise<void> {
    this.#clock.stop(within);
    await this.#purge.stop();
    await this.#running;
    clearInterval(this.#ticking);
    await this.#close();
  }

  async #run(): Promise<void> {
    const clock = this.#clock;
    while (!this.#failed) {
      const { isStopping } = clock; // asked before the look: what came before it is taken
      const did = await this.#turn();
      if (isStopping && (did === 'nothing' || clock.left === 0)) break;
      if (did === 'something') await new Promise((resolve) => setImmediate(resolve));
      else if (did === 'away') await clock.rest(Math.min(this.#link.wait, clock.left), false);
      else if (!this.#queue.isDrained || (await clock.rest(TICK, true))) {
        await clock.rest(LINGER, false);
      }
    }
  }

  /** One step. Never rejects. */
  async #turn(): Promise<'something' | 'nothing' | 'away'> {
    try {
      if (this.#link.open === undefined) {
        if (this.#link.wait > 0) return 'away';
        const opened = await this.#link.connect();
        if (opened === undefined) return this.#stillAway();
        this.#opened(opened);
      }
      const open = this.#link.open;
      if (open === undefined) return 'away';
      const did = await this.#step(open);
      this.#link.worked();
      this.#away.back(this.#spool.octets);
      return did;
    } catch (error) {
      await this.#fail(error);
      return 'away';
    }
  }

  async #step(open: OpenLink): Promise<'something' | 'nothing'> {
    open.place.check();
    if (await this.#batch(open)) {
      await this.#takeFiles(open, false);
      return 'something';
    }
    if (await this.#takeFiles(open, true)) return 'something';
    if (this.#ledger.tell()) return 'something';
    if (await this.#batches.tellUnwanted(open, this.#clock.isStopping)) return 'something';
    await this.#sign(open, this.#clock.isStopping);
    return 'nothing';
  }

  /** False: nothing waits. */
  async #batch(open: OpenLink): Promise<boolean> {
    const batch = this.#queue.take();
    if (batch === undefined) return false;
    if (await this.#row(open)) {
      await this.#sign(open, false);
      return true;
    }
    let isNew: boolean;
    try {
      isNew = await this.#batches.write(open, batch);
    } finally {
      this.#queue.stopAhead();
    }
    open.place.check(); // before the spool forgets it
    this.#queue.done(batch);
    if (!isNew) return !this.#queue.isDrained;
    this.#oneByOne = false;
    await this.#sign(open, false);
    return true;
  }

  /**
   * Batches in a row, each begun while the one before it is committed. False: there are no two, or they are to be
   * written one by one.
   */
  async #row(open: OpenLink): Promise<boolean> {
    if (this.#oneByOne || !open.appender.goesAhead || this.#queue.following() === undefined) {
      return false;
    }
    const until = performance.now() + LONGEST_ROW;
    let before: CommittingBatch | undefined;
    try {
      for (let batch = this.#queue.take(); batch !== undefined; batch = this.#goOn(until)) {
        const begun = await this.#batches.writeAhead(open, batch);
        const last = before;
        before = begun;
        if (last !== undefined) await this.#committed(open, last);
      }
      if (before !== undefined) await this.#committed(open, before);
    } catch {
      // What is lost is written again, by itself: then it tells why.
      this.#oneByOne = true;
      await before?.committed.catch(() => undefined);
    }
    return true;
  }

  /** The next batch of a row. */
  #goOn(until: number): WaitingBatch | undefined {
    const isOver =
      performance.now() >= until ||
      this.#clock.left === 0 ||
      this.#checkpoints.isDue(this.#settings.checkpoints);
    return isOver ? undefined : this.#queue.following();
  }

  async #committed(open: OpenLink, { batch, committed }: CommittingBatch): Promise<void> {
    await committed;
    open.place.check(); // before the spool forgets it
    this.#queue.done(batch);
  }

  /** `drained`: no event waits. True: something was taken. */
  async #takeFiles(open: OpenLink, drained: boolean): Promise<boolean> {
    const last = this.#clock.isStopping;
    const taken = await this.#files.take(open, { drained, last });
    if (taken) this.#checkpoints.recorded(1);
    const { fault } = this.#files;
    if (fault !== undefined && fault !== this.#fileFault) this.#parts.log('error', fault);
    this.#fileFault = fault;
    return taken;
  }

  async #sign({ signer }: OpenLink, now: boolean): Promise<void> {
    await this.#checkpoints.sign(signer, this.#settings.checkpoints, now);
    const { refusal } = signer;
    if (refusal !== undefined && refusal !== this.#refusal) {
      this.#parts.log('error', 'the record is not signed any more', { why: refusal });
    }
    this.#refusal = refusal;
  }

  #opened({ taken }: OpenLink): void {
    const isFirst = !this.#wasOpen;
    this.#wasOpen = true;
    if (taken === undefined) return;
    if (isFirst) this.#begun(taken);
    else this.#batches.resume(taken, this.#queue.pending);
  }

  /** The first time in this process. */
  #begun(taken: TakenPosition): void {
    const spool = this.#spool;
    if (spool instanceof MemorySpool) return;
    if (taken.generation >= spool.identity.generation) {
      // The home folder is an older copy of itself: its numbers were given before.
      this.#link.name = positionName(spool.renew());
      this.#parts.log('warn', 'the spool is older than the archive: it is taken as a new one');
      return;
    }
    this.#batches.begin(taken);
    spool.skipTo(taken);
  }

  #refuse(line: string, why: string): void {
    this.#refused.add(line, why, this.#link.open?.archive.vault);
    const { count, path } = this.#refused;
    this.#parts.log('error', 'a line cannot be archived: it is in quarantine', {
      why,
      path,
      count,
    });
    this.#ledger.owe('refused', 1, why);
  }

  async #fail(error: unknown): Promise<void> {
    const fault =
      error instanceof ArchiveError ? error : new ArchiveError(messageOf(error), undefined, true);
    this.#link.away(fault);
    await this.#link.close();
    this.#away.away(fault);
    this.#stillAway();
  }

  #stillAway(): 'away' {
    const { through, failed } = this.#parts;
    const { fault } = this.#link;
    if (through === 'direct' && this.#away.lasts > DIRECT_PATIENCE && fault !== undefined) {
      this.#failed = true;
      failed(fault);
    }
    return 'away';
  }

  #tick(): void {
    if (!(this.#spool instanceof Spool)) return;
    if (!this.#clock.isStopping) this.#purge.tick(this.#link.open?.archive, this.#settings);
    try {
      this.#spool.tick();
      if (this.#queue.isEmpty) this.#spool.tidy();
    } catch (error) {
      this.#tellUnsynced(error);
    }
    this.#ledger.tell();
  }

  #tellUnsynced(error: unknown): void {
    const why = systemErrorText(error) ?? messageOf(error);
    this.#parts.log('error', 'the spool cannot be forced to the disk', { why });
  }

  async #close(): Promise<void> {
    if (this.#spool instanceof MemorySpool) await this.#link.forget();
    await this.#link.close();
    if (!(this.#spool instanceof Spool)) return;
    if (this.#queue.isEmpty) this.#spool.tidy();
    this.#spool.close();
  }
}

function openSpool(folder: string, settings: SpoolSettings, mustSeal: boolean): Spool {
  if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) giveToOwner(folder);
  return new Spool(folder, settings, mustSeal);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
