/** Whether each entry of a catalogue can be reached, and by what that was shown. */
import type { ServiceMatch } from '../../src/inspect/service-catalogue.ts';
import type { Catalogue, CatalogueEntry } from './catalogue.ts';
import type { CompiledServices } from './compiled-services.ts';
import { exampleOf } from './host-pattern.ts';
import { answer, readSubject, type Subject } from './subject.ts';

/** capture: it was seen in one; example: what is written beside it is answered by it; unproven: neither. */
export type Proof = 'capture' | 'example' | 'unproven';

export interface EntryProof {
  readonly entry: CatalogueEntry;
  readonly proof: Proof;
  /** What is wrong: an example that another entry answers, a name that cannot be reached. */
  readonly faults: readonly string[];
}

/** `services` is compiled from the catalogue's entries. `seen`: matches that captures gave. */
export function proveEntries(
  { entries }: Catalogue,
  services: CompiledServices,
  seen: ReadonlySet<ServiceMatch>,
): EntryProof[] {
  const owners = new Map(services.matches.map((match, i) => [match, entries[i]]));
  return entries.map((entry, i) => {
    const match = services.matches[i];
    const faults = [
      ...wrongExamples(entry, services, owners),
      ...unreachable(entry, services, match),
    ];
    const isSeen = match !== undefined && seen.has(match);
    const isShown = entry.proof.length > 0 && faults.length === 0;
    return { entry, proof: isSeen ? 'capture' : isShown ? 'example' : 'unproven', faults };
  });
}

function wrongExamples(
  entry: CatalogueEntry,
  services: CompiledServices,
  owners: ReadonlyMap<ServiceMatch, CatalogueEntry | undefined>,
): string[] {
  return entry.proof.flatMap((example) => {
    const subject = readSubject(example, (name) => entry.signatures.includes(name));
    const match = answer(services, atPortOf(entry, subject));
    const owner = match && owners.get(match);
    if (owner === entry) return [];
    return [`'${example}' is answered by ${owner === undefined ? 'none' : describeEntry(owner)}`];
  });
}

function unreachable(
  entry: CatalogueEntry,
  services: CompiledServices,
  match: ServiceMatch | undefined,
): string[] {
  const port = entry.ports[0]?.[0];
  const answered = (host: string) => services.byHost(host, port ?? 0) === match;
  const hidden = [
    ...entry.hosts.filter((p) => !answered(exampleOf(p)) && !answered(`x.${exampleOf(p)}`)),
    ...entry.exact.filter((pattern) => !answered(exampleOf(pattern))),
    ...entry.signatures.filter((name) => services.bySignature(name) !== match),
  ].map((name) => `'${name}' is answered by another entry`);
  const { networks, transport = 'tcp' } = entry;
  const reached = networks.some((network) => {
    const [address = ''] = network.split('/');
    const end = `${address.includes(':') ? `[${address}]` : address}:${port ?? 443}/${transport}`;
    const subject = readSubject(end, () => false);
    return answer(services, subject) === match;
  });
  if (networks.length > 0 && !reached) hidden.push('its networks are answered by other entries');
  return hidden;
}

/** A name without port is asked for at one where the entry holds. */
function atPortOf({ ports }: CatalogueEntry, subject: Subject): Subject {
  if (subject.kind !== 'host' || subject.port !== 0) return subject;
  return { ...subject, port: ports[0]?.[0] ?? 0 };
}

/** `telegram (call), services/telegram.yaml:31` */
export function describeEntry({ service, activity, place }: CatalogueEntry): string {
  return `${service}${activity === undefined ? '' : ` (${activity})`}, ${place.file}:${place.line}`;
}
