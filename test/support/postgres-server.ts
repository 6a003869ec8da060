/**
 * A PostgreSQL of a test's own: Debian's programs, run as the user postgres, in a temporary folder, on a UNIX
 * socket alone. Dies with the process that started it; nothing is left of it.
 *
 * It does not write through to the disk unless it is asked to: a killed *server* loses nothing by that, only
 * a machine that loses its power would.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { postgresPrograms } from './postgres-programs.ts';

export interface ServerOptions {
  /** Writes through to the disk, as a real one does. */
  readonly sync?: boolean;
  /** `name=value` of postgresql.conf. */
  readonly settings?: readonly string[];
}

/** fast: sessions are ended, all is written. immediate: as a crash, and recovered from its log when started again. */
export type StopMode = 'fast' | 'immediate';

const SIGNAL = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

const SETTINGS = [
  'listen_addresses=',
  'shared_buffers=64MB',
  'max_connections=60',
  'max_wal_size=256MB',
  'log_min_messages=fatal',
  'logging_collector=off',
];
const UNSAFE = ['fsync=off', 'full_page_writes=off'];
/** Milliseconds until it must have answered. */
const START = 30_000;

export class PostgresServer {
  readonly folder: string;
  readonly #programs: string;
  readonly #settings: readonly string[];
  #process: ChildProcess | undefined;
  #said = '';
  #databases = 0;

  private constructor(programs: string, folder: string, settings: readonly string[]) {
    this.#programs = programs;
    this.folder = folder;
    this.#settings = settings;
  }

  /** Makes a cluster and starts it: about two seconds. */
  static async make({ sync = false, settings = [] }: ServerOptions = {}): Promise<PostgresServer> {
    const programs = postgresPrograms();
    if (programs === undefined) throw new Error('PostgreSQL is not installed');
    const folder = mkdtempSync(join(tmpdir(), 'sallyport-pg-'));
    const server = new PostgresServer(programs, folder, [
      ...SETTINGS,
      ...(sync ? [] : UNSAFE),
      ...settings,
    ]);
    process.once('exit', () => server.#vanish());
    try {
      if (process.getuid?.() === 0) chownSync(folder, idOf('-u'), idOf('-g'));
      const [program, ...words] = asPostgres(join(programs, 'initdb'));
      const asked = ['-D', server.data, '-U', 'postgres', '-A', 'trust', '-N', '--no-instructions'];
      const locale = ['-E', 'UTF8', '--locale=C.UTF-8'];
      execFileSync(program, [...words, ...asked, ...locale], { stdio: 'pipe' });
      await server.start();
    } catch (error) {
      await server.remove();
      throw error;
    }
    return server;
  }

  get data(): string {
    return join(this.folder, 'data');
  }

  /** Of a database in it, for pg and for `--archive`. */
  url(database = 'postgres'): string {
    return `postgres://postgres@localhost/${database}?host=${encodeURIComponent(this.folder)}`;
  }

  get runs(): boolean {
    return this.#process !== undefined;
  }

  async start(): Promise<void> {
    const settings = this.#settings.flatMap((setting) => ['-c', setting]);
    const [program, ...words] = asPostgres(join(this.#programs, 'postgres'));
    const server = spawn(program, [...words, '-D', this.data, '-k', this.folder, ...settings], {
      // Away from the terminal's Ctrl-C, which would end it before the test has.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#said = '';
    server.stderr.on('data', (said) => {
      this.#said = (this.#said + said).slice(-4096);
    });
    this.#process = server;
    await this.#ready(server);
  }

  async #ready(server: ChildProcess): Promise<void> {
    const socket = join(this.folder, '.s.PGSQL.5432');
    const until = Date.now() + START;
    while (Date.now() < until) {
      if (server.exitCode !== null || server.signalCode !== null) break;
      if (existsSync(socket) && (await this.#answers())) return;
      await pause(20);
    }
    throw new Error(`PostgreSQL did not start: ${this.#said}`);
  }

  async #answers(): Promise<boolean> {
    const probe = connect(join(this.folder, '.s.PGSQL.5432'));
    try {
      await once(probe, 'connect');
    } catch {
      return false;
    } finally {
      probe.destroy();
    }
    try {
      await this.sql('SELECT 1');
      return true;
    } catch {
      return false; // it says that it is starting up
    }
  }

  async stop(mode: StopMode = 'fast'): Promise<void> {
    const server = this.#process;
    if (server?.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    process.kill(server.pid, SIGNAL[mode]);
    await ended;
    this.#process = undefined;
  }

  async restart(mode: StopMode = 'fast'): Promise<void> {
    await this.stop(mode);
    await this.start();
  }

  /** One statement by the owner of the cluster. */
  async sql<Row>(text: string, database = 'postgres'): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.url(database) });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  }

  /** An empty database; its address. */
  async database(): Promise<string> {
    this.#databases += 1;
    const name = `archive_${this.#databases}`;
    await this.sql(`CREATE DATABASE ${name}`);
    return this.url(name);
  }

  /** Stops it, and removes its folder. */
  async remove(): Promise<void> {
    await this.stop('immediate');
    rmSync(this.folder, { recursive: true, force: true });
  }

  #vanish(): void {
    const pid = this.#process?.pid;
    const running = this.#process?.exitCode === null && this.#process.signalCode === null;
    if (pid !== undefined && running) {
      try {
        process.kill(pid, SIGNAL.immediate);
      } catch {
        // Gone already.
      }
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The program and its first arguments; PostgreSQL refuses to run as root. */
function asPostgres(program: string): [string, ...string[]] {
  // pdeathsig: it ends with this process, however that ends.
  const bound = ['--pdeathsig', 'QUIT'];
  if (process.getuid?.() !== 0) return ['setpriv', ...bound, program];
  const user = ['--reuid', 'postgres', '--regid', 'postgres', '--clear-groups'];
  return ['setpriv', ...user, ...bound, program];
}

function idOf(which: '-u' | '-g'): number {
  return Number(execFileSync('id', [which, 'postgres'], { encoding: 'utf8' }));
}
