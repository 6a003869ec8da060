/**
 * The file of an archive, opened: WAL, so that it is read while it is written; durable at every commit, since
 * the spool forgets what was committed; what is deleted is overwritten.
 */
import { accessSync, closeSync, constants, fsyncSync, openSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import Database from 'better-sqlite3';
import { errorCode, systemErrorText } from '../../cli/user-error.ts';
import { ArchiveError } from '../archive-error.ts';
import { otherTables, recordIndexes, recordTable, SCHEMA_VERSION, SQLITE } from '../schema.ts';
import { sqliteError } from './sqlite-error.ts';

/** Milliseconds that a writer waits for another one. */
const BUSY = 30_000;
/** "SALP": tells an archive from other SQLite files, also for file(1). */
const APPLICATION_ID = 0x53414c50;
/** KiB of pages in memory, of one that writes and of one that reads. */
const WRITER_CACHE = 64 * 1024;
const READER_CACHE = 16 * 1024;
/** Octets: records of half a KiB are written a fifth faster than with pages of 4 KiB. */
const PAGE = 8192;
/** Pages in the log before they are moved to the file. */
const CHECKPOINT_PAGES = 8 * 1024;
/** Octets of the log that are kept for use again. */
const LOG_KEPT = 64 * 1024 * 1024;

/** Words only: search/words.ts has made them what they are. */
const INDEX = `CREATE VIRTUAL TABLE record_text USING fts5(
  terms, content='', contentless_delete=1, tokenize='ascii', detail=full)`;
/**
 * They stay in the file. What a transaction of 16 000 events puts into the index takes between 1 and 2 MiB of
 * memory: it is written as one piece, not as two. Eight pieces of a size become one, not four, so that the same
 * words are written again less often; no more than 16 of a size wait, as before.
 */
const INDEX_SETTINGS = [
  `INSERT INTO record_text (record_text, rank) VALUES ('hashsize', 4194304)`, // octets
  `INSERT INTO record_text (record_text, rank) VALUES ('automerge', 8)`,
];

export interface SqliteOptions {
  /** Make the file where there is none. */
  readonly create: boolean;
  readonly readOnly: boolean;
  /** Milliseconds that it waits for others; BUSY. */
  readonly patience?: number;
}

/** Throws ArchiveError. */
export function openSqlite(path: string, options: SqliteOptions): Database.Database {
  const { create, readOnly, patience = BUSY } = options;
  if (create) makeFile(path);
  mustBeFile(path);
  let file: Database.Database | undefined;
  try {
    file = new Database(path, { readonly: readOnly, fileMustExist: true, timeout: patience });
    // Many statements while rows are read, as purge does it; SQLite itself allows that.
    file.unsafeMode(true);
    file.defaultSafeIntegers(false);
    const isNew = isEmpty(file);
    if (isNew ? !create : file.pragma('application_id', { simple: true }) !== APPLICATION_ID) {
      throw new ArchiveError(
        `${path}: is not an archive of Sallyport`,
        'Name the file that --archive made.',
      );
    }
    if (!readOnly) prepareToWrite(file);
    file.pragma(`cache_size = -${readOnly ? READER_CACHE : WRITER_CACHE}`);
    if (isNew) makeTables(file);
    return file;
  } catch (error) {
    file?.close();
    throw notOpened(error, path);
  }
}

/** A further connection that reads what is committed. */
export function openReader(path: string): Database.Database {
  try {
    const file = new Database(path, {
      readonly: true,
      fileMustExist: true,
      timeout: BUSY,
    });
    file.pragma(`cache_size = -${READER_CACHE}`);
    return file;
  } catch (error) {
    throw sqliteError(error, path);
  }
}

/** SQLite has one word for all that forbids it to open a file or to make its log: what it was is asked again. */
function notOpened(error: unknown, path: string): unknown {
  const code = errorCode(error) ?? '';
  if (!code.startsWith('SQLITE_CANTOPEN') && !code.startsWith('SQLITE_READONLY')) {
    return sqliteError(error, path);
  }
  const forbidden = forbiddenAt(path, constants.R_OK);
  if (forbidden !== undefined) {
    return new ArchiveError(
      `${path}: the archive cannot be read: ${forbidden}`,
      'Run this as the user that owns the archive.',
    );
  }
  const folder = forbiddenAt(dirname(path), constants.W_OK);
  if (folder === undefined) return sqliteError(error, path);
  return new ArchiveError(
    `${path}: its folder cannot be written to (${folder}), and SQLite keeps its log there (-wal, -shm)`,
    `Run this as the user that owns the archive. Or copy the file, and ${basename(path)}-wal where it is there, to a folder of yours, and name its home with --archive-home. What "archive backup" makes has no log, and is read where it is.`,
  );
}

/** What the system says; undefined: it is allowed. */
function forbiddenAt(path: string, mode: number): string | undefined {
  try {
    accessSync(path, mode);
    return undefined;
  } catch (error) {
    return systemErrorText(error) ?? String(error);
  }
}

function prepareToWrite(file: Database.Database): void {
  // Of a file that is made now; another one stays as it is.
  file.pragma(`page_size = ${PAGE}`);
  file.pragma('journal_mode = WAL');
  file.pragma('synchronous = FULL');
  file.pragma('secure_delete = ON');
  file.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  file.pragma(`journal_size_limit = ${LOG_KEPT}`);
  file.pragma('temp_store = MEMORY');
}

/** SQLite would make it readable for others; its log gets the same mode. */
function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'ax', 0o600));
  } catch (error) {
    if (isExisting(error)) return;
    throw new ArchiveError(
      `${path}: the archive cannot be made: ${systemErrorText(error) ?? String(error)}`,
      `Its folder must be there and be yours: ${dirname(path)}`,
    );
  }
  syncFolder(dirname(path));
}

/** SQLite tells a missing file, or a folder, no better than one that is forbidden. */
function mustBeFile(path: string): void {
  try {
    if (!statSync(path).isDirectory()) return;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') {
      throw new ArchiveError(
        `${path}: there is no such archive`,
        'Check its name and folder. One is made by what writes to it: sallyport replay --archive, or a gateway.',
      );
    }
    throw new ArchiveError(
      `${path}: the archive cannot be opened: ${systemErrorText(error) ?? String(error)}`,
      'Run this as the user that owns the archive.',
    );
  }
  throw new ArchiveError(
    `${path}: is a folder, and no archive`,
    'Name the file that --archive made; the folder beside it (.d) is its home.',
  );
}

/** So that the file itself is there after a power cut. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Two that make it at the same time: the second one finds it made. */
function makeTables(file: Database.Database): void {
  file
    .transaction(() => {
      if (!isEmpty(file)) return;
      file.pragma(`application_id = ${APPLICATION_ID}`);
      file.exec(`${recordTable(SQLITE)}, PRIMARY KEY (sequence))`);
      const tables = [...otherTables(SQLITE), ...recordIndexes(SQLITE), INDEX, ...INDEX_SETTINGS];
      for (const statement of tables) file.exec(statement);
      const set = file.prepare('INSERT INTO meta (name, value) VALUES (?, ?)');
      set.run('schema', String(SCHEMA_VERSION));
    })
    .immediate();
}

function isEmpty(file: Database.Database): boolean {
  return file.prepare('SELECT 1 FROM sqlite_master LIMIT 1').get() === undefined;
}

function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}
