/**
 * A small office in network namespaces: one server namespace with a bridge, one namespace per
 * client, joined by veth pairs. Offloads are off, so that segments and checksums on the wire are
 * what a real network carries. Needs root.
 *
 *   server 10.91.0.1, fd91::1 ── br0 ──┬── client 1: 10.91.0.11, fd91::11
 *                                      └── client 2: 10.91.0.12, fd91::12 …
 */

import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';

/** Only namespaces with one of these names are ever made, and only those made here are removed. */
export type NamespacePrefix = 'sallyport-record' | 'sallyport-test';

export const serverAddress = '10.91.0.1';
export const serverAddress6 = 'fd91::1';

export interface Host {
  readonly namespace: string;
  readonly address: string;
  readonly address6: string;
}

export class Network {
  readonly server: Host;
  readonly clients: readonly Host[];
  readonly #made: string[] = [];
  readonly #processes = new Set<ChildProcess>();
  /** The last resort, should this process end before `close`. */
  readonly #abandon = () => {
    for (const child of this.#processes) child.kill('SIGKILL');
    this.#removeNamespaces();
  };

  /** Throws where a namespace of that name exists, or without root; nothing is left behind. */
  constructor(prefix: NamespacePrefix, clients: number) {
    const stem = `${prefix}-${process.pid}`;
    process.once('exit', this.#abandon);
    try {
      this.server = this.#host(`${stem}-server`, serverAddress, serverAddress6);
      ip(['-n', this.server.namespace, 'link', 'add', 'br0', 'type', 'bridge']);
      this.#up(this.server, 'br0');
      this.clients = Array.from({ length: clients }, (_, index) => this.#client(stem, index));
    } catch (error) {
      process.off('exit', this.#abandon);
      this.#removeNamespaces();
      throw error;
    }
  }

  /** Starts a program on a host; `close` ends it if it still runs. */
  spawn(host: Host, command: string, args: readonly string[], options: SpawnOptions = {}) {
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
    const { namespace } = this.server;
    ip([
      'link',
      'add',
      port,
      'netns',
      namespace,
      'type',
      'veth',
      'peer',
      'name',
      'eth0',
      'netns',
      host.namespace,
    ]);
    ip(['-n', namespace, 'link', 'set', port, 'master', 'br0', 'up']);
    withoutOffloads(namespace, port);
    this.#up(host, 'eth0');
    withoutOffloads(host.namespace, 'eth0');
    return host;
  }

  #host(namespace: string, address: string, address6: string): Host {
    ip(['netns', 'add', namespace]);
    this.#made.push(namespace);
    ip(['-n', namespace, 'link', 'set', 'lo', 'up']);
    return { namespace, address, address6 };
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
