/**
 * Events go on coming while PostgreSQL is stopped and started, its sessions are ended, and the answer to a COMMIT is
 * lost: nothing is lost, nothing is there twice.
 *
 * SALLYPORT_RESTART_EVENTS=200000 makes it that many events, as fast as they are taken, and eight crashes, each
 * while a COPY is under way: minutes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Archive } from '../../appliance/archive/archive.ts';
import type { LedgerEntry } from '../../appliance/archive/contract.ts';
import { verifyArchive } from '../../appliance/archive/evidence/verify/verify-archive.ts';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { readTarget } from '../../appliance/archive/target.ts';
import { ArchiveWriter } from '../../appliance/archive/writer/archive-writer.ts';
import { DEFAULT_ARCHIVE } from '../../appliance/config/default-settings.ts';
import { eventLines } from '../../bench/archive-events.ts';
import { needs } from '../support/need.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { SeveredSocket } from '../support/severed-socket.ts';

const need = needs({ postgres: true, tools: ['setpriv'] });

const MANY = Number(process.env.SALLYPORT_RESTART_EVENTS ?? 0);
/** Lines handed over at once, and the milliseconds between: as a busy gateway does. */
const AT_ONCE = MANY > 0 ? 1000 : 20;
const BETWEEN = 10;
/** Milliseconds of a test: on a machine that has other work. */
const PATIENCE = 90_000 + 10 * MANY;
/** Events that wait at most, so that a slow machine has done with them soon; of many, more than one transaction takes. */
const WAITING = MANY > 0 ? 40_000 : 800;
const MOST = 100_000;
const CRASHES = 8;

