/**
 * Two bridges side by side, between the same client and the same server: one archives, the other does not.
 *
 *   client ─ 10.252.0.0/24 ─ [archiving] ─ server
 *          ─ 10.252.1.0/24 ─ [plain]     ─
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { NetworkNamespaces } from '../test/support/network-namespaces.ts';
import { end, said, whole } from './child-process.ts';
import type { Compared } from './irc-ping-pong.ts';

const PORT = 6667;
const SERVERS = ['10.252.0.2', '10.252.1.2'] as const;
const BOXES = ['archiving', 'plain'] as const;

export class TwoBridges {
  readonly #net: NetworkNamespaces;
  /** Compiled programs. */
  readonly #tree: string;
  readonly #running: ChildProcess[] = [];

  /** @param tree folder with `appliance/main.js` and `bench/irc-ping-pong.js`; needs root */
  constructor(name: string, tree: string) {
    this.#net = new NetworkNamespaces(name);
    this.#tree = tree;
    const net = this.#net;
    net.add('client', 'server', ...BOXES);
    for (const [i, box] of BOXES.entries()) {
      net.cable('client', `eth${i}`, box, 'inside');
      net.cable('server', `eth${i}`, box, 'outside');
      net.ip('client', 'addr', 'add', `10.252.${i}.1/24`, 'dev', `eth${i}`);
      net.ip('server', 'addr', 'add', `${SERVERS[i]}/24`, 'dev', `eth${i}`);
    }
  }

  /** Both run. `args` are of the one that archives alone. */
  async start(args: readonly string[]): Promise<void> {
    const main = join(this.#tree, 'appliance', 'main.js');
    const common = ['--no-admin', '--no-rules', '--no-services', '--failure-timeout', '10s'];
    for (const box of BOXES) {
      const own = box === 'archiving' ? args : [];
      const child = this.#spawn(box, main, 'inline', 'inside', 'outside', ...common, ...own);
      await said(child, 'ready: carrying');
    }
    await said(this.#spawn('server', this.#pingPong, 'echo', '0.0.0.0', String(PORT)), 'ready');
  }

  async compare(rounds: number, count: number): Promise<Compared> {
    const numbers = [PORT, rounds, count].map(String);
    return JSON.parse(
      await whole(this.#spawn('client', this.#pingPong, 'compare', ...SERVERS, ...numbers)),
    );
  }

  /** Everybody ends as an administrator would end them; exit codes of the two bridges. */
  async stop(): Promise<readonly (number | undefined)[]> {
    const all = this.#running.splice(0);
    await Promise.all(all.map(end));
    return all.slice(0, BOXES.length).map(({ exitCode }) => exitCode ?? undefined);
  }

  async remove(): Promise<void> {
    await this.stop();
    this.#net.remove();
  }

  get #pingPong(): string {
    return join(this.#tree, 'bench', 'irc-ping-pong.js');
  }

  #spawn(place: string, ...words: string[]): ChildProcess {
    const command = ['netns', 'exec', this.#net.name(place), process.execPath, ...words];
    const child = spawn('ip', command, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#running.push(child);
    return child;
  }
}
