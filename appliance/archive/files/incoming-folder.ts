/**
 * Where content waits between the wire and the archive: the folder `incoming/` of the archive. Octets are
 * appended to a file of our own naming while they pass, sealed where the archive encrypts; when the transfer is
 * whole and a rule asked to keep it, the file gets the event's id for a name and a note beside it, else it goes.
 *
 * Nothing is awaited and nothing is synced here: take-over.ts checks the digest of what it takes.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorText } from '../../cli/user-error.ts';
import type { DataKey } from '../vault/data-keys.ts';
import type { BegunTransfer } from './asked-transfers.ts';
import type { FileReceiver, FileWriter, WholeFile } from './file-receiver.ts';
import { countIncoming, type IncomingCounters, noneIncoming } from './incoming-counters.ts';
import { IncomingFile } from './incoming-file.ts';
import { isHeld, type KeptNote, type KeptState, NOTE_SUFFIX, PARTIAL_SUFFIX } from './kept-note.ts';
import type { NoteKey } from './note-key.ts';

/** Transfers kept at a time: a descriptor each. */
const MOST_OPEN = 256;
/** Notes that wait to be taken: a file each, two with the octets. */
const MOST_WAITING = 10_000;
const OWNER_ONLY = 0o600;
/** Milliseconds between two looks at what the archive has taken, where there is no room. */
const LOOK_EVERY = 1000;

export interface FileLimits {
  /** Octets of one file. */
  readonly largest: number;
  /** Octets of all files of the archive; what waits in `incoming/` stays below it too. */
  readonly total: number;
}

export class IncomingFolder implements FileReceiver {
  readonly counters: IncomingCounters = noneIncoming();
  /** May change at any time: what is under way is held to the new ones too. */
  limits: FileLimits;
  /** Wraps the keys of files that begin from now on; undefined: they are plain. */
  key: DataKey | undefined;
  readonly #folder: string;
  readonly #prefix: string;
  #next = 0;
  #open = 0;
  #notes = 0;
  #notesLookedAt = 0;
  /** Octets of transfers under way, and of what was handed over and is still there (by name). */
  #waiting = 0;
  readonly #handed = new Map<string, number>();
  #lookedAt = 0;
  #made = false;
  #fault: string | undefined = undefined;

  /** `name` tells writers of one folder apart. The folder is made when something is to be written. */
  constructor(folder: string, limits: FileLimits, name: string, key?: DataKey) {
    this.key = key;
    this.#folder = folder;
    this.limits = limits;
    this.#prefix = name;
  }

  /** What the disk refused first, in the user's words. */
  get fault(): string | undefined {
    return this.#fault;
  }

  unfinished({ id, time }: BegunTransfer): void {
    this.refuse({ v: 1, id, time, state: 'unfinished', size: 0 });
  }

  /** Tells of what is not there: `note` says why. */
  refuse(note: KeptNote): void {
    countIncoming(this.counters, note.state, note.size);
    this.#note(note);
  }

