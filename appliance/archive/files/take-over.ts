/**
 * Takes what waits in `incoming/` into the archive: the octets into the store, a row that ties them to the
 * record of their event, and a record of its own that tells what is kept, chained like every other. After a
 * crash in the middle the same note is taken again, and nothing comes twice.
 *
 * Every archive has one that runs it: its writer.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Archive } from '../archive.ts';
import type { Envelope } from '../contract.ts';
import type { Appender } from '../record/appender.ts';
import { columnText } from '../record/column-text.ts';
import { eventFacts } from '../record/event-facts.ts';
import { subjectOf } from '../record/subject-of.ts';
import { homePaths } from '../target.ts';
import { FILE_KEY_OCTETS } from './file-cipher.ts';
import { fileKeyId, keyOfFile } from './file-key.ts';
import type { FileRecord } from './file-record.ts';
import { FileStore } from './file-store.ts';
import type { FileLimits } from './incoming-folder.ts';
import { incomingSource } from './incoming-source.ts';
import { KEEPER } from './keeper.ts';
import { isHeld, type KeptNote, type KeptState, NOTE_SUFFIX } from './kept-note.ts';
import { LockedFile } from './note-key.ts';
import { recordOfNote } from './note-record.ts';
import { badOctets, type NoteRead, readNote } from './read-note.ts';
import { setAside } from './set-aside.ts';
import { COUNTED_AS, NOTHING_TAKEN, type TakeOverCounters } from './take-over-counters.ts';
import { tidyIncoming } from './tidy-incoming.ts';

/** Notes taken in one go: whoever calls has other work. */
const MOST_AT_ONCE = 256;
const TIME_AT_ONCE = 200; // milliseconds
/**
 * Milliseconds that a note waits for the record of its event, where nothing else is to be recorded; then policy
 * did not want the event.
 */
const PATIENCE = 60_000;

/** `path`: of the note. `to`: where what belongs to it is now; undefined: it could not be moved. */
export type TellAside = (path: string, why: string, to: string | undefined) => void;

export class FileTakeOver {
  readonly counters: TakeOverCounters;
  limits: FileLimits;
  /** Why a sealed file could not be opened in the last run, and waits on. */
  locked: string | undefined;
  readonly #archive: Archive;
  readonly #appender: Appender;
  readonly #incoming: string;
  readonly #store: FileStore;
  readonly #tell: TellAside;
  /** By the name of the note: milliseconds, of performance.now(), since when its record is missed. */
  readonly #missed = new Map<string, number>();
  /** Notes that wait for a key: their turn comes after that of the others. */
  readonly #keyless = new Set<string>();
  /** Notes that can be neither taken nor moved. */
  readonly #stuck = new Set<string>();

  /** What a crash left half done in the folders goes. */
  constructor(
    archive: Archive,
    limits: FileLimits,
    appender: Appender,
    counters: TakeOverCounters = { ...NOTHING_TAKEN },
    tell: TellAside = () => undefined,
  ) {
    const { incoming, files } = homePaths(archive.target);
    this.#archive = archive;
    this.limits = limits;
    this.counters = counters;
    this.#appender = appender;
    this.#incoming = incoming;
    this.#store = new FileStore(files);
    this.#tell = tell;
    mkdirSync(incoming, { recursive: true, mode: 0o700 });
    tidyIncoming(incoming);
  }

