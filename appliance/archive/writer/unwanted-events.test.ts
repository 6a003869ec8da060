/**
 * Events that policy did not want kept, as each committed position counts them: a run that dies right after it
 * leaves that count, and the entries behind the position are read, and counted, once more.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { spawnSqlite } from '../../../test/support/sqlite-thread.ts';
import { DEFAULT_ARCHIVE } from '../../config/default-settings.ts';
import { openArchive } from '../open-archive.ts';
import { readTarget } from '../target.ts';
import { ArchiveWriter } from './archive-writer.ts';

let folder: string;
let where: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unwanted-'));
  where = join(folder, 'archive.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Kind = 'kept' | 'unwanted' | 'cursed';

function line(kind: Kind, n: number): string {
  const verdict = {
    action: 'pass',
    enforced: true,
    ...(kind === 'unwanted' && { archive: 'none' }),
  };
  return `${JSON.stringify({
    ...{ v: 1, id: `${n}`, ts: '2026-11-26T08:00:00.000000Z', kind: 'message' },
    ...{ service: kind === 'cursed' ? kind : 'irc', protocol: 'irc', visibility: 'content' },
    ...{ account: 'alice', from: 'alice', to: ['bob'], text: `said ${n}`, verdict },
  })}\n`;
}

/** Refuses a service, and keeps every position that was committed. */
async function prepare(): Promise<void> {
  await (await openArchive(readTarget(where), { create: true })).close();
  const database = new Database(where);
  database.exec(`CREATE TRIGGER picky BEFORE INSERT ON record WHEN NEW.service = 'cursed'
      BEGIN SELECT RAISE(ABORT, 'cannot be stored'); END;
    CREATE TABLE position (value TEXT NOT NULL);
    CREATE TRIGGER begun AFTER INSERT ON meta WHEN NEW.name LIKE 'spool.%'
      BEGIN INSERT INTO position VALUES (NEW.value); END;
    CREATE TRIGGER moved AFTER UPDATE ON meta WHEN NEW.name LIKE 'spool.%'
      BEGIN INSERT INTO position VALUES (NEW.value); END`);
  database.close();
}

function positions(): { number: number; events: number }[] {
  const database = new Database(where, { readonly: true });
  const rows = database.prepare('SELECT value FROM position ORDER BY rowid').all();
  database.close();
  return rows.map((row) => {
    const { number, notArchived } = JSON.parse((row as { value: string }).value);
    return { number, events: notArchived?.events ?? 0 };
  });
}

async function write(kinds: readonly Kind[], most: number): Promise<ArchiveWriter> {
  const writer = new ArchiveWriter({
    target: readTarget(where),
    settings: { ...DEFAULT_ARCHIVE, store: where, spool: { size: 2 ** 20, sync: 'never' } },
    through: 'spool',
    log: () => undefined,
    acknowledge: () => undefined,
    failed: () => undefined,
    spawn: spawnSqlite,
    most,
  });
  writer.lines(Buffer.from(kinds.map(line).join('')));
  await writer.start();
  await writer.stop(20_000);
  return writer;
}

/** `U`: unwanted, `c`: the database refuses it for ever. */
test.each([
  ['of one transaction, where the database refuses a line of it', 'kUcUkkUU', 100],
  ['of transactions of which one is begun while the one before it fails', 'kkccUUkkUUUkkkUkkk', 4],
])('each position counts what is before it: %s', async (_, letters, most) => {
  await prepare();
  const kinds = [...letters].map(
    (one): Kind => (one === 'U' ? 'unwanted' : one === 'c' ? 'cursed' : 'kept'),
  );
  // One that is committed before: then a position can be written again.
  const { status } = await write(['kept', 'unwanted', ...kinds], most);
  const numbered = ['kept', 'unwanted', ...kinds];
  const written = positions();
  const told = written.findIndex(({ events }, n) => n > 0 && events === 0);
  for (const { number, events } of written.slice(0, told)) {
    expect({ number, events }).toEqual({
      number,
      events: numbered.slice(0, number).filter((kind) => kind === 'unwanted').length,
    });
  }
  expect(told).toBeGreaterThan(3);
  expect(status.notArchived).toBe(numbered.filter((kind) => kind === 'unwanted').length);
});