  open(): FileWriter {
    const path = join(this.#folder, `${this.#prefix}-${this.#next++}${PARTIAL_SUFFIX}`);
    let state: KeptState = 'kept';
    let size = 0;
    /** undefined: not begun, or given up. */
    let file: IncomingFile | undefined;
    const drop = (why: KeptState) => {
      state = why;
      if (file === undefined) return;
      this.#closed(file, size);
      file = undefined;
      this.#try(() => unlinkSync(path));
    };
    return {
      write: (octets) => {
        if (!isHeld(state)) {
          size += octets.length;
          return;
        }
        if (size === 0 && file === undefined) {
          if (this.#open >= MOST_OPEN) state = 'too-many';
          else {
            this.#make();
            file = this.#try(() => new IncomingFile(path, this.key));
          }
          if (file !== undefined) this.#open += 1;
          else if (isHeld(state)) state = 'behind';
        }
        if (size + octets.length > this.limits.largest) drop('too-large');
        else if (!this.#hasRoom(octets.length)) drop('no-room');
        size += octets.length;
        if (file === undefined) return;
        this.#waiting += octets.length;
        const into = file;
        if (!this.#done(() => into.write(octets))) drop('behind');
      },
      keep: (whole) => {
        this.#keep(whole, path, file, state, size);
        file = undefined;
      },
      discard: () => drop('unfinished'),
    };
  }

  /** And what a run left that ended in the middle goes. */
  #make(): void {
    if (this.#made) return;
    this.#made = true;
    this.#try(() => {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      for (const left of readdirSync(this.#folder)) {
        if (!left.startsWith(`${this.#prefix}-`) || !left.endsWith(PARTIAL_SUFFIX)) continue;
        unlinkSync(join(this.#folder, left));
      }
    });
  }

  #hasRoom(octets: number): boolean {
    const { total } = this.limits;
    if (this.#waiting + octets <= total) return true;
    const now = performance.now();
    if (now < this.#lookedAt + LOOK_EVERY) return false;
    this.#lookedAt = now;
    for (const [id, size] of this.#handed) {
      if (existsSync(join(this.#folder, id))) continue; // not taken yet
      this.#handed.delete(id);
      this.#waiting -= size;
    }
    return this.#waiting + octets <= total;
  }

  #keep(
    { id, time, sha256, mime, offset }: WholeFile,
    path: string,
    file: IncomingFile | undefined,
    state: KeptState,
    size: number,
  ): void {
    let found = state;
    let sealed: NoteKey | undefined;
    const last = () => {
      sealed = file?.end(id);
    };
    const isWritten = file !== undefined && isHeld(state) && this.#canNote() && this.#done(last);
    if (file !== undefined) this.#closed(file, size);
    if (isHeld(state) && (file === undefined ? !this.#canNote() : !isWritten)) {
      found = 'behind';
      if (file !== undefined) this.#try(() => unlinkSync(path));
    } else if (isHeld(state)) {
      if (offset > 0) found = 'part';
      const into = join(this.#folder, id);
      this.#make();
      const there = this.#done(() => {
        if (file !== undefined) renameSync(path, into);
        else writeFileSync(into, '', { flag: 'wx', mode: OWNER_ONLY }); // an empty file
      });
      if (!there || sha256 === undefined) found = 'behind';
      else {
        this.#handed.set(id, size);
        this.#waiting += size;
      }
    }
    countIncoming(this.counters, found, size);
    this.#note({
      v: 1,
      id,
      time,
      state: found,
      size,
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(mime === undefined ? {} : { mime: mime.slice(0, 200) }),
      ...(sealed !== undefined && isHeld(found) ? { sealed } : {}),
    });
  }

  /** Whole or not at all: under its name only when it is written. */
  #note(note: KeptNote): void {
    if (!isHeld(note.state) && !this.#canNote()) return; // counted
    this.#notes += 1;
    this.#make();
    const path = join(this.#folder, `${note.id}${NOTE_SUFFIX}`);
    this.#try(() => {
      writeFileSync(`${path}${PARTIAL_SUFFIX}`, `${JSON.stringify(note)}\n`, { mode: OWNER_ONLY });
      renameSync(`${path}${PARTIAL_SUFFIX}`, path);
    });
  }

  /** Whether one more may wait; those that were taken are found by a look, once in a while. */
  #canNote(): boolean {
    if (this.#notes < MOST_WAITING) return true;
    const now = performance.now();
    if (now < this.#notesLookedAt + LOOK_EVERY) return false;
    this.#notesLookedAt = now;
    this.#notes = this.#try(() => readdirSync(this.#folder).length) ?? MOST_WAITING;
    return this.#notes < MOST_WAITING;
  }

  #closed(file: IncomingFile, octets: number): void {
    this.#open -= 1;
    this.#waiting -= octets;
    this.#try(() => file.close());
  }

  #done(work: () => void): boolean {
    return this.#try(() => work() ?? true) ?? false;
  }

  /** What `work` gives; undefined where the operating system would not, which is kept as the fault. */
  #try<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      const why = systemErrorText(error);
      if (why === undefined) throw error;
      this.#fault ??= `${this.#folder}: files cannot be kept there: ${why}`;
      return undefined;
    }
  }
}
