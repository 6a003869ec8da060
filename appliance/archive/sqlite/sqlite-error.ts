/** What SQLite says, in words that tell an administrator what to do. */
import { ArchiveError } from '../archive-error.ts';

interface Told {
  readonly what: string;
  readonly advice: string;
  /** It may pass: the same may be tried again. */
  readonly retry?: true;
}

/** By the beginning of the result code: https://sqlite.org/rescode.html */
const TOLD: readonly (readonly [code: string, told: Told])[] = [
  [
    'SQLITE_BUSY',
    {
      what: 'another process has been writing to the archive for too long',
      advice: 'See who has the file open (fuser, lsof), and try again.',
      retry: true,
    },
  ],
  [
    'SQLITE_LOCKED',
    { what: 'the archive is in use', advice: 'Try again when it is not.', retry: true },
  ],
  [
    'SQLITE_FULL',
    {
      what: 'there is no space left on its device',
      advice: 'Free space there, or move the archive to a larger device.',
      retry: true,
    },
  ],
  [
    'SQLITE_READONLY_DIRECTORY',
    {
      what: 'its folder cannot be written to, and SQLite keeps its log beside the file',
      advice: 'Run this as the user that owns the archive, or copy the file to a folder of yours.',
    },
  ],
  [
    'SQLITE_READONLY',
    {
      what: 'it cannot be written to',
      advice: 'Run this as the user that owns the archive.',
    },
  ],
  [
    'SQLITE_CANTOPEN',
    {
      what: 'the file, or its log beside it (-wal, -shm), cannot be opened',
      advice: 'Check the path, its permissions, and that its folder can be written to.',
    },
  ],
  [
    'SQLITE_NOTADB',
    { what: 'is not an archive of Sallyport', advice: 'Name the file that --archive made.' },
  ],
  [
    'SQLITE_CORRUPT',
    {
      what: 'the file is damaged',
      advice:
        'Stop writing to it, and restore a backup (sallyport archive restore); verify names what is there.',
    },
  ],
  [
    'SQLITE_IOERR',
    {
      what: 'the device fails to read or write it',
      advice: 'Look into the log of the system (dmesg) for what is wrong with the device.',
      retry: true,
    },
  ],
  ['SQLITE_PERM', { what: 'permission denied', advice: 'Run this as the owner of the archive.' }],
];

/** Any error of SQLite at `where`; others are as they are. */
export function sqliteError(error: unknown, where: string): unknown {
  const code = codeOf(error);
  if (code === undefined || !(error instanceof Error)) return error;
  const told = TOLD.find(([start]) => code.startsWith(start))?.[1];
  if (told === undefined) return new ArchiveError(`${where}: ${error.message} (${code})`);
  return new ArchiveError(`${where}: ${told.what} (${code})`, told.advice, told.retry ?? false);
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  const { code } = error;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : undefined;
}
