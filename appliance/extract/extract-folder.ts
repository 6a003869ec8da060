/**
 * `--extract DIR`: writes each transferred file into one folder, and says in `files.jsonl` there what it
 * is, by whom, for whom.
 *
 * Nothing outside DIR is ever written and nothing in it is ever replaced: content goes to a file of our
 * own making that no name from the network touches, and gets its safe name by a link, which fails where
 * the name is taken. A file over the limit is not kept, and counted; what the disk refuses is told once.
 */
import {
  closeSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { encodeEvent } from '../../src/event/encode.ts';
import type { ImEvent } from '../../src/event/event.ts';
import type { ContentSink, ContentWriter } from '../../src/inspect/content/content-sink.ts';
import { systemErrorText, UserError } from '../cli/user-error.ts';
import { numbered, safeName } from './safe-name.ts';

export const INDEX = 'files.jsonl';
const PARTIAL = '.partial-';
/** Transfers kept at a time: a descriptor each. */
const MOST_OPEN = 256;
/** Files of one name. */
const MOST_NUMBERED = 100_000;
const OWNER_ONLY = 0o600;

export interface ExtractLimits {
  /** Octets of one file. */
  readonly file: number;
  /** Octets of all files together. */
  readonly total: number;
}

export interface ExtractCounters {
  /** Files written. */
  written: number;
  octets: number;
  /** The same content under the same name again: the other leg of a transfer. Listed, not written. */
  repeated: number;
  /** Over a limit. */
  tooLarge: number;
  /** Beyond MOST_OPEN at a time. */
  refused: number;
  /** Not whole when their connection ended. */
  incomplete: number;
}

export class ExtractFolder implements ContentSink {
  readonly counters: ExtractCounters = {
    written: 0,
    octets: 0,
    repeated: 0,
    tooLarge: 0,
    refused: 0,
    incomplete: 0,
  };
  readonly folder: string;
  readonly #limits: ExtractLimits;
  readonly #index: number;
  /** Where a content went, by its digest and name. */
  readonly #known = new Map<string, string>();
  #next = 0;
  #open = 0;
  #reserved = 0; // octets of transfers under way
  #fault: string | undefined = undefined;

  /** Makes the folder where there is none. Throws UserError. */
  constructor(folder: string, limits: ExtractLimits) {
    this.folder = folder;
    this.#limits = limits;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const own = readdirSync(folder).filter((name) => name === INDEX || name.startsWith(PARTIAL));
      if (own.length > 0) {
        throw new UserError(
          `${folder}: holds the files of another run (${own[0]}): nothing there is replaced`,
          'Name an empty or new folder after --extract.',
        );
      }
      this.#index = openSync(join(folder, INDEX), 'wx', OWNER_ONLY);
    } catch (error) {
      if (error instanceof UserError) throw error;
      const why = systemErrorText(error);
      if (why === undefined) throw error;
      throw new UserError(`${folder}: files cannot be extracted there: ${why}`);
    }
  }

  /** What the disk refused, in the user's words; the first time. */
  get fault(): string | undefined {
    return this.#fault;
  }

  open(): ContentWriter | undefined {
    if (this.#open >= MOST_OPEN || this.#fault !== undefined) {
      this.counters.refused += 1;
      return undefined;
    }
    const path = join(this.folder, `${PARTIAL}${this.#next++}`);
    const file = this.#try(() => openSync(path, 'wx', OWNER_ONLY));
    if (file === undefined) return undefined;
    this.#open += 1;
    let octets = 0;
    let kept = true;
    const drop = () => {
      closeSync(file);
      this.#try(() => unlinkSync(path));
      this.#open -= 1;
      this.#reserved -= octets;
      kept = false;
    };
    return {
      write: (part) => {
        if (!kept) return;
        octets += part.length;
        this.#reserved += part.length;
        const { file: most, total } = this.#limits;
        if (octets > most || this.counters.octets + this.#reserved > total) {
          this.counters.tooLarge += 1;
          drop();
        } else if (this.#try(() => writeAll(file, part)) === undefined) drop();
      },
      complete: (event) => {
        if (!kept) return;
        this.#keep(path, event, octets);
        drop();
      },
      discard: () => {
        if (!kept) return;
        this.counters.incomplete += 1;
        drop();
      },
    };
  }

  close(): void {
    closeSync(this.#index);
  }

  #keep(path: string, event: ImEvent, octets: number): void {
    const offset = event.file?.offset ?? 0;
    // After a resumption only the tail passed: it is no file of that name.
    const name = safeName(event.file?.name) + (offset > 0 ? `.from-${offset}` : '');
    const key = `${event.file?.sha256 ?? ''}\n${name}`;
    const known = this.#known.get(key);
    if (known !== undefined) {
      this.counters.repeated += 1;
      this.#list(known, event);
      return;
    }
    const given = this.#try(() => linked(path, this.folder, name));
    if (given === undefined) return;
    this.counters.written += 1;
    this.counters.octets += octets;
    if (event.file?.sha256 !== undefined) this.#known.set(key, given);
    this.#list(given, event);
  }

  /** A line: the name in the folder, then the event that completed it. */
  #list(name: string, event: ImEvent): void {
    const line = `{"path":${JSON.stringify(name)},"event":${encodeEvent(event)}}\n`;
    this.#try(() => writeAll(this.#index, Buffer.from(line)));
  }

  /** What `work` gives; undefined where the operating system would not, which is kept as the fault. */
  #try<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      const why = systemErrorText(error);
      if (why === undefined) throw error;
      this.#fault ??= `${this.folder}: files cannot be extracted there: ${why}`;
      return undefined;
    }
  }
}

function writeAll(file: number, octets: Uint8Array): number {
  let at = 0;
  while (at < octets.length) at += writeSync(file, octets, at);
  return at;
}

/** Gives the file its name in the folder, or the next free one. */
function linked(path: string, folder: string, name: string): string {
  for (let count = 1; count < MOST_NUMBERED; count++) {
    const candidate = count === 1 ? name : numbered(name, count);
    if (isTaken(join(folder, candidate))) continue;
    linkSync(path, join(folder, candidate)); // fails where the name was taken meanwhile
    return candidate;
  }
  throw new UserError(`${folder}: holds ${MOST_NUMBERED} files named ${name}`);
}

function isTaken(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
