/**
 * The folder of an export. While it is written it holds `.partial/`: the state to continue from, scratch, and who
 * writes. Everything else is made under names of our own, new, readable by its owner alone; whatever was there
 * before stops the export.
 */
import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { errorCode, systemErrorText, UserError } from '../../cli/user-error.ts';
import { ArchiveError } from '../archive-error.ts';
import type { SigningKey } from '../evidence/signing-key.ts';
import { AppendFile, type WrittenPart } from './append-file.ts';
import { claimFolder, leaveFolder } from './claim-folder.ts';
import type { ExportState, SavedState } from './export-state.ts';
import { proveSaved, readSaved, type SavedExport, savedText } from './saved-export.ts';

export const PARTIAL = '.partial';
/** `sha256sum -c SHA256SUMS` checks the export, too. */
export const CHECKSUMS = 'SHA256SUMS';
/** Folders remembered: one holds a thousand conversations. */
const MOST_FOLDERS = 10_000;
const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;

export class ExportFolder {
  readonly path: string;
  readonly #saved: SavedExport | undefined;
  readonly #growing = new Map<string, AppendFile>();
  /** Folders in it that are there. */
  readonly #folders = new Set<string>();
  readonly #checksums: AppendFile;
  /** Whole files that the disk may not have yet: all at once is far cheaper than each when it is written. */
  #unsynced: string[] = [];

  private constructor(path: string, saved: SavedExport | undefined) {
    this.path = path;
    this.#saved = saved;
    this.#checksums = this.append(CHECKSUMS);
  }

  /** What an earlier run left to continue from. */
  get saved(): SavedState | undefined {
    return this.#saved?.state;
  }

  /** Throws UserError where no new export can be made there. */
  static check(out: string): void {
    let names: string[];
    try {
      names = readdirSync(resolve(out));
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return;
      throw explained(error, out);
    }
    if (names.includes(PARTIAL)) {
      throw new UserError(
        `${out}: holds an export that is not finished`,
        'Continue it with --resume, or name another folder.',
      );
    }
    if (names.length === 0) return;
    throw new UserError(
      `${out}: is not empty, and an export overwrites nothing`,
      'Name a folder that is not there yet.',
    );
  }

  /** A new folder, or one that is there and empty. Throws UserError. */
  static create(out: string): ExportFolder {
    const path = resolve(out);
    ExportFolder.check(out);
    try {
      mkdirSync(path, { recursive: true, mode: PRIVATE_FOLDER });
      mkdirSync(join(path, PARTIAL), { mode: PRIVATE_FOLDER });
      claimFolder(join(path, PARTIAL), out);
      return new ExportFolder(path, undefined);
    } catch (error) {
      throw explained(error, out);
    }
  }

  /** One that was interrupted. Throws UserError. */
  static resume(out: string): ExportFolder {
    const path = resolve(out);
    const partial = join(path, PARTIAL);
    readSaved(partial, out); // is there one at all?
    try {
      claimFolder(partial, out);
    } catch (error) {
      throw explained(error, out);
    }
    try {
      return new ExportFolder(path, readSaved(partial, out));
    } catch (error) {
      leaveFolder(partial);
      throw explained(error, out);
    }
  }

  /** What an interrupted export was asked for. Throws UserError. */
  static readState(out: string): SavedState {
    return readSaved(join(resolve(out), PARTIAL), out).state;
  }

  /** Throws ArchiveError where what is continued from was not saved by an archive with this key. */
  prove(key: SigningKey | undefined): void {
    if (this.#saved !== undefined) proveSaved(this.#saved, key);
  }

  /** A file that grows until the end, and is continued after an interruption. */
  append(name: string): AppendFile {
    const known = this.#growing.get(name);
    if (known !== undefined) return known;
    const keep = this.saved?.files[name];
    if (this.saved !== undefined && keep === undefined) this.#removeLeft(name);
    const file = new AppendFile(join(this.path, name), keep);
    this.#growing.set(name, file);
    return file;
  }

  /** Scratch that goes away with the end of the export. */
  scratch(name: string): string {
    return join(this.path, PARTIAL, name);
  }

  /** What an interrupted run may have left there. */
  removeScratch(name: string): void {
    rmSync(this.scratch(name), { force: true });
  }

  /** Makes the folders of a file and gives its whole path. */
  place(name: string): string {
    const cut = name.lastIndexOf('/');
    if (cut > 0) this.#makeFolder(name.slice(0, cut));
    return join(this.path, name);
  }

  /** A whole file, from scratch: it is there at once, or not at all. */
  move(scratch: string, name: string): void {
    renameSync(scratch, this.place(name));
    this.#unsynced.push(name);
  }

  /** A whole small file. */
  write(name: string, octets: string | Uint8Array): void {
    const draft = this.scratch('draft');
    rmSync(draft, { force: true });
    const file = openSync(draft, 'wx', PRIVATE_FILE);
    try {
      const whole = typeof octets === 'string' ? Buffer.from(octets, 'utf8') : octets;
      for (let at = 0; at < whole.length; ) at += writeSync(file, whole, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, this.place(name));
  }

  /** Notes the digest of a file that will not change any more. */
  list(name: string, sha256: string): void {
    this.#checksums.text(`${sha256}  ${name}\n`);
  }

  /** From here an interrupted export can be continued. */
  save(state: ExportState, key: SigningKey | undefined): void {
    this.#sync();
    const files: Record<string, WrittenPart> = {};
    for (const [name, file] of this.#growing) files[name] = file.save();
    const { name, text } = savedText({ ...state, files }, key);
    this.write(`${PARTIAL}/${name}`, text);
  }

  /** Closes a file that grew, and lists it. */
  finish(name: string): void {
    const file = this.#growing.get(name);
    if (file === undefined) return;
    this.#growing.delete(name);
    this.list(name, file.close());
    this.#unsynced.push(name);
  }

  /** Closes the list. Returns its SHA-256 in hex. */
  finishList(): string {
    this.#growing.delete(CHECKSUMS);
    this.#checksums.save();
    return this.#checksums.close();
  }

  /** The export is whole. */
  complete(): void {
    this.#abandon();
    this.#sync();
    sync(this.path);
    rmSync(join(this.path, PARTIAL), { recursive: true });
    sync(this.path);
  }

  /** Another may continue it, from what was saved last. */
  leave(): void {
    this.#abandon();
    leaveFolder(join(this.path, PARTIAL));
  }

  #abandon(): void {
    for (const file of this.#growing.values()) file.abandon();
    this.#growing.clear();
  }

  /** Link by link: a folder of an interrupted export may have become a link to elsewhere. */
  #makeFolder(name: string): void {
    if (this.#folders.has(name)) return;
    if (this.#folders.size >= MOST_FOLDERS) this.#folders.clear();
    const cut = name.lastIndexOf('/');
    if (cut > 0) this.#makeFolder(name.slice(0, cut));
    const path = join(this.path, name);
    mkdirSync(path, { recursive: true, mode: PRIVATE_FOLDER });
    if (!lstatSync(path).isDirectory())
      throw new ArchiveError(`${path}: is no folder of an export`);
    this.#folders.add(name);
  }

  #sync(): void {
    for (const name of this.#unsynced) sync(join(this.path, name));
    this.#unsynced = [];
  }

  #removeLeft(name: string): void {
    rmSync(join(this.path, name), { force: true });
  }
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function explained(error: unknown, out: string): unknown {
  const why = systemErrorText(error);
  if (error instanceof UserError || why === undefined) return error;
  return new UserError(`${out}: an export cannot be written there: ${why}`);
}
