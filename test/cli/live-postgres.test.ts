/**
 * A tap that archives into PostgreSQL is told to end in mid-load, while its server hangs, is away, or starts again: it
 * ends soon, and in the end the archive has what the file of events has. Killed with what it keeps sealed on its
 * disk, it goes on from there.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyArchive } from '../../appliance/archive/evidence/verify/verify-archive.ts';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { readTarget } from '../../appliance/archive/target.ts';
import { archivedIds } from '../support/archived-ids.ts';
import { repositoryRoot } from '../support/corpus.ts';
import { needs } from '../support/need.ts';
import { PostgresServer } from '../support/postgres-server.ts';
import { BuiltCli } from './built-cli.ts';
import { eventually, inside, LiveHosts, LiveProgram } from './live-program.ts';
import { runHere } from './run-here.ts';

const need = needs({ root: true, postgres: true, tools: ['ip', 'sysctl', 'setpriv'] });
/** Milliseconds in which it must have ended: 12 s for the archive (docs/archive-writing.md), the rest for a slow machine. */
const SOON = 30_000;
/** More than a segment, a frame of the ring and a piece of the store. */
const OCTETS = 300_000;
const SECRET = 'eaglelandsatmidnight';

describe.skipIf(need.skip)(`a tap on PostgreSQL${need.why}`, { timeout: 240_000 }, () => {
  let cli: BuiltCli;
  let hosts: LiveHosts;
  let server: PostgresServer;
  beforeAll(async () => {
    cli = new BuiltCli();
    hosts = new LiveHosts();
    server = await PostgresServer.make();
  }, 60_000);
  afterAll(async () => {
    hosts.remove();
    await server.remove();
    cli.remove();
  }, 60_000);

  const at = (name: string) => join(cli.folder, name);
  const idsIn = (events: string) =>
    readFileSync(events, 'utf8')
      .trim()
      .split('\n')
      .map((line): string => JSON.parse(line).id);

  test('is told to end while that hangs, is away, or starts: nothing is lost, nothing comes twice', async () => {
    const host = hosts.addSilent('told');
    const store = await server.database();
    const events = at('told.jsonl');
    const args = [
      'tap',
      'lo',
      '--archive',
      store,
      '--archive-home',
      at('told'),
      '--events',
      events,
    ];
    const chatter = new Chatter(host);
    await chatter.begins();

    const runs: (() => Promise<{ signal: NodeJS.Signals; after: () => unknown }>)[] = [
      async () => {
        signal(server, 'SIGSTOP');
        return { signal: 'SIGTERM', after: () => signal(server, 'SIGCONT') };
      },
      async () => {
        await server.stop('immediate');
        return { signal: 'SIGINT', after: () => server.start() };
      },
      async () => {
        const restarted = server.restart('immediate');
        return { signal: 'SIGTERM', after: () => restarted };
      },
    ];
    for (const trouble of runs) {
      const tap = new LiveProgram(host, args);
      await tap.says(/ready/);
      const size = sizeOf(events);
      await eventually('events', () => sizeOf(events) > size + 50_000);
      const { signal: told, after } = await trouble();
      try {
        await sleep(500);
        tap.child.kill('SIGHUP');
        await sleep(500);
        const began = performance.now();
        const { code, log } = await tap.stop(told);
        expect(performance.now() - began, log).toBeLessThan(SOON);
        expect(code, log).toBe(0);
      } finally {
        await after();
      }
    }
    await chatter.ends();
    const last = new LiveProgram(host, args);
    await last.says(/ready/);
    const { code, log } = await last.stop();
    expect(code, log).toBe(0);

    const archive = await openArchive(readTarget(store, at('told')));
    try {
      const ids = await archivedIds(archive.database);
      const said = idsIn(events);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toEqual(said);
      expect(said.length).toBeGreaterThan(500);
      expect((await verifyArchive(archive)).firstBreak).toBeUndefined();
    } finally {
      await archive.close();
    }
  });

  test('is killed with a sealed file and sealed events waiting: both are whole afterwards, and readable nowhere', async () => {
    const host = hosts.addSilent('killed');
    const store = await server.database();
    const content = Buffer.concat([
      Buffer.from(`%PDF-1.4\n${SECRET}\n`),
      randomBytes(OCTETS),
      Buffer.from(SECRET),
    ]);
    const sha256 = createHash('sha256').update(content).digest('hex');
    writeFileSync(at('plan.pdf'), content);
    writeFileSync(
      at('keep.yaml'),
      'sallyport: 1\nrules: [{ id: keep, on: file.*, also: [quarantine] }]\n',
    );
    expect((await runHere(['archive', 'keys', 'new-key', at('kek')])).code).toBe(0);
    const config = at('sallyport.yaml');
    writeFileSync(
      config,
      'sallyport: 1\nmode: tap\ninterfaces: [lo]\nrules: [keep.yaml]\n' +
        `archive: { store: "${store}", home: killed, encryption: { key-file: kek } }\n`,
    );
    const tap = new LiveProgram(host, ['run', config]);
    await tap.says(/ready/);
    await server.stop('immediate');
    const script = join(repositoryRoot, 'test', 'cli', 'dcc-send.mjs');
    expect(inside(host, process.execPath, script, at('plan.pdf'))).toBe(`${content.length}\n`);
    const incoming = at('killed/incoming');
    await eventually('its note', () =>
      readdirSync(incoming).some((name) => name.endsWith('.note')),
    );
    await sleep(1500); // what was said of it is in the spool
    tap.child.kill('SIGKILL');
    await tap.ended();
    expect(filesWith(at('killed'), SECRET)).toEqual([]);
    expect(filesWith(at('killed'), 'plan.pdf')).toEqual([]);

    await server.start();
    const again = new LiveProgram(host, ['run', config]);
    await again.says(/ready/);
    const { code, log } = await again.stop();
    expect(code, log).toBe(0);
    const out = at('out.pdf');
    const get = ['archive', 'files', 'get', sha256.slice(0, 12), out, '--config', config];
    const got = await runHere(get);
    expect(got.code, got.stderr).toBe(0);
    expect(readFileSync(out).equals(content)).toBe(true);
    for (const folder of [at('killed'), server.data]) {
      expect(filesWith(folder, SECRET)).toEqual([]);
      expect(filesWith(folder, 'plan.pdf')).toEqual([]);
    }
  });
});

class Chatter {
  readonly #child: ChildProcess;
  #said = '';

  constructor(host: string) {
    const script = join(repositoryRoot, 'test', 'cli', 'irc-chatter.mjs');
    this.#child = spawn('ip', ['netns', 'exec', host, process.execPath, script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child.stdout?.on('data', (text) => {
      this.#said += text;
    });
  }

  async begins(): Promise<void> {
    await eventually('people who talk', () => this.#said.includes('talking'));
  }

  async ends(): Promise<void> {
    const ended = once(this.#child, 'close');
    this.#child.stdin?.end();
    await ended;
  }
}

/** To the server and all of its processes. */
function signal({ data }: PostgresServer, name: 'SIGSTOP' | 'SIGCONT'): void {
  const [first] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  const children = readFileSync(`/proc/${first}/task/${first}/children`, 'utf8').trim().split(' ');
  for (const pid of [first, ...children]) process.kill(Number(pid), name);
}

function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}

function filesWith(folder: string, words: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => {
    const path = join(folder, name);
    return statSync(path).isFile() && readFileSync(path).includes(words);
  });
}
