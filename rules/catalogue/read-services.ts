/** Service files to a catalogue, with everything that is wrong in them. */
import { parseNetwork } from '../lists/cidr.ts';
import type { Diagnostics, Place } from '../source/diagnostic.ts';
import { readShape } from '../source/shape.ts';
import { type Path, readYaml, type YamlSource } from '../source/yaml-source.ts';
import type { Catalogue, CatalogueService } from './catalogue.ts';
import { type Claimant, Claims } from './claims.ts';
import { type ReadEntry, readEntry } from './read-entry.ts';
import { serviceFile, type WrittenService } from './schema.ts';

/** Names, networks and signatures in all: some 100 MiB of matcher. */
export const MOST_CLAIMS = 200_000;

export interface ServiceSource {
  readonly file: string;
  readonly text: string;
  /** Files of a later layer have the last word (claims.ts). */
  readonly layer: number;
}

export function readServices(sources: readonly ServiceSource[], found: Diagnostics): Catalogue {
  const reader = new ServicesReader(found);
  for (const source of sources) reader.file(source);
  return reader.catalogue();
}

class ServicesReader {
  readonly #found: Diagnostics;
  readonly #claims: Claims;
  readonly #services = new Map<string, CatalogueService>();
  readonly #entries = new Map<string, ReadEntry[]>();
  #count = 0;

  constructor(found: Diagnostics) {
    this.#found = found;
    this.#claims = new Claims(found);
  }

  file({ file, text, layer }: ServiceSource): void {
    const source = readYaml(file, text, this.#found);
    const shape = source && readShape(serviceFile, source, this.#found, { top: 'a service file' });
    if (source === undefined || shape === undefined) return;
    for (const [i, written] of shape.services.entries()) {
      this.#service(written, ['services', i], source, layer);
    }
  }

  catalogue(): Catalogue {
    const services = [...this.#services.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    const entries = services.flatMap(({ id }) => this.#entries.get(id) ?? []).filter(isSomething);
    const withEntries = new Set(entries.map(({ service }) => service));
    return { services: services.filter(({ id }) => withEntries.has(id)), entries };
  }

  #service(written: WrittenService, path: Path, source: YamlSource, layer: number): void {
    const id = written.service;
    const known = this.#services.get(id);
    if (written.replace === true) {
      this.#claims.forget(id);
      this.#entries.delete(id);
    }
    const kind = written.kind ?? known?.kind ?? 'messenger';
    const name = written.name ?? known?.name ?? id;
    this.#services.set(id, { id, name, kind, place: source.place(path) });
    if (written.entries.length === 0 && written.replace !== true) {
      this.#found.warn(source.place(path), `'${id}' has no entries`, 'it changes nothing');
    }
    const entries = this.#entries.get(id) ?? [];
    this.#entries.set(id, entries);
    for (const [i, one] of written.entries.entries()) {
      const at = [...path, 'entries', i];
      const entry = readEntry(written, kind, one, at, source, this.#found);
      entries.push(entry);
      this.#claim(entry, at, source, layer);
    }
  }

  #claim(entry: ReadEntry, path: Path, source: YamlSource, layer: number): void {
    const { service, activity, ports, transport } = entry;
    const claim = (what: string, names: string[], shown: string, place: Place) => {
      const lose = () => {
        const at = names.indexOf(shown);
        if (at >= 0) names.splice(at, 1);
      };
      const claimant: Claimant = { service, activity, ports, transport, layer, place, lose };
      this.#claims.add(what, shown, claimant);
      this.#count += 1;
      if (this.#count === MOST_CLAIMS + 1) {
        const hint = `at most ${MOST_CLAIMS}`;
        this.#found.error(place, 'too many names, networks and signatures in all', hint);
      }
    };
    const place = (key: string, i: number) => source.place([...path, key, i]);
    for (const [i, host] of [...entry.hosts].entries()) {
      claim(`host ${host}`, entry.hosts, host, place('hosts', i));
    }
    for (const [i, host] of [...entry.exact].entries()) {
      claim(`exact ${host}`, entry.exact, host, place('exact', i));
    }
    for (const [i, network] of [...entry.networks].entries()) {
      claim(`network ${keyOf(network)}`, entry.networks, network, place('networks', i));
    }
    for (const name of [...entry.signatures]) {
      const alpn = name.startsWith('alpn:') ? name.slice(5) : undefined;
      const key = alpn === undefined ? 'signatures' : 'alpn';
      const i = indexIn(source, [...path, key], alpn ?? name);
      claim(`signature ${name}`, entry.signatures, name, place(key, i));
    }
  }
}

function indexIn(source: YamlSource, path: Path, name: string): number {
  let value: unknown = source.value;
  for (const step of path) value = (value as { [key: PropertyKey]: unknown } | undefined)?.[step];
  return Array.isArray(value) ? value.indexOf(name) : 0;
}

/** The same for the same network, however it is written. */
function keyOf(network: string): string {
  const parsed = parseNetwork(network);
  return parsed === undefined ? network : `${parsed.words.join()}/${parsed.bits}`;
}

function isSomething({ hosts, exact, networks, signatures }: ReadEntry): boolean {
  return hosts.length + exact.length + networks.length + signatures.length > 0;
}
