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
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { errorCode, systemErrorText, UserError } from '../../cli/user-error.ts';
import { AppendFile } from './append-file.ts';
import { type ExportState, exportStateSchema } from './export-state.ts';

export const PARTIAL = '.partial';
/** `sha256sum -c SHA256SUMS` checks the export, too. */
export const CHECKSUMS = 'SHA256SUMS';
const STATE = 'state.json';
const WRITER = 'writer';
const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;

export class ExportFolder {
  readonly path: string;
  /** What an earlier run left to continue from. */
  readonly saved: ExportState | undefined;
  readonly #growing = new Map<string, AppendFile>();
  readonly #checksums: AppendFile;
  /** Whole files that the disk may not have yet: all at once is far cheaper than each when it is written. */
  #unsynced: string[] = [];

  private constructor(path: string, saved: ExportState | undefined) {
    this.path = path;
    this.saved = saved;
    this.#checksums = this.append(CHECKSUMS);
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
      claim(path, out);
      return new ExportFolder(path, undefined);
    } catch (error) {
      throw explained(error, out);
    }
  }

  /** One that was interrupted. Throws UserError. */
  static resume(out: string): ExportFolder {
    const saved = ExportFolder.readState(out);
    const path = resolve(out);
    try {
      claim(path, out);
      return new ExportFolder(path, saved);
    } catch (error) {
      throw explained(error, out);
    }
  }

  /** What an interrupted export left to continue from. Throws UserError. */
  static readState(out: string): ExportState {
    const partial = join(resolve(out), PARTIAL);
    let text: string;
    try {
      if (!lstatSync(partial).isDirectory()) throw new UserError(`${out}: is no export`);
      text = readFileSync(join(partial, STATE), 'utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') {
        throw new UserError(
          `${out}: holds no export that was interrupted`,
          'Without --resume a new one is made, in a new folder.',
        );
      }
      throw explained(error, out);
    }
    const saved = exportStateSchema.safeParse(asJson(text));
    if (saved.success) return saved.data;
    throw new UserError(
      `${out}: ${PARTIAL}/${STATE} is not what an export wrote`,
      'Export anew, into another folder.',
    );
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
    if (cut > 0)
      mkdirSync(join(this.path, name.slice(0, cut)), { recursive: true, mode: PRIVATE_FOLDER });
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
  save(state: Omit<ExportState, 'files'>): void {
    this.#sync();
    const files: Record<string, number> = {};
    for (const [name, file] of this.#growing) files[name] = file.save();
    this.write(`${PARTIAL}/${STATE}`, JSON.stringify({ ...state, files }));
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
    this.close();
    this.#sync();
    sync(this.path);
    rmSync(join(this.path, PARTIAL), { recursive: true });
    sync(this.path);
  }

  /** Another may continue it. */
  leave(): void {
    this.close();
    rmSync(join(this.path, PARTIAL, WRITER), { force: true });
  }

  close(): void {
    for (const file of this.#growing.values()) file.close();
    this.#growing.clear();
  }

  #sync(): void {
    for (const name of this.#unsynced) sync(join(this.path, name));
    this.#unsynced = [];
  }

  #removeLeft(name: string): void {
    rmSync(join(this.path, name), { force: true });
  }
}

/** One writer at a time: its process is named, and one that is gone does not count. */
function claim(path: string, out: string): void {
  const writer = join(path, PARTIAL, WRITER);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const file = openSync(writer, 'wx', PRIVATE_FILE);
      writeSync(file, String(process.pid));
      closeSync(file);
      return;
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
    if (isRunning(Number(readFileSync(writer, 'utf8')))) break;
    rmSync(writer, { force: true });
  }
  throw new UserError(
    `${out}: another process (${readFileSync(writer, 'utf8')}) is writing this export`,
    `Wait until it has ended. If it is no export, remove ${PARTIAL}/${WRITER}.`,
  );
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
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

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function explained(error: unknown, out: string): unknown {
  const why = systemErrorText(error);
  if (error instanceof UserError || why === undefined) return error;
  return new UserError(`${out}: an export cannot be written there: ${why}`);
}