describe.skipIf(need.skip)(`PostgreSQL comes and goes in mid-load${need.why}`, () => {
  let server: PostgresServer;
  let home: string;
  beforeAll(async () => {
    server = await PostgresServer.make();
    home = mkdtempSync(join(tmpdir(), 'sallyport-restart-'));
  });
  afterAll(async () => {
    await server.remove();
    rmSync(home, { recursive: true, force: true });
  });

  it('stopped, as in a crash and in order, and its sessions ended', {
    timeout: PATIENCE,
  }, async () => {
    const target = readTarget(await server.database(), join(home, 'stopped'));
    const load = new Load();
    const writer = writerTo(target);
    await writer.start();
    load.begin(writer);
    for (const mode of ['immediate', 'fast', 'immediate'] as const) {
      await archives(writer, 200);
      await server.stop(mode);
      await pause(200);
      await server.start();
    }
    for (let n = 0; n < 3; n += 1) {
      await archives(writer, 100);
      const others = 'backend_type = $$client backend$$ AND pid <> pg_backend_pid()';
      await server.sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${others}`);
    }
    await load.end();
    await writer.stop(30_000);
    expect(writer.status).toMatchObject({ lost: 0, refused: 0, spoolOctets: 0 });
    await expectAll(target, load);
  });

  if (MANY > 0) {
    it(`crashed in mid-COPY of ${MANY} events`, { timeout: PATIENCE }, async () => {
      const target = readTarget(await server.database(), join(home, 'many'));
      const load = new Load(MANY);
      const writer = writerTo(target);
      await writer.start();
      load.begin(writer);
      let broken = 0;
      for (let n = 1; n <= CRASHES; n += 1) {
        while (writer.status.archived < (n * MANY) / (CRASHES + 2)) await pause(5);
        await copying(server);
        // That COPY may end before the signal comes, but then its transaction still goes on, unless it commits.
        const before = writer.status.archived;
        await server.stop('immediate');
        if (writer.status.archived === before) broken += 1;
        await server.start();
      }
      await load.done();
      while (writer.status.archived < MANY) await pause(5);
      await writer.stop(60_000);
      expect(broken).toBeGreaterThan(CRASHES / 2);
      expect(load.ids.size).toBe(MANY);
      expect(writer.status).toMatchObject({ lost: 0, refused: 0, archived: MANY, spoolOctets: 0 });
      await expectAll(target, load);
    });
  }

  it('whose answer to a COMMIT was lost, more than once', { timeout: PATIENCE }, async () => {
    const url = new URL(await server.database());
    const severed = await SeveredSocket.make(server.folder);
    url.searchParams.set('host', severed.folder);
    const target = readTarget(url.href, join(home, 'severed'));
    const load = new Load();
    const writer = writerTo(target);
    await writer.start();
    load.begin(writer);
    for (let n = 1; n <= 4; n += 1) {
      await archives(writer, 100);
      severed.loseAnswerTo('COMMIT');
      while (severed.severed < n) await pause(5);
    }
    await load.end();
    await writer.stop(30_000);
    await severed.close();
    url.searchParams.set('host', server.folder);
    await expectAll(readTarget(url.href, join(home, 'severed')), load);
    expect(writer.status).toMatchObject({ lost: 0, refused: 0, archived: load.ids.size });
  });
});

/** Events until it is told to end, or so many. */
class Load {
  readonly ids = new Set<string>();
  readonly #most: number;
  #ends = false;
  #running: Promise<void> | undefined;

  constructor(most = MOST) {
    this.#most = most;
  }

  begin(writer: ArchiveWriter): void {
    this.#running = this.#run(writer);
  }

  async end(): Promise<void> {
    this.#ends = true;
    await this.#running;
  }

  async done(): Promise<void> {
    await this.#running;
  }

  async #run(writer: ArchiveWriter): Promise<void> {
    for (const lines of eventLines(this.#most, AT_ONCE)) {
      if (this.#ends) return;
      for (const line of lines) this.ids.add(JSON.parse(line).id);
      writer.lines(Buffer.from(lines.map((line) => `${line}\n`).join('')));
      do await pause(BETWEEN);
      while (!this.#ends && this.ids.size - writer.status.archived > WAITING);
    }
  }
}

function writerTo(target: ReturnType<typeof readTarget>): ArchiveWriter {
  return new ArchiveWriter({
    target,
    settings: { ...DEFAULT_ARCHIVE, spool: { ...DEFAULT_ARCHIVE.spool, sync: 'never' } },
    through: 'spool',
    log: () => undefined,
    acknowledge: () => undefined,
    failed: (error) => {
      throw error;
    },
  });
}

/** Waits until the server is in the midst of a COPY of records. */
async function copying(server: PostgresServer): Promise<void> {
  const asked = `SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'COPY record %'`;
  while ((await server.sql(asked)).length === 0) await pause(1);
}

/** Waits until so many more events are in the database. */
async function archives(writer: ArchiveWriter, events: number): Promise<void> {
  const until = writer.status.archived + events;
  while (writer.status.archived < until) await pause(5);
}

async function expectAll(target: ReturnType<typeof readTarget>, load: Load): Promise<void> {
  const archive = await openArchive(target);
  try {
    const times = await archivedTimes(archive);
    expect(times.twice).toEqual([]);
    expect([...load.ids].filter((id) => !times.ids.has(id))).toEqual([]);
    expect(times.ids.size).toBe(load.ids.size);
    expect(times.lost).toEqual([]);
    const { clean, firstBreak } = await verifyArchive(archive);
    expect(firstBreak).toBeUndefined();
    expect(clean).toBe(true);
  } finally {
    await archive.close();
  }
}

async function archivedTimes({ database }: Archive) {
  const ids = new Set<string>();
  const twice: string[] = [];
  const lost: LedgerEntry[] = [];
  const sql = 'SELECT envelope FROM record ORDER BY sequence';
  for await (const { envelope } of database.each<{ envelope: Uint8Array }>(sql)) {
    const { event, ledger } = JSON.parse(Buffer.from(envelope).toString());
    if (ledger?.what === 'lost') lost.push(ledger);
    if (event === undefined) continue;
    if (ids.has(event.id)) twice.push(event.id);
    ids.add(event.id);
  }
  return { ids, twice, lost };
}
