/** A small office whose first client talks through a router with netfilter queues. */
import type { ChildProcess } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { queueRules } from '../../../appliance/live/queue-rules.ts';
import { parseStatistics } from '../../../src/capture/nfqueue/queue-statistics.ts';
import { Actor } from '../../record/lab/actor.ts';
import { endProcess, type Host, Network, type Station } from '../../record/lab/network.ts';
import { startNgircd } from '../../record/lab/ngircd.ts';
import { tail } from '../../record/lab/service.ts';
import { temporaryFolder } from '../../record/lab/temporary-folder.ts';
import { policy } from './policy.ts';
import { makeRouter } from './router.ts';

export interface QueueLabOptions {
  /** The repository's tree, compiled (build.ts). */
  readonly tree: string;
  readonly onFailure?: 'open' | 'closed';
  readonly workers?: number;
  /** Superframes, and checksums left to the network card. */
  readonly offloads?: boolean;
  /** The kernel asks about every packet, also of connections that were let go. */
  readonly everyPacket?: boolean;
  /** The client's address is translated to the router's own (masquerading). */
  readonly translated?: boolean;
  /** Rules of the box; those of policy.ts unless told. */
  readonly rules?: string;
}

/** First queue; another than the default shows that it is heard. */
const QUEUE = 3;
const MARK = 0x10000000;

export class QueueLab {
  readonly network: Network;
  readonly router: Station;
  readonly client: Host;
  readonly folder: string;
  readonly eventsFile: string;
  readonly #options: QueueLabOptions;
  readonly #rulesFile: string;
  readonly #removeFolder: () => void;
  #actors: readonly Actor[] | undefined = undefined;
  #log: () => string = () => '';

  private constructor(options: QueueLabOptions) {
    const folder = temporaryFolder('queue');
    this.folder = folder.path;
    this.#removeFolder = folder.remove;
    this.#options = options;
    this.#rulesFile = join(folder.path, 'policy.yaml');
    this.eventsFile = join(folder.path, 'events.jsonl');
    writeFileSync(this.#rulesFile, options.rules ?? policy);
    this.network = new Network('sallyport-lab', 2, {
      stations: 1,
      offloads: options.offloads ?? false,
    });
    const [router] = this.network.stations;
    const [client] = this.network.clients;
    if (router === undefined || client === undefined) throw new Error('no router');
    this.router = router;
    this.client = client;
    makeRouter(this.network, router);
    this.#installRules();
  }

  /** One on each client, started when somebody first needs them. */
  get actors(): readonly Actor[] {
    const program = join(this.#options.tree, 'test', 'record', 'actors', 'main.js');
    this.#actors ??= this.network.clients.map((host) => new Actor(this.network, host, program));
    return this.#actors;
  }

  /** The queue's rules are there, and nobody reads the queue yet. */
  static async open(options: QueueLabOptions): Promise<QueueLab> {
    const lab = new QueueLab(options);
    try {
      await startNgircd(lab.network, lab.folder);
      return lab;
    } catch (error) {
      await lab.close();
      throw error;
    }
  }

  /** Resolves when it reads its queues. */
  async startProduct(...more: string[]): Promise<ChildProcess> {
    const { workers = 1 } = this.#options;
    const child = this.#spawnProduct(more);
    this.#log = tail(child);
    const deadline = Date.now() + 90_000; // it compiles its policy on a machine that others use too
    while (this.statistics(workers - 1) === undefined) {
      if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
        throw new Error(`the product does not read its queue:\n${this.#log()}`);
      }
      await sleep(50);
    }
    return child;
  }

  /** Starts one more and waits for its end. */
  async refusedProduct(): Promise<{ code: number | null; said: string }> {
    const child = this.#spawnProduct([]);
    const said = tail(child);
    await new Promise((resolve) => child.once('close', resolve));
    return { code: child.exitCode, said: said() };
  }

  /** What the product said last. */
  log(): string {
    return this.#log();
  }

  /** What the kernel counts of a worker's queue; undefined: nobody reads it. */
  statistics(worker = 0) {
    const args = ['netns', 'exec', this.router.namespace, 'cat', FILE];
    return parseStatistics(execFileSync('ip', args, { encoding: 'utf8' }), QUEUE + worker);
  }

  async close(): Promise<void> {
    await this.network.close();
    this.#removeFolder();
  }

  #spawnProduct(more: readonly string[]): ChildProcess {
    const { tree, workers = 1, onFailure = 'open' } = this.#options;
    const options = ['--queue', String(QUEUE), '--workers', String(workers)];
    const files = ['--rules', this.#rulesFile, '--events', this.eventsFile];
    const main = join(tree, 'appliance', 'main.js');
    const args = [main, 'queue', ...options, '--on-failure', onFailure, ...files, '--no-admin'];
    return this.network.spawn(this.router, process.execPath, [...args, ...more], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  #installRules(): void {
    const { workers = 1, onFailure = 'open', everyPacket = false, translated } = this.#options;
    const queue = { number: QUEUE, mark: MARK, maxLength: 4096, onFailure };
    const printed = queueRules(queue, workers, 'iptables');
    const lines = printed.split('\n');
    const script = everyPacket ? lines.filter((line) => !line.includes('-m connmark')) : lines;
    const { namespace } = this.router;
    const inside = (input: string) => {
      execFileSync('ip', ['netns', 'exec', namespace, 'sh', '-e'], { input, stdio: 'pipe' });
    };
    inside(script.join('\n'));
    if (translated === true) {
      for (const command of ['iptables', 'ip6tables']) {
        inside(`${command} -w -t nat -A POSTROUTING -o outside -j MASQUERADE`);
      }
    }
  }
}

const FILE = '/proc/net/netfilter/nfnetlink_queue';

/** As `kill -9` would; resolves when it is gone. */
export async function killProcess(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await endProcess(child);
}
