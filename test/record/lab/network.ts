/**
 * A small office in network namespaces: one server namespace with a bridge, one namespace per
 * client, joined by veth pairs. Offloads are off, so that segments and checksums on the wire are
 * what a real network carries. Needs root.
 *
 *   server 10.91.0.1, fd91::1 ── br0 ──┬── client 1: 10.91.0.11, fd91::11
 *                                      └── client 2: 10.91.0.12, fd91::12 …
 *
 * Stations may stand on the link of the first client, each in a namespace of its own: something there
 * carries frames between its devices `inside` (towards the client) and `outside`, or the client is cut off.
 */

import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';

/** Only namespaces with one of these names are ever made, and only those made here are removed. */
export type NamespacePrefix = 'sallyport-record' | 'sallyport-test' | 'sallyport-lab';

export const serverAddress = '10.91.0.1';
export const serverAddress6 = 'fd91::1';

export interface Host {
  readonly namespace: string;
  readonly address: string;
  readonly address6: string;
}

/** A namespace without addresses whose devices `inside` and `outside` are two ends of cables. */
export interface Station {
  readonly namespace: string;
}

export interface LinkOptions {
  /** How many stand between the first client and the server's bridge. */
  readonly stations?: number;
  /** Segmentation and checksum offloads as the kernel has them by default. */
  readonly offloads?: boolean;
  /** Of every link; 1500 unless told. */
  readonly mtu?: number;
}

export class Network {
  readonly server: Host;
  readonly clients: readonly Host[];
  /** From the client to the server. */
  readonly stations: readonly Station[];
  readonly #options: LinkOptions;
  readonly #made: string[] = [];
  readonly #processes = new Set<ChildProcess>();
  /** The last resort, should this process end before `close`. */
  readonly #abandon = () => {
    for (const child of this.#processes) child.kill('SIGKILL');
    this.#removeNamespaces();
  };

  /** Throws where a namespace of that name exists, or without root; nothing is left behind. */
  constructor(prefix: NamespacePrefix, clients: number, options: LinkOptions = {}) {
    this.#options = options;
    const stem = `${prefix}-${process.pid}`;
    process.once('exit', this.#abandon);
    try {
      this.server = this.#host(`${stem}-server`, serverAddress, serverAddress6);
      ip(['-n', this.server.namespace, 'link', 'add', 'br0', 'type', 'bridge']);
      this.#up(this.server, 'br0');
      const { stations = 0 } = options;
      this.stations = Array.from({ length: stations }, (_, index) =>
        this.#station(`${stem}-station${index + 1}`),
      );
      this.clients = Array.from({ length: clients }, (_, index) => this.#client(stem, index));
    } catch (error) {
      process.off('exit', this.#abandon);
      this.#removeNamespaces();
      throw error;
    }
  }

  /** Starts a program on a host; `close` ends it if it still runs. */
  spawn(
    host: Host | Station,
    command: string,
    args: readonly string[],
    options: SpawnOptions = {},
  ) {
    const child = spawn('ip', ['netns', 'exec', host.namespace, command, ...args], options);
    this.#processes.add(child);
    child.once('exit', () => this.#processes.delete(child));
    return child;
  }

  /** Ends what was started here (politely, then not) and removes the namespaces made here. */
  async close(): Promise<void> {
    await Promise.all([...this.#processes].map((child) => endProcess(child)));
    this.#removeNamespaces();
    process.off('exit', this.#abandon);
  }

  #client(stem: string, index: number): Host {
    const number = 11 + index;
    const host = this.#host(`${stem}-client${index + 1}`, `10.91.0.${number}`, `fd91::${number}`);
    const port = `port${index + 1}`;
    const server = this.server.namespace;
    let near: End = { namespace: host.namespace, device: 'eth0' };
    for (const { namespace } of index === 0 ? this.stations : []) {
      this.#cable(near, { namespace, device: 'inside' });
      near = { namespace, device: 'outside' };
    }
    this.#cable(near, { namespace: server, device: port });
    ip(['-n', server, 'link', 'set', port, 'master', 'br0']);
    this.#up(host, 'eth0');
    return host;
  }

  /** Says nothing of its own on its links. */
  #station(namespace: string): Station {
    this.#namespace(namespace);
    for (const which of ['all', 'default']) {
      const quiet = `net.ipv6.conf.${which}.disable_ipv6=1`;
      execFileSync('ip', ['netns', 'exec', namespace, 'sysctl', '-qw', quiet]);
    }
    return { namespace };
  }

  #cable(near: End, far: End): void {
    const peer = ['peer', 'name', far.device, 'netns', far.namespace];
    ip(['link', 'add', near.device, 'netns', near.namespace, 'type', 'veth', ...peer]);
    const { offloads = false, mtu = 1500 } = this.#options;
    for (const { namespace, device } of [near, far]) {
      if (!offloads) withoutOffloads(namespace, device);
      ip(['-n', namespace, 'link', 'set', device, 'mtu', String(mtu), 'up']);
    }
  }

  #host(namespace: string, address: string, address6: string): Host {
    this.#namespace(namespace);
    return { namespace, address, address6 };
  }

  #namespace(namespace: string): void {
    ip(['netns', 'add', namespace]);
    this.#made.push(namespace);
    ip(['-n', namespace, 'link', 'set', 'lo', 'up']);
  }

  #up(host: Host, device: string): void {
    const { namespace } = host;
    ip(['-n', namespace, 'address', 'add', `${host.address}/24`, 'dev', device]);
    ip(['-n', namespace, 'address', 'add', `${host.address6}/64`, 'dev', device, 'nodad']);
    ip(['-n', namespace, 'link', 'set', device, 'up']);
  }

  #removeNamespaces(): void {
    for (const namespace of this.#made.splice(0)) {
      try {
        ip(['netns', 'del', namespace]);
      } catch {
        // Already gone: nothing is left to remove.
      }
    }
  }
}

interface End {
  readonly namespace: string;
  readonly device: string;
}

/** SIGTERM, and SIGKILL after two seconds; resolves when the process is gone. */
export function endProcess(child: ChildProcess, graceMs = 2000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

function withoutOffloads(namespace: string, device: string): void {
  const features = ['tx', 'off', 'rx', 'off', 'tso', 'off', 'gso', 'off', 'gro', 'off'];
  execFileSync('ip', ['netns', 'exec', namespace, 'ethtool', '-K', device, ...features], {
    stdio: 'ignore',
  });
}

function ip(args: readonly string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
