/**
 * A note in `incoming/`, whatever lies there under its name: nothing is waited for, no link is followed, and no more
 * is read than a note can have.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, systemErrorText } from '../../cli/user-error.ts';
import { type KeptNote, NOTE_SUFFIX, parseNote } from './kept-note.ts';

/** Octets: a type of 200 characters, each escaped, and the rest, twice over. */
const LARGEST = 4096;
const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
/** Of what no other attempt will find otherwise; what else the system says is its own fault, not the note's. */
const NEVER = new Set(['EACCES', 'EPERM', 'ELOOP', 'ENXIO', 'EISDIR', 'ENODEV']);

export type NoteRead =
  | { readonly note: KeptNote; readonly bad?: undefined }
  /** Why it is none. */
  | { readonly note?: undefined; readonly bad: string };

/** undefined: it is gone meanwhile. Throws what the file system says where a later attempt may succeed. */
export function readNote(folder: string, name: string): NoteRead | undefined {
  const text = readSmall(join(folder, name));
  if (text === undefined) return undefined;
  if (typeof text !== 'string') return text;
  const note = parseNote(text);
  if (note === undefined) return { bad: 'its note is damaged, or forged' };
  if (name !== `${note.id}${NOTE_SUFFIX}`) return { bad: 'its note is that of another file' };
  return { note };
}

/** Why the octets of a note cannot be taken; undefined: they can, or are not there. */
export function badOctets(path: string): string | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  if (!found.isFile()) return 'it is no file';
  const opened = openOwn(path);
  if (typeof opened !== 'number') return opened?.bad;
  closeSync(opened);
  return undefined;
}

function readSmall(path: string): string | { readonly bad: string } | undefined {
  const opened = openOwn(path);
  if (typeof opened !== 'number') return opened;
  try {
    const found = fstatSync(opened);
    if (!found.isFile()) return { bad: 'its note is no file' };
    if (found.size > LARGEST) return { bad: `its note is larger than ${LARGEST} octets` };
    const octets = Buffer.alloc(LARGEST);
    return octets.toString('utf8', 0, readSync(opened, octets));
  } finally {
    closeSync(opened);
  }
}

function openOwn(path: string): number | { readonly bad: string } | undefined {
  try {
    return openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') return undefined;
    if (code === 'ELOOP') return { bad: 'it is a link' };
    if (code === undefined || !NEVER.has(code)) throw error;
    return { bad: `it cannot be read: ${systemErrorText(error)}` };
  }
}
