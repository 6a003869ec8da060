import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { spawnSqlite } from '../../../test/support/sqlite-thread.ts';
import { DEFAULT_ARCHIVE } from '../../config/default-settings.ts';
import type { ArchiveSettings } from '../../config/settings.ts';
import type { AuditEntry, LedgerEntry } from '../contract.ts';
import { verifyArchive } from '../evidence/verify/verify-archive.ts';
import { openArchive } from '../open-archive.ts';
import { appendAudit } from '../record/append-audit.ts';
import { Spool } from '../spool/spool.ts';
import { EntryKind } from '../spool/spool-entry.ts';
import type { SpawnSqlite } from '../sqlite/sqlite-thread.ts';
import { readTarget } from '../target.ts';
import { ArchiveWriter, type WriterParts } from './archive-writer.ts';

let folder: string;
let where: string;
let said: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'writer-'));
  where = join(folder, 'archive.db');
  said = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const SETTINGS: ArchiveSettings = {
  ...DEFAULT_ARCHIVE,
  spool: { size: 2 ** 20, sync: 'never' },
};

function writer(settings: ArchiveSettings = SETTINGS, parts: Partial<WriterParts> = {}) {
  return new ArchiveWriter({
    target: readTarget(where),
    settings: { ...settings, store: where },
    through: 'spool',
    log: (level, message) => said.push(`${level}: ${message}`),
    acknowledge: () => undefined,
    failed: () => undefined,
    spawn: spawnSqlite,
    ...parts,
  });
}

function event(id: string, fields: Readonly<Record<string, unknown>> = {}): string {
  const flow = { kind: 'message', service: 'irc', protocol: 'irc', visibility: 'content' };
  const who = { account: 'alice', from: 'alice', to: ['bob'], text: `said ${id}` };
  return JSON.stringify({
    v: 1,
    id,
    ts: '2026-11-26T08:00:00.000000Z',
    ...flow,
    ...who,
    ...fields,
  });
}

function lines(...texts: string[]): Buffer {
  return Buffer.from(texts.map((text) => `${text}\n`).join(''));
}

interface Found {
  readonly ids: string[];
  readonly ledger: LedgerEntry[];
}

/** What is in the archive, which is proven first. */
async function found(): Promise<Found> {
  const archive = await openArchive(readTarget(where), { readOnly: true });
  const ids: string[] = [];
  const ledger: LedgerEntry[] = [];
  try {
    expect((await verifyArchive(archive)).firstBreak).toBeUndefined();
    const rows = archive.database.each<{ envelope: Uint8Array }>(
      'SELECT envelope FROM record ORDER BY sequence',
    );
    for await (const { envelope } of rows) {
      const { event: one, ledger: entry } = JSON.parse(Buffer.from(envelope).toString('utf8'));
      if (one !== undefined) ids.push(one.id);
      if (entry !== undefined) ledger.push(entry);
    }
  } finally {
    await archive.close();
  }
  return { ids, ledger };
}

