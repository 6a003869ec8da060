/**
 * A small office whose first client talks through a box: namespaces, servers, actors, and on that
 * client's link, from it to the server, what the test asks for:
 *
 *   client 1 ─ [tagger] ─ [disturber] ─ box ─ [disturber] ─ [tagger] ─ server ─ client 2
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Actor } from '../../record/lab/actor.ts';
import { Network, type Station } from '../../record/lab/network.ts';
import { startNgircd } from '../../record/lab/ngircd.ts';
import { startProsody } from '../../record/lab/prosody.ts';
import { temporaryFolder } from '../../record/lab/temporary-folder.ts';
import { type Box, type Carrier, kernelBridge, startProduct, untilCarried } from './box.ts';
import { policy } from './policy.ts';
import type { DisturbanceSpec } from './stations/disturbance.ts';

export interface LabOptions {
  /** The repository's tree, compiled (build.ts). */
  readonly tree: string;
  readonly carrier: Carrier;
  readonly servers?: readonly ('prosody' | 'ngircd')[];
  /** Hosts talk on this VLAN and know nothing of it: the tag's TCI. */
  readonly vlan?: number;
  /** On both sides of the box. */
  readonly disturbance?: Omit<DisturbanceSpec, 'towardsBoxFrom'>;
  readonly offloads?: boolean;
  readonly mtu?: number;
  /** Rules of the box; those of policy.ts unless told. */
  readonly rules?: string;
  /** Further arguments of `inline inside outside --rules FILE --events FILE`. */
  readonly productArgs?: readonly string[];
}

/**
 * On a busy machine the lab's own processes wait for a processor: what is slow must not look like a hang, nor
 * a segment that a station sends 1 ms after another like one that never comes.
 */
const PATIENT = ['--failure-timeout', '10s', '--hold-time', '2s'];

export class Lab {
  readonly network: Network;
  readonly folder: string;
  readonly actors: readonly Actor[];
  readonly station: Station;
  readonly rulesFile: string;
  readonly eventsFile: string;
  readonly #options: LabOptions;
  readonly #disturbed: Map<string, number>;
  readonly #removeFolder: () => void;
  box: Box;

  private constructor(made: {
    network: Network;
    folder: ReturnType<typeof temporaryFolder>;
    options: LabOptions;
    station: Station;
  }) {
    const { network, folder, options, station } = made;
    this.network = network;
    this.folder = folder.path;
    this.#removeFolder = folder.remove;
    this.#options = options;
    this.station = station;
    this.rulesFile = join(folder.path, 'policy.yaml');
    this.eventsFile = join(folder.path, 'events.jsonl');
    writeFileSync(this.rulesFile, options.rules ?? policy);
    this.#disturbed = new Map();
    this.#startStations();
    this.box = this.startBox();
    const actor = join(options.tree, 'test', 'record', 'actors', 'main.js');
    this.actors = network.clients.map((host) => new Actor(network, host, actor));
  }

  static async open(options: LabOptions): Promise<Lab> {
    const around =
      (options.vlan === undefined ? 0 : 1) + (options.disturbance === undefined ? 0 : 1);
    const folder = temporaryFolder('lab');
    let network: Network | undefined;
    try {
      const { offloads = false, mtu = 1500 } = options;
      network = new Network('sallyport-lab', 2, { stations: 2 * around + 1, offloads, mtu });
      const station = network.stations[around];
      if (station === undefined) throw new Error('no box');
      const lab = new Lab({ network, folder, options, station });
      const servers = options.servers ?? [];
      if (servers.includes('prosody')) await startProsody(network, folder.path);
      if (servers.includes('ngircd')) await startNgircd(network, folder.path);
      await lab.untilCarried();
      return lab;
    } catch (error) {
      await network?.close();
      folder.remove();
      throw error;
    }
  }

  /** Starts what carries frames in the box, once more where it was stopped. */
  startBox(): Box {
    if (this.#options.carrier === 'kernel') return kernelBridge(this.station);
    const main = join(this.#options.tree, 'appliance', 'main.js');
    const { productArgs = PATIENT } = this.#options;
    const files = ['--rules', this.rulesFile, '--events', this.eventsFile];
    return startProduct(this.network, this.station, { main, args: [...files, ...productArgs] });
  }

  async untilCarried(): Promise<void> {
    const [client] = this.network.clients;
    if (client === undefined) throw new Error('no client');
    await untilCarried(this.box, client, this.network.server);
  }

  /** The repository's tree, compiled. */
  get tree(): string {
    return this.#options.tree;
  }

  /** How often the disturbers did something. */
  disturbed(what: string): number {
    return this.#disturbed.get(what) ?? 0;
  }

  async close(): Promise<void> {
    await this.network.close();
    this.#removeFolder();
  }

  #startStations(): void {
    const { vlan, disturbance } = this.#options;
    const { stations } = this.network;
    const box = stations.indexOf(this.station);
    for (const [index, station] of stations.entries()) {
      if (index === box) continue;
      const before = index < box;
      const outermost = index === 0 || index === stations.length - 1;
      if (vlan !== undefined && outermost) {
        this.#station(station, 'tagger', [
          before ? 'inside' : 'outside',
          before ? 'outside' : 'inside',
          String(vlan),
        ]);
      } else {
        const spec = { ...disturbance, towardsBoxFrom: before ? 0 : 1 };
        this.#station(station, 'disturber', [JSON.stringify(spec)]);
      }
    }
  }

  #station(station: Station, program: string, args: readonly string[]): void {
    const path = join(this.#options.tree, 'test', 'system', 'lab', 'stations', `${program}.js`);
    const child = this.network.spawn(station, process.execPath, [path, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout?.setEncoding('utf8').on('data', (lines: string) => {
      for (const what of lines.trim().split('\n')) {
        this.#disturbed.set(what, this.disturbed(what) + 1);
      }
    });
  }
}