  /**
   * Takes what is there. `drained`: all events that were seen are records. `left`: there is more, or some of it
   * waits for its record.
   */
  async run(drained = true): Promise<{ readonly taken: number; readonly left: boolean }> {
    const notes = this.#notes();
    let taken = 0;
    let waiting = 0;
    this.locked = undefined;
    const until = performance.now() + TIME_AT_ONCE;
    for (const name of notes) {
      if (taken >= MOST_AT_ONCE || waiting >= MOST_AT_ONCE) break;
      if (taken > 0 && performance.now() > until) break;
      if (await this.#takeOrWait(name, drained)) taken += 1;
      else waiting += 1;
    }
    return { taken, left: taken < notes.length };
  }

  /** In the order of their events. */
  #notes(): readonly string[] {
    const names = readdirSync(this.#incoming).filter((name) => name.endsWith(NOTE_SUFFIX));
    const there = new Set(names);
    for (const known of [this.#missed, this.#keyless, this.#stuck]) {
      for (const name of known.keys()) if (!there.has(name)) known.delete(name);
    }
    const notes = names.filter((name) => !this.#stuck.has(name)).sort();
    const last = notes.filter((name) => this.#keyless.has(name));
    return [...notes.filter((name) => !this.#keyless.has(name)), ...last];
  }

  /** False: as `#take`, or it is sealed and its key is away. */
  async #takeOrWait(name: string, drained: boolean): Promise<boolean> {
    try {
      return await this.#take(name, drained);
    } catch (error) {
      if (!(error instanceof LockedFile)) throw error;
      this.locked ??= error.message;
      if (!this.#keyless.has(name)) this.counters.keyless += 1;
      this.#keyless.add(name);
      return false;
    }
  }

  /** False: the record of its event is not there yet, or it is to be tried once more. */
  async #take(name: string, drained: boolean): Promise<boolean> {
    const path = join(this.#incoming, name);
    const octets = path.slice(0, -NOTE_SUFFIX.length);
    const read = readNote(this.#incoming, name);
    if (read === undefined) return true; // an erasure was here
    const { note, bad = badOctets(octets) }: NoteRead = read;
    if (note === undefined || bad !== undefined) {
      this.#setAside(name, bad ?? '');
      return true;
    }
    const record = await recordOfNote(this.#archive.database, note);
    if (record === undefined) {
      if (!drained || this.#missedFor(name) < PATIENCE) return false;
      this.counters.orphaned += 1;
    } else if (await this.#isErased(record)) {
      this.counters.orphaned += 1;
      const { sha256 } = note;
      if (sha256 !== undefined && !(await this.#isKept(sha256))) this.#store.remove(sha256);
    } else if (!(await this.#keep(note, record, octets))) return false;
    rmSync(path, { force: true });
    rmSync(octets, { force: true });
    return true;
  }

  /** Not by the clock of the machine: it may jump. */
  #missedFor(name: string): number {
    const now = performance.now();
    const since = this.#missed.get(name) ?? now;
    this.#missed.set(name, since);
    return now - since;
  }

  #setAside(name: string, why: string): void {
    const octets = name.slice(0, -NOTE_SUFFIX.length);
    const to = setAside(this.#incoming, octets === '' ? [name] : [octets, name]);
    if (to === undefined) this.#stuck.add(name);
    this.counters.setAside += 1;
    this.#tell(join(this.#incoming, name), why, to);
  }

  /** False: meanwhile the content that was there has been swept, or the person erased. Rejects with LockedFile. */
  async #keep(note: KeptNote, record: FileRecord, source: string): Promise<boolean> {
    const { sequence, envelope } = record;
    const { database, vault } = this.#archive;
    const { sha256 = '', size, mime } = note;
    let { state } = note;
    let key: Uint8Array | undefined;
    let isNew = false;
    if (isHeld(state)) {
      const known = await this.#isKept(sha256);
      if (known && vault.encrypts) key = await keyOfFile(database, vault, sha256);
      isNew = !known || (vault.encrypts && key === undefined);
      if (isNew && vault.encrypts) key = randomBytes(FILE_KEY_OCTETS);
      if (isNew) state = await this.#storeNew(note, source, key);
    }
    const sealedKey =
      isHeld(state) && key !== undefined
        ? vault.seal(subjectIn(envelope), fileKeyId(sha256), key)
        : null;
    const isDone = await database.transaction(async (inside) => {
      if (await this.#isErased(record, inside)) return false;
      // Who sweeps removes files within a transaction as well.
      if (isHeld(state) && !(isNew ? this.#store.has(sha256) : await this.#isKept(sha256, inside)))
        return false;
      if (isHeld(state) && isNew) {
        await inside.run(
          `INSERT INTO file (sha256, size, mime, stored, sealed, gone) VALUES (?, ?, ?, ?, ?, NULL)
           ON CONFLICT (sha256) DO UPDATE SET
             stored = excluded.stored, sealed = excluded.sealed, gone = NULL`,
          sha256,
          size,
          mime === undefined ? null : columnText(mime),
          Date.now() * 1000,
          key === undefined ? 0 : 1,
        );
      }
      const added = await inside.run(
        `INSERT INTO transfer (sequence, sha256, state, file_key) VALUES (?, ?, ?, ?)
         ON CONFLICT (sequence, sha256) DO NOTHING`,
        sequence,
        sha256,
        state,
        sealedKey,
      );
      if (added === 0) return true; // taken before a crash
      const details = { record: sequence, state, size, ...(sha256 === '' ? {} : { sha256 }) };
      const audit = { action: 'keep-file', ...KEEPER, details };
      await this.#appender.within(inside, [{ kind: 'audit', audit }]);
      return true;
    });
    if (isDone) this.#count(state, isNew, size);
    return isDone;
  }

  /** Its person was erased while the file waited. */
  async #isErased({ sequence }: FileRecord, database = this.#archive.database): Promise<boolean> {
    const rows = await database.rows('SELECT 1 AS gone FROM erasure WHERE sequence = ?', sequence);
    return rows.length > 0;
  }

  /** What has become of it. Rejects with LockedFile. */
  async #storeNew(note: KeptNote, source: string, key: Uint8Array | undefined): Promise<KeptState> {
    const { database, vault } = this.#archive;
    const { limits } = this;
    const { state, sha256 = '', size } = note;
    if (size > limits.largest) return 'too-large';
    const [sum] = await database.rows<{ octets: number | string | null }>(
      'SELECT SUM(size) AS octets FROM file WHERE gone IS NULL',
    );
    if (Number(sum?.octets ?? 0) + size > limits.total) return 'no-room';
    if (!existsSync(source)) return 'behind';
    const octets = incomingSource(source, note, vault.spool);
    return (await this.#store.put(octets, sha256, size, key)) ? state : 'damaged';
  }

  async #isKept(sha256: string, database = this.#archive.database): Promise<boolean> {
    const [row] = await database.rows<{ gone: number | null }>(
      'SELECT gone FROM file WHERE sha256 = ?',
      sha256,
    );
    return row?.gone === null && this.#store.has(sha256);
  }

  #count(state: KeptState, isNew: boolean, size: number): void {
    const { counters } = this;
    if (!isHeld(state)) counters[COUNTED_AS[state]] += 1;
    else if (isNew) {
      counters.kept += 1;
      counters.octets += size;
    } else counters.repeated += 1;
  }
}

/** Whose transfer it was; a record without content does not say whose key would seal it. */
function subjectIn({ subject, event }: Envelope): string {
  return subject ?? subjectOf(eventFacts(event ?? {}));
}
