/** docs/services.md: a hand-written part, and a table of the services that ship. */
import type { Catalogue, CatalogueEntry } from './catalogue.ts';
import { compileServices } from './compiled-services.ts';
import { servicesIntroduction } from './introduction.ts';
import { type EntryProof, proveEntries } from './prove.ts';

/** Relative to the repository. */
export const SERVICES_REFERENCE_PATH = 'docs/services.md';

export function servicesReference(catalogue: Catalogue): string {
  const proofs = proveEntries(catalogue, compileServices(catalogue.entries), new Set());
  const rows = catalogue.services.map(({ id, name, kind }) => {
    const own = catalogue.entries.filter(({ service }) => service === id);
    const activities = [...new Set(own.flatMap(({ activity }) => activity ?? []))];
    return [
      `\`${id}\``,
      name,
      kind,
      activities.join(', '),
      knownBy(own),
      provenOf(proofs.filter(({ entry }) => entry.service === id)),
    ];
  });
  const count = (wanted: string) => catalogue.services.filter(({ kind }) => kind === wanted).length;
  return [
    servicesIntroduction,
    '## The services that ship\n',
    `${catalogue.services.length} services: ${count('messenger')} messengers, ${count('social')} social networks, ${count('push')} push services, ${count('evasion')} evasions.`,
    '*Proven*: in how many of its entries something stands that shows them: a capture of the test corpus in',
    'which they were seen, or examples from a source that was read. The rest is from memory, and never `high`.\n',
    '| service | name | kind | activities | known by | proven |\n| --- | --- | --- | --- | --- | --- |',
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
    '',
  ].join('\n');
}

function knownBy(entries: readonly CatalogueEntry[]): string {
  const sum = (of: (entry: CatalogueEntry) => number) => entries.reduce((n, e) => n + of(e), 0);
  const parts: [number, string][] = [
    [sum(({ hosts, exact }) => hosts.length + exact.length), 'host'],
    [sum(({ networks }) => networks.length), 'network'],
    [sum(({ signatures }) => signatures.length), 'signature'],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}${count === 1 ? '' : 's'}`)
    .join(', ');
}

function provenOf(proofs: readonly EntryProof[]): string {
  const shown = proofs.filter(({ proof, entry }) => proof !== 'unproven' || entry.seen.length > 0);
  return `${shown.length} of ${proofs.length}`;
}
