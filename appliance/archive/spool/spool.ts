/**
 * The spool: a journal on the disk between the gateway and the database. What is in it is acknowledged, and
 * goes into the database in order and once: the database notes in each transaction how far it came.
 *
 * What it can lose: nothing when the process dies. When the machine does, what was not forced to the disk:
 * with sync `always` nothing that was acknowledged, with `interval` about a second, with `never` what the
 * system had not written (some 30 s on Linux).
 *
 * Where the archive encrypts, so does the spool: `unlock` gives it the keys.
 */
import { readdirSync } from 'node:fs';
import type { SpoolSettings } from '../../config/settings.ts';
import { syncFolder } from '../evidence/home-file.ts';
import type { DataKey } from '../vault/data-keys.ts';
import type { SpoolKeys } from '../vault/spool-keys.ts';
import { blockSize, type LineBlock, lineBlock, writeBlock } from './entry-block.ts';
import type { EntryKind } from './spool-entry.ts';
import { newIdentity, nextGeneration, type SpoolIdentity } from './spool-identity.ts';
import { SpoolLock } from './spool-lock.ts';
import { isAtOrPast, type SpoolPosition } from './spool-position.ts';
import { type SpoolRead, SpoolReader } from './spool-reader.ts';
import { SpoolSegment } from './spool-segment.ts';

/** Octets of a segment; of a small spool, an eighth of it. */
const SEGMENT = 8 * 2 ** 20;
/** Milliseconds between two marks of when what was spooled. */
const MARK_EVERY = 500;

export interface Added {
  /** Lines that are in the spool. */
  readonly taken: number;
  /** Lines that found no room. */
  readonly refused: number;
  /** Why: the spool is full, or what the file system said; without refused lines: they may not be on the disk yet. */
  readonly why?: unknown;
}

export class Spool {
  readonly folder: string;
  readonly #lock: SpoolLock;
  #identity: SpoolIdentity;
  /** In order; the last one is written to, once there is one of this generation. */
  readonly #segments: SpoolSegment[] = [];
  /** Read through, and not yet acknowledged; `last`: of the last entry that was read of it. */
  readonly #passed: { readonly segment: SpoolSegment; readonly last: SpoolPosition | undefined }[] =
    [];
  readonly #reader: SpoolReader;
  #settings: SpoolSettings;
  readonly #mustSeal: boolean;
  /** Seals new segments. */
  #key: DataKey | undefined;
  #writing: SpoolSegment | undefined;
  /** Of the next entry. */
  #next = 1;
  #dirty = false;
  /** When the entries up to a number were added, milliseconds since 1970. */
  readonly #marks: { last: number; readonly at: number }[] = [];

  /**
   * `folder` is there, its owner's alone. `mustSeal`: nothing is written before `unlock` gave a key. Throws
   * UserError where another process has it, else what the file system says.
   */
  constructor(folder: string, settings: SpoolSettings, mustSeal = false) {
    this.folder = folder;
    this.#settings = settings;
    this.#mustSeal = mustSeal;
    this.#lock = new SpoolLock(folder);
    try {
      for (const name of readdirSync(folder).sort()) {
        const segment = SpoolSegment.open(folder, name);
        if (segment !== undefined) this.#segments.push(segment);
      }
      this.#identity = nextGeneration(folder, this.#segments);
    } catch (error) {
      this.close();
      throw error;
    }
    this.#reader = new SpoolReader(this.#segments, (segment) => segment === this.#writing);
  }

  get identity(): SpoolIdentity {
    return this.#identity;
  }

  /** It takes a new name, under which the database knows of nothing; returns it. */
  renew(): string {
    this.#identity = newIdentity(this.folder, this.#identity.generation);
    return this.#identity.spool;
  }

  /** Octets on the disk. */
  get octets(): number {
    const read = this.#passed.reduce((n, { segment }) => n + segment.size, 0);
    return this.#segments.reduce((n, { size }) => n + size, read);
  }

  /** Nothing waits to be read. What was read and not acknowledged is not looked at. */
  get isDrained(): boolean {
    return this.#reader.isAtEnd;
  }

