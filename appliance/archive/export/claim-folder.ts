/** One writer at a time: its process is named in the folder, and one that is gone does not count. */
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { errorCode, UserError } from '../../cli/user-error.ts';

const WRITER = 'writer';
/** Made by who takes over from a process that is gone: of two that would, one does. */
const TAKING = 'taking-over';
/** Milliseconds in which a writer that is there has its name. */
const NAMING = 10_000;
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/** `partial`: the folder of what is not finished; `out`: the export as people name it. Throws UserError. */
export function claimFolder(partial: string, out: string): void {
  const writer = join(partial, WRITER);
  if (named(writer)) return;
  const taking = join(partial, TAKING);
  try {
    mkdirSync(taking, { mode: PRIVATE_FOLDER });
  } catch (error) {
    if (errorCode(error) === 'EEXIST') throw busy(out, writer, TAKING);
    throw error;
  }
  try {
    if (isHeld(writer)) throw busy(out, writer, WRITER);
    rmSync(writer, { force: true });
    if (!named(writer)) throw busy(out, writer, WRITER);
  } finally {
    rmdirSync(taking);
  }
}

/** Another may continue it. */
export function leaveFolder(partial: string): void {
  rmSync(join(partial, WRITER), { force: true });
}

/** False: there is a writer. */
function named(writer: string): boolean {
  try {
    const file = openSync(writer, 'wx', PRIVATE_FILE);
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function nameIn(writer: string): string {
  try {
    return readFileSync(writer, 'latin1').slice(0, 20);
  } catch {
    return ''; // it has just left
  }
}

function busy(out: string, writer: string, mark: string): UserError {
  return new UserError(
    `${out}: another process (${nameIn(writer)}) is writing this export`,
    `Wait until it has ended. If it is no export, remove .partial/${mark}.`,
  );
}

function isHeld(writer: string): boolean {
  const name = nameIn(writer);
  const made = statSync(writer, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  // Without a name it is just being made; or its process ended that moment, long ago.
  return name === '' ? Date.now() - made < NAMING : isRunning(Number(name));
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
