/**
 * One suite for both databases of an archive.
 *
 *   describeEachDatabase('threads', (open, place) => {
 *     it('…', async () => {
 *       const database = await open();          // an ArchiveDatabase, tables made, empty
 *       const archive = await openArchive(await place(), { create: true });   // or the whole of it
 *     });
 *   });
 *
 * Each call gives a new archive. What `open` gave is closed after the test; folders and databases go too.
 * Where there is no PostgreSQL its half is skipped, and says so (need.ts).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe } from 'vitest';
import type { ArchiveDatabase } from '../../appliance/archive/contract.ts';
import { PostgresDatabase } from '../../appliance/archive/postgres/postgres-database.ts';
import { SqliteDatabase } from '../../appliance/archive/sqlite/sqlite-database.ts';
import { ThreadedDatabase } from '../../appliance/archive/sqlite/threaded-database.ts';
import { type ArchiveTarget, readTarget } from '../../appliance/archive/target.ts';
import { needs } from './need.ts';
import { PostgresServer } from './postgres-server.ts';

export interface OpenDatabaseOptions {
  /** One that `place` gave, and that may be opened more than once; else a new one. */
  readonly target?: ArchiveTarget;
  readonly readOnly?: boolean;
}

export type OpenDatabase = (options?: OpenDatabaseOptions) => Promise<ArchiveDatabase>;
/** Where there is no archive yet, but could be one. */
export type NewPlace = () => Promise<ArchiveTarget>;

export type DatabaseKind = ArchiveDatabase['kind'];

export type DatabaseSuite = (open: OpenDatabase, place: NewPlace, kind: DatabaseKind) => void;

/** SQLite alone, in a thread of its own. */
export function describeThread(name: string, suite: DatabaseSuite): void {
  describe(`${name}: SQLite in a thread`, () => {
    const folders = temporaryFolders();
    const place = async () => readTarget(join(folders(), 'archive.db'));
    const connect: Connect = async (target, options) => {
      if (target.kind !== 'sqlite') throw new Error('not a file');
      const { spawnSqlite } = await import('./sqlite-thread.ts');
      return ThreadedDatabase.open(target.path, options, spawnSqlite);
    };
    suite(opener(place, connect), place, 'sqlite');
  });
}

export function describeEachDatabase(name: string, suite: DatabaseSuite): void {
  describe(`${name}: SQLite`, () => {
    const folders = temporaryFolders();
    const place = async () => readTarget(join(folders(), 'archive.db'));
    suite(opener(place), place, 'sqlite');
  });

  const need = needs({ postgres: true, tools: ['setpriv'] });
  describe.skipIf(need.skip)(`${name}: PostgreSQL${need.why}`, () => {
    const folders = temporaryFolders();
    const place = async () => {
      const server = await sharedServer();
      return readTarget(await server.database(), join(folders(), 'archive.db.d'));
    };
    suite(opener(place), place, 'postgres');
  });
}

type Connect = (
  target: ArchiveTarget,
  options: { readonly create: boolean; readonly readOnly: boolean },
) => Promise<ArchiveDatabase>;

export const openDatabase: Connect = async (target, options) => {
  if (target.kind === 'sqlite') return new SqliteDatabase(target.path, options);
  return PostgresDatabase.open(target.url, target.shown, options);
};

function opener(place: NewPlace, connect: Connect = openDatabase): OpenDatabase {
  const open: ArchiveDatabase[] = [];
  afterEach(async () => {
    for (const database of open.splice(0)) await database.close();
  });
  return async ({ target, readOnly = false } = {}) => {
    const database = await connect(target ?? (await place()), { create: !readOnly, readOnly });
    open.push(database);
    return database;
  };
}

function temporaryFolders(): () => string {
  const made: string[] = [];
  afterEach(() => {
    for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-archive-'));
    made.push(folder);
    return folder;
  };
}

let server: Promise<PostgresServer> | undefined;

/** One for the tests of a file, made when the first of them asks. */
function sharedServer(): Promise<PostgresServer> {
  server ??= PostgresServer.make();
  return server;
}

afterAll(async () => {
  await (await server?.catch(() => undefined))?.remove();
  server = undefined;
});