  /** Milliseconds since 1970 when the oldest entry that waits was added, as near as half a second. */
  get oldest(): number | undefined {
    if (this.isDrained && this.#passed.length === 0) return undefined;
    const segment = this.#passed[0]?.segment ?? this.#segments[0];
    if (segment?.generation !== this.identity.generation) return segment?.made;
    return this.#marks[0]?.at;
  }

  set settings(settings: SpoolSettings) {
    this.#settings = settings;
  }

  /** Something waits that only a key of keys.db can read. */
  get isLocked(): boolean {
    return this.#segments.some(({ isLocked }) => isLocked);
  }

  /**
   * What waits sealed can be read, and what comes is sealed; undefined: the archive does not encrypt. Throws
   * ArchiveError where something cannot be read: it waits on.
   */
  unlock(keys: SpoolKeys | undefined): void {
    for (const segment of this.#segments) segment.unlock(keys);
    this.#key = keys?.current();
  }

  /** The database has everything up to there, and what comes before it. */
  skipTo(position: SpoolPosition): void {
    this.#reader.skipTo(position);
  }

  /** `lines`: whole ones, each with its line feed. What is taken is in the files, and forced there as the settings say. */
  add(kind: EntryKind, lines: Uint8Array): Added {
    let taken = 0;
    let refused = 0;
    let why: unknown;
    for (let start = 0; start < lines.length; ) {
      const block = lineBlock(lines, start);
      const { tooLong, end } = block;
      const count = block.bounds.length;
      refused += tooLong;
      try {
        if (count > 0) this.#write(kind, block);
        taken += count;
      } catch (error) {
        why = error;
        refused += count;
      }
      start = end;
    }
    if (taken > 0) {
      this.#mark();
      this.#dirty = true;
      why = this.#forced() ?? why;
    }
    return { taken, refused, why };
  }

  /** What the disk says where it must have what was added, and cannot. */
  #forced(): unknown {
    if (this.#settings.sync !== 'always') return undefined;
    try {
      this.sync();
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** Forces what was added to the disk. Throws what the file system says. */
  sync(): void {
    if (!this.#dirty) return;
    this.#writing?.sync();
    this.#dirty = false;
  }

  /** With sync `interval`, to be called each second. */
  tick(): void {
    if (this.#settings.sync === 'interval') this.sync();
  }

  /** The next entries that the database has not. */
  read(mostEntries: number, mostOctets: number): SpoolRead {
    return this.#reader.read(mostEntries, mostOctets, (segment, last) =>
      this.#passed.push({ segment, last }),
    );
  }

  /** The database has what was read up to there: it is deleted, segment by segment. */
  acknowledge(position: SpoolPosition): void {
    const { generation, number } = position;
    for (let [first] = this.#passed; first !== undefined; [first] = this.#passed) {
      if (first.last !== undefined && !isAtOrPast(position, first.last)) break;
      this.#passed.shift();
      first.segment.remove();
    }
    if (generation !== this.identity.generation) return;
    while ((this.#marks[0]?.last ?? Infinity) <= number) this.#marks.shift();
  }

  /** Nothing is left on the disk of what the database has; the next entry begins a new segment. */
  tidy(): void {
    const writing = this.#writing;
    if (writing === undefined || !this.isDrained || this.#passed.length > 0) return;
    this.#writing = undefined;
    this.#dirty = false;
    this.#reader.pass();
    writing.remove();
  }

  close(): void {
    for (const { segment } of this.#passed) segment.close();
    for (const segment of this.#segments) segment.close();
    this.#lock.release();
  }

  #write(kind: EntryKind, block: LineBlock): void {
    const { size: room } = this.#settings;
    const seals = this.#key !== undefined;
    const size = blockSize(block, seals);
    if (this.octets + size > room) throw new SpoolFull();
    const most = Math.min(SEGMENT, room / 8);
    let writing = this.#writing;
    // What was begun before there was a key is plain.
    const fits = writing !== undefined && writing.size < most && writing.isSealed === seals;
    if (writing === undefined || !fits) writing = this.#begin();
    writing.append(writeBlock(block, kind, this.#next, size, writing.seal));
    this.#next += block.bounds.length;
  }

  #begin(): SpoolSegment {
    if (this.#mustSeal && this.#key === undefined) throw new Error('the spool has no key yet');
    this.sync();
    const header = { ...this.identity, first: this.#next, made: Date.now() };
    const segment = SpoolSegment.make(this.folder, header, this.#key);
    if (this.#settings.sync === 'always') syncFolder(this.folder);
    this.#segments.push(segment);
    this.#writing = segment;
    return segment;
  }

  #mark(): void {
    const at = Date.now();
    const last = this.#marks.at(-1);
    if (last !== undefined && at - last.at < MARK_EVERY) last.last = this.#next - 1;
    else this.#marks.push({ last: this.#next - 1, at });
  }
}

export class SpoolFull extends Error {
  override readonly name = 'SpoolFull';

  constructor() {
    super('the spool is full');
  }
}
