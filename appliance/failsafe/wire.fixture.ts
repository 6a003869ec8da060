/**
 * A wire in network namespaces: left ── a0 [box] b0 ── right. Made by a test and removed by it. The box's
 * ends have no addresses; left and right have IPv4 and IPv6.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Milliseconds that a busy machine may need for what takes a moment. */
const PATIENCE = 60_000;
/** Octets of a stream that has more than begun. */
const GOING = 10 << 20;

let made = 0;

export class TestWire {
  readonly left: string;
  readonly box: string;
  readonly right: string;
  readonly #children: ChildProcess[] = [];

  constructor() {
    made += 1;
    const name = `sp-g-${process.pid}-${made}`;
    this.left = `${name}-l`;
    this.box = `${name}-b`;
    this.right = `${name}-r`;
    try {
      this.#make();
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  #make(): void {
    for (const namespace of [this.left, this.box, this.right]) ip('netns', 'add', namespace);
    this.#cable('a0', this.left);
    this.#cable('b0', this.right);
    for (const [namespace, number] of [
      [this.left, 1],
      [this.right, 2],
    ] as const) {
      // No duplicate address detection: the address is there at once.
      this.sysctl(namespace, 'net/ipv6/conf/eth/accept_dad', '0');
      ip('-n', namespace, 'addr', 'add', `10.9.0.${number}/24`, 'dev', 'eth');
      ip('-n', namespace, 'link', 'set', 'eth', 'up');
      ip('-n', namespace, 'addr', 'add', `fd09::${number}/64`, 'dev', 'eth', 'nodad');
    }
  }

  #cable(end: string, namespace: string): void {
    ip(
      'link',
      'add',
      'name',
      end,
      'netns',
      this.box,
      'type',
      'veth',
      'peer',
      'name',
      'eth',
      'netns',
      namespace,
    );
    ip('-n', this.box, 'link', 'set', end, 'up');
  }

  sysctl(namespace: string, path: string, value: string): void {
    this.run(namespace, 'sh', '-c', `echo ${value} > /proc/sys/${path}`);
  }

  /** Standard output of a program in a namespace; throws where it fails. */
  run(namespace: string, ...command: string[]): string {
    return execFileSync('ip', ['netns', 'exec', namespace, ...command], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  start(namespace: string, ...command: string[]): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', namespace, ...command], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true, // a process group of its own, so that what it starts ends with it
    });
    this.#children.push(child);
    return child;
  }

  /** Do packets and their answers pass? The first answer says so, whenever a busy machine has it. */
  passes(address = '10.9.0.2'): boolean {
    return this.#answers(address, 20);
  }

  /** Does no answer come for two seconds? */
  isShut(): boolean {
    return !this.#answers('10.9.0.2', 2);
  }

  #answers(address: string, seconds: number): boolean {
    try {
      this.run(this.left, 'ping', '-c', '1', '-w', String(seconds), '-i', '0.2', address);
      return true;
    } catch {
      return false;
    }
  }

  /** Starts a server on the right and waits until it listens on TCP port 5201. */
  async serve(...command: string[]): Promise<void> {
    const server = this.start(this.right, ...command);
    const deadline = performance.now() + PATIENCE;
    while (this.run(this.right, 'ss', '-Hltn', 'sport', '=', ':5201') === '') {
      if (server.exitCode !== null || performance.now() > deadline) {
        throw new Error(`it does not listen: ${command.join(' ')}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** One TCP stream from left to right, as fast as it goes; resolves when it goes. */
  async load(seconds = 60): Promise<ChildProcess> {
    await this.serve('iperf3', '-s', '-p', '5201');
    const client = this.start(this.left, 'iperf3', '-c', '10.9.0.2', '-t', String(seconds));
    const sent = () => Number(this.run(this.left, 'cat', '/sys/class/net/eth/statistics/tx_bytes'));
    const enough = sent() + GOING;
    const deadline = performance.now() + PATIENCE;
    while (sent() < enough) {
      if (client.exitCode !== null || performance.now() > deadline) {
        throw new Error('no stream goes over the wire');
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return client;
  }

  remove(): void {
    for (const child of this.#children) endGroup(child);
    for (const namespace of [this.left, this.box, this.right]) {
      try {
        ip('netns', 'del', namespace);
      } catch {
        // Never made, or gone.
      }
    }
  }
}

/** With all that it has started. */
export function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'] });
}

const CLONE_NEWNET = 0x40000000;

/** Runs synchronous code of this thread in a network namespace: sockets it opens stay there. */
export function inNamespace<T>(namespace: string, code: () => T): T {
  const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
  const setns = koffi.load('libc.so.6').func('int setns(int, int)');
  const enter = (path: string) => {
    const fd = openSync(path, 'r');
    const result: unknown = setns(fd, CLONE_NEWNET);
    closeSync(fd);
    if (result !== 0) throw new Error(`setns ${path}`);
  };
  const home = openSync('/proc/thread-self/ns/net', 'r');
  enter(`/var/run/netns/${namespace}`);
  try {
    return code();
  } finally {
    setns(home, CLONE_NEWNET);
    closeSync(home);
  }
}