/** Nobody else can write until it is closed. The writer needs this thread to end a transaction that it is amid. */
async function block(): Promise<{ close(): void }> {
  const other = new Database(where, { timeout: 0 });
  for (;;) {
    try {
      other.exec('BEGIN IMMEDIATE');
      return other;
    } catch (error) {
      if (!(error instanceof Database.SqliteError) || error.code !== 'SQLITE_BUSY') throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/** From here on the database refuses a service. */
function refuseCursed(): void {
  const trigger = new Database(where);
  trigger.exec(`CREATE TRIGGER picky BEFORE INSERT ON record WHEN NEW.service = 'cursed'
    BEGIN SELECT RAISE(ABORT, 'cannot be stored'); END`);
  trigger.close();
}

function auditOf(n: number): AuditEntry {
  return { action: 'search', who: 'tester', host: 'here', details: { n } };
}

test('events and ledger entries become records in their order; the spool is empty in the end', async () => {
  const one = writer();
  await one.start();
  one.lines(lines(event('a'), event('b')));
  const now = new Date().toISOString();
  one.ledger({ what: 'dropped', from: now, to: now, counts: { packets: 3 } });
  one.lines(lines(event('c')));
  await one.stop(10_000);
  expect(one.status).toMatchObject({ archived: 3, lost: 0, refused: 0, spoolOctets: 0, lag: 0 });
  const { ids, ledger } = await found();
  expect(ids).toEqual(['a', 'b', 'c']);
  expect(ledger).toMatchObject([{ what: 'dropped', counts: { packets: 3 } }]);
});

test('what policy does not want is counted, also over a crash before it was told', async () => {
  const unwanted = { verdict: { action: 'pass', enforced: true, archive: 'none' } };
  const one = writer();
  await one.start();
  one.lines(lines(event('a'), event('b', unwanted), event('c', unwanted)));
  await one.stop(10_000);
  const next = writer({ ...SETTINGS, keep: 'none' });
  await next.start();
  next.lines(lines(event('d')));
  await next.stop(10_000);
  const { ids, ledger } = await found();
  expect(ids).toEqual(['a']);
  expect(ledger).toMatchObject([
    { what: 'not-archived', counts: { events: 2 } },
    { what: 'not-archived', counts: { events: 1 } },
  ]);
});

test('a line that is no event goes into quarantine, and its neighbours into the archive', async () => {
  const one = writer();
  await one.start();
  one.lines(lines(event('a'), 'no JSON', event('b')));
  await one.stop(10_000);
  expect(one.status).toMatchObject({ archived: 2, refused: 1 });
  const { ids, ledger } = await found();
  expect(ids).toEqual(['a', 'b']);
  expect(ledger).toMatchObject([{ what: 'refused', counts: { events: 1 } }]);
  const [line] = readFileSync(`${where}.d/spool/refused.jsonl`, 'utf8').trim().split('\n');
  expect(JSON.parse(line ?? '')).toMatchObject({ line: 'no JSON', why: 'it is no event' });
});

test('a line that the database refuses for ever does not hold up the others', async () => {
  const one = writer();
  await one.start();
  refuseCursed();
  const ids = Array.from({ length: 40 }, (_, i) => `e${i}`);
  one.lines(lines(...ids.map((id) => event(id, id === 'e13' ? { service: 'cursed' } : {}))));
  await one.stop(10_000);
  expect(one.status).toMatchObject({ archived: 39, refused: 1, spoolOctets: 0 });
  expect((await found()).ids).toEqual(ids.filter((id) => id !== 'e13'));
  const [line] = readFileSync(`${where}.d/spool/refused.jsonl`, 'utf8').trim().split('\n');
  expect(JSON.parse(JSON.parse(line ?? '').line).id).toBe('e13');
});

describe('batches in a row, each begun while the one before it is committed', () => {
  const ids = Array.from({ length: 600 }, (_, i) => `e${i}`);
  const legOf = (id: string, n: number) =>
    event(id, { flow: { id: `${n % 2}` }, text: `${n >> 1}` });
  /** Each message is seen twice. */
  const legs = () => lines(...ids.map((id, n) => legOf(id, n)));
  const repeats = () => {
    const database = new Database(where);
    const sql = 'SELECT COUNT(*) FROM record WHERE repeat = 1';
    const [found] = database.prepare(sql).pluck().all();
    database.close();
    return found;
  };

  test('are all in the record, in order and once', async () => {
    const one = writer(SETTINGS, { most: 7 });
    await one.start();
    one.lines(legs());
    await one.stop(20_000);
    expect(one.status).toMatchObject({ archived: 600, refused: 0, spoolOctets: 0 });
    expect((await found()).ids).toEqual(ids);
    expect(repeats()).toBe(300);
  });

  test('also where others write to the archive in between', async () => {
    const one = writer(SETTINGS, { most: 7 });
    await one.start();
    one.lines(legs());
    const other = await openArchive(readTarget(where), {});
    for (let n = 0; n < 10; n++) await appendAudit(other, auditOf(n));
    await other.close();
    await one.stop(20_000);
    expect((await found()).ids).toEqual(ids);
    expect(repeats()).toBe(300);
  });

  test('also where the database refuses some of their lines', async () => {
    const one = writer(SETTINGS, { most: 7 });
    await one.start();
    refuseCursed();
    const cursed = new Set(['e13', 'e14', 'e300', 'e599']);
    const all = ids.map((id, n) =>
      cursed.has(id) ? event(id, { service: 'cursed' }) : legOf(id, n),
    );
    one.lines(lines(...all));
    await one.stop(20_000);
    expect(one.status).toMatchObject({ archived: 596, refused: 4, spoolOctets: 0 });
    expect((await found()).ids).toEqual(ids.filter((id) => !cursed.has(id)));
    expect(repeats()).toBe(296);
  });

  test('also where the thread of SQLite dies again and again', async () => {
    const threads: Worker[] = [];
    const spawn: SpawnSqlite = (setup) => {
      const thread = spawnSqlite(setup);
      threads.push(thread);
      return thread;
    };
    const one = writer(SETTINGS, { most: 7, spawn });
    await one.start();
    one.lines(legs());
    for (let n = 0; n < 4; n++) {
      await new Promise((resolve) => setTimeout(resolve, 40 + 30 * n));
      await threads.at(-1)?.terminate();
    }
    await one.stop(20_000);
    expect(threads.length).toBeGreaterThan(1);
    expect(one.status).toMatchObject({ archived: 600, spoolOctets: 0 });
    expect((await found()).ids).toEqual(ids);
    expect(repeats()).toBe(300);
  });
});

describe('a database that is away', () => {
  /** One that fails at once, where another process would be waited for. */
  async function away(): Promise<ArchiveWriter> {
    const first = writer();
    await first.start();
    await first.stop(1000);
    writeFileSync(`${where}.away`, readFileSync(where));
    rmSync(where);
    // A folder in its place: SQLite cannot open it.
    return writer();
  }

  test('events wait in the spool, and go on from there in the next run', async () => {
    const one = writer();
    await one.start();
    const other = await block();
    one.lines(lines(event('a'), event('b')));
    const stopping = one.stop(200);
    other.close();
    await stopping;
    const left = one.status.spoolOctets > 0;
    const next = writer();
    await next.start();
    next.lines(lines(event('c')));
    await next.stop(10_000);
    expect((await found()).ids).toEqual(['a', 'b', 'c']);
    expect(left || one.status.archived === 2).toBe(true);
  });

  test('where it is wrong from the start, that is said, and the spool is free again', async () => {
    const one = await away();
    writeFileSync(where, 'this is no database, and long enough to be seen as none'.repeat(100));
    await expect(one.start()).rejects.toThrow('not an archive of Sallyport');
    rmSync(where);
    const next = writer();
    await next.start();
    await next.stop(1000);
  });
});

test('what finds no room in the spool is counted, and told of in the record', async () => {
  const size = 64 * 1024;
  const one = writer({ ...SETTINGS, spool: { size, sync: 'never' } });
  await one.start();
  const other = await block();
  const ids = Array.from({ length: 400 }, (_, i) => `e${i}`);
  for (const id of ids) one.lines(lines(event(id, { text: 'x'.repeat(400) })));
  expect(one.status.lost).toBeGreaterThan(100);
  expect(one.status.spoolOctets).toBeLessThanOrEqual(size);
  other.close();
  await one.stop(20_000);
  const { lost } = one.status;
  const archive = await found();
  expect(archive.ids).toEqual(ids.slice(0, ids.length - lost));
  expect(archive.ledger).toMatchObject([
    { what: 'spool-full', counts: { events: lost }, why: 'the spool is full' },
  ]);
});

test('entries that went missing from the spool are told of', async () => {
  const home = `${where}.d`;
  const first = writer();
  await first.start();
  await first.stop(1000);
  const spool = new Spool(join(home, 'spool'), SETTINGS.spool);
  spool.add(EntryKind.Event, lines(event('a'), event('b'), event('c')));
  spool.close();
  const path = join(home, 'spool', '00000002-00000000000001.spool');
  const octets = readFileSync(path);
  octets[octets.indexOf('said b')] = 0x21;
  writeFileSync(path, octets);
  const next = writer();
  await next.start();
  await next.stop(10_000);
  const { ids, ledger } = await found();
  expect(ids).toEqual(['a', 'c']);
  expect(ledger).toMatchObject([
    { what: 'lost', counts: { events: 1 }, why: 'the spool was damaged' },
    { what: 'torn' },
  ]);
  expect(next.status.lost).toBe(1);
});

test('a home folder that is an older copy of itself loses nothing that comes after', async () => {
  const identity = join(`${where}.d`, 'spool', 'identity.json');
  const first = writer();
  await first.start();
  const old = readFileSync(identity);
  await first.stop(1000);
  for (const id of ['a', 'b']) {
    const one = writer();
    await one.start();
    one.lines(lines(event(id)));
    await one.stop(10_000);
  }
  writeFileSync(identity, old);
  const restored = writer();
  await restored.start();
  restored.lines(lines(event('c')));
  await restored.stop(10_000);
  const again = writer();
  await again.start();
  again.lines(lines(event('d')));
  await again.stop(10_000);
  expect((await found()).ids).toEqual(['a', 'b', 'c', 'd']);
  expect(said).toContain('warn: the spool is older than the archive: it is taken as a new one');
});

test('direct: acknowledged when the database has it', async () => {
  let acknowledged = 0;
  const one = writer(SETTINGS, { through: 'direct', acknowledge: () => acknowledged++ });
  await one.start();
  const other = await block();
  one.lines(lines(event('a'), event('b')));
  one.lines(lines(event('c')));
  expect(acknowledged).toBe(0);
  other.close();
  await one.stop(10_000);
  expect(acknowledged).toBe(2);
  expect((await found()).ids).toEqual(['a', 'b', 'c']);
  expect(existsSync(`${where}.d/spool`)).toBe(false);
});

test('signed after so many records, and at the end', async () => {
  const checkpoints = { every: 3_600_000, records: 2 };
  const one = writer({ ...SETTINGS, checkpoints });
  await one.start();
  one.lines(lines(event('a'), event('b'), event('c')));
  await expect.poll(() => one.status.checkpoints, { timeout: 60_000 }).toBe(1);
  one.lines(lines(event('d')));
  await one.stop(10_000);
  expect(one.status.checkpoints).toBe(2);
  await found();
});
