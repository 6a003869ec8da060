/** The catalogue as the engine asks it, built in steps: it is swapped between two packets. */
import type { ServiceCatalogue, ServiceMatch } from '../../src/inspect/service-catalogue.ts';
import { finish, type Steps } from '../steps.ts';
import type { MatchEntry, Transport } from './catalogue.ts';
import { HostTrie } from './host-trie.ts';
import { NameFilter } from './name-filter.ts';
import { NetworkTrie } from './network-trie.ts';

/** Names and networks added in one step: some 50 µs. */
const STEP = 64;

export class CompiledServices implements ServiceCatalogue {
  /** One an entry, in their order. */
  readonly matches: readonly ServiceMatch[];
  readonly #hosts: HostTrie;
  readonly #names: NameFilter;
  readonly #networks: NetworkTrie;
  readonly #signatures: ReadonlyMap<string, ServiceMatch>;

  private constructor(
    matches: readonly ServiceMatch[],
    hosts: HostTrie,
    names: NameFilter,
    networks: NetworkTrie,
    signatures: ReadonlyMap<string, ServiceMatch>,
  ) {
    this.matches = matches;
    this.#hosts = hosts;
    this.#names = names;
    this.#networks = networks;
    this.#signatures = signatures;
  }

  static *building(entries: Iterable<MatchEntry>): Steps<CompiledServices> {
    const hosts = new HostTrie();
    const names = new NameFilter();
    const networks = new NetworkTrie();
    const signatures = new Map<string, ServiceMatch>();
    const matches: ServiceMatch[] = [];
    let added = 0;
    for (const entry of entries) {
      const { service, activity, confidence, shared, ports, transport } = entry;
      const match = Object.freeze({ service, activity, confidence, shared });
      matches.push(match);
      const named = { match, ports, transport: undefined };
      for (const host of entry.hosts) {
        hosts.add(host, false, named);
        names.add(host);
        if (++added % STEP === 0) yield;
      }
      for (const host of entry.exact) {
        hosts.add(host, true, named);
        names.add(host);
        if (++added % STEP === 0) yield;
      }
      const addressed = { match, ports, transport };
      for (const network of entry.networks) {
        networks.add(network, addressed);
        if (++added % STEP === 0) yield;
      }
      for (const signature of entry.signatures) signatures.set(signature, match);
    }
    return new CompiledServices(matches, hosts, names, networks, signatures);
  }

  byHost(host: string, port: number): ServiceMatch | undefined {
    return this.#hosts.find(host, port);
  }

  mayKnow(buffer: Uint8Array, start: number, end: number): boolean {
    return this.#names.mayHold(buffer, start, end);
  }

  bySignature(name: string): ServiceMatch | undefined {
    return this.#signatures.get(name);
  }

  byAddress(
    words: Int32Array,
    at: number,
    low: number,
    port: number,
    transport: Transport,
  ): ServiceMatch | undefined {
    return this.#networks.find(words, at, low, port, transport);
  }
}

/** At once. */
export function compileServices(entries: Iterable<MatchEntry>): CompiledServices {
  return finish(CompiledServices.building(entries));
}
