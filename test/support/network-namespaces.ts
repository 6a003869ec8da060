/**
 * Network namespaces of a test, joined by veth pairs; removed with everything in them. Needs root, `ip`
 * and `sysctl`.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import koffi from 'koffi';

const CLONE_NEWNET = 0x40000000; // linux/sched.h
const setns = koffi.load('libc.so.6').func('int setns(int, int)');

export class NetworkNamespaces {
  readonly #prefix: string;
  readonly #names: string[] = [];

  /** @param prefix begins the name of every namespace, so that tests do not meet */
  constructor(prefix: string) {
    this.#prefix = `sp-${prefix}-${process.pid}`;
  }

  /** Full name of a namespace. */
  name(short: string): string {
    return `${this.#prefix}-${short}`;
  }

  add(...shorts: string[]): void {
    for (const short of shorts) {
      const name = this.name(short);
      run('ip', ['netns', 'add', name]);
      this.#names.push(name);
      this.ip(short, 'link', 'set', 'lo', 'up');
      // No neighbour or router discovery of the kernel among the frames of a test.
      this.exec(short, 'sysctl', '-qw', 'net.ipv6.conf.default.disable_ipv6=1');
    }
  }

  /** A cable: interface `nameA` in namespace `a` and `nameB` in `b`, both up. */
  cable(a: string, nameA: string, b: string, nameB: string, mtu = 1500): void {
    const far = ['peer', 'name', nameB, 'netns', this.name(b)];
    run('ip', ['link', 'add', 'dev', nameA, 'netns', this.name(a), 'type', 'veth', ...far]);
    for (const [short, name] of [
      [a, nameA],
      [b, nameB],
    ] as const) {
      this.ip(short, 'link', 'set', 'dev', name, 'mtu', String(mtu), 'up');
    }
  }

  /** `ip` in a namespace. */
  ip(short: string, ...words: string[]): string {
    return run('ip', ['-n', this.name(short), ...words]);
  }

  /** A program in a namespace, to its end. */
  exec(short: string, program: string, ...words: string[]): string {
    return run('ip', ['netns', 'exec', this.name(short), program, ...words]);
  }

  /** Calls `work` with this thread in the namespace: sockets opened there stay there. */
  inside<T>(short: string, work: () => T): T {
    const home = openSync('/proc/thread-self/ns/net', 'r');
    const away = openSync(`/run/netns/${this.name(short)}`, 'r');
    try {
      if (setns(away, CLONE_NEWNET) !== 0) throw new Error(`setns ${short}: ${koffi.errno()}`);
      return work();
    } finally {
      setns(home, CLONE_NEWNET);
      closeSync(away);
      closeSync(home);
    }
  }

  /** The same for work that goes on: everything this thread does meanwhile is done in the namespace. */
  async insideUntil<T>(short: string, work: () => Promise<T>): Promise<T> {
    const home = openSync('/proc/thread-self/ns/net', 'r');
    const away = openSync(`/run/netns/${this.name(short)}`, 'r');
    try {
      if (setns(away, CLONE_NEWNET) !== 0) throw new Error(`setns ${short}: ${koffi.errno()}`);
      return await work();
    } finally {
      setns(home, CLONE_NEWNET);
      closeSync(away);
      closeSync(home);
    }
  }

  remove(): void {
    for (const name of this.#names.splice(0)) run('ip', ['netns', 'del', name]);
  }
}

function run(program: string, words: readonly string[]): string {
  return execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
