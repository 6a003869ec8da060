/** The program on live interfaces: in a namespace, until it is told to stop; and the namespaces themselves. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import { ROOT } from './built-cli.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly log: string;
}

const PATIENCE = 60_000;

/** Something that holds at last: the machine may be slow. `told` is asked when it never came. */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | false,
  told: () => string = () => '',
): Promise<T> {
  const until = performance.now() + PATIENCE;
  for (;;) {
    const seen = look();
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() > until) throw new Error(`never came: ${what}${told()}`);
    await sleep(20);
  }
}

export class LiveProgram {
  stdout = '';
  /** Standard error. */
  log = '';
  readonly child: ChildProcess;
  readonly #ended: Promise<Ended>;
  #over = false;

  constructor(namespace: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    const command = ['netns', 'exec', namespace, process.execPath, inject('builtMain'), ...args];
    const env = { ...process.env, ...environment };
    this.child = spawn('ip', command, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout?.setEncoding('utf8').on('data', (data) => {
      this.stdout += data;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (data) => {
      this.log += data;
    });
    this.#ended = once(this.child, 'close').then(([code]) => {
      this.#over = true;
      return { code: code as number | null, stdout: this.stdout, log: this.log };
    });
  }

  ended(): Promise<Ended> {
    return this.#ended;
  }

  /** Until its log says so. */
  async says(what: RegExp): Promise<void> {
    const look = () => {
      if (this.#over && !what.test(this.log)) throw new Error(`it ended:\n${this.log}`);
      return what.test(this.log);
    };
    await eventually(String(what), look, () => ` in\n${this.log}`);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    if (!this.#over) this.child.kill(signal);
    const timer = setTimeout(() => this.child.kill('SIGKILL'), PATIENCE);
    const ended = await this.#ended;
    clearTimeout(timer);
    return ended;
  }
}

/** Hosts of a test, each a namespace; removed with all that runs in them. */
export class LiveHosts {
  readonly #names: string[] = [];
  readonly #prefix = `sp-c-${process.pid}`;

  add(name: string): string {
    const full = `${this.#prefix}-${name}`;
    ip('netns', 'add', full);
    this.#names.push(full);
    ip('-n', full, 'link', 'set', 'lo', 'up');
    return full;
  }

  /** Its kernel says nothing of its own: every packet is the test's. */
  addSilent(name: string): string {
    const full = this.add(name);
    const settings = ['all', 'default'].map((which) => `net.ipv6.conf.${which}.disable_ipv6=1`);
    inside(full, 'sysctl', '-qw', ...settings);
    return full;
  }

  /** Up. */
  connect(a: string, portA: string, b: string, portB: string): void {
    ip('link', 'add', portA, 'netns', a, 'type', 'veth', 'peer', 'name', portB, 'netns', b);
    for (const [host, port] of [
      [a, portA],
      [b, portB],
    ] as const) {
      inside(host, 'sysctl', '-qw', `net.ipv6.conf.${port}.accept_dad=0`);
      ip('-n', host, 'link', 'set', port, 'up');
    }
  }

  address(host: string, port: string, ...addresses: string[]): void {
    for (const address of addresses) ip('-n', host, 'addr', 'add', address, 'dev', port);
  }

  remove(): void {
    for (const name of this.#names) {
      for (const pid of ip('netns', 'pids', name).split('\n').filter(Boolean)) {
        try {
          process.kill(Number(pid), 'SIGKILL');
        } catch {
          // It has ended meanwhile.
        }
      }
      ip('netns', 'del', name);
    }
  }
}

export function ip(...args: string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8' });
}

/** Runs a program in a namespace to its end. */
export function inside(namespace: string, program: string, ...args: string[]): string {
  return execFileSync('ip', ['netns', 'exec', namespace, program, ...args], { encoding: 'utf8' });
}
