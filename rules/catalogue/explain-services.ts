/** Which entry answers for a host, address or signature, why, and which would if it were not there. */
import { parseNetwork } from '../lists/cidr.ts';
import type { Catalogue, CatalogueEntry } from './catalogue.ts';
import { type CompiledServices, compileServices } from './compiled-services.ts';
import { HostTrie } from './host-trie.ts';
import { answer, readSubject, type Subject } from './subject.ts';

/** Entries told of one subject. */
const MOST = 5;

export interface Answer {
  readonly entry: CatalogueEntry;
  /** The name, network or signature of the entry that fits. */
  readonly by: string;
}

export interface Explanation {
  readonly subject: Subject;
  /** The first counts; each next one would without those before. */
  readonly answers: readonly Answer[];
}

export function explainService({ entries }: Catalogue, text: string): Explanation {
  const known = new Set(entries.flatMap(({ signatures }) => signatures));
  const subject = readSubject(text, (name) => known.has(name));
  const answers: Answer[] = [];
  let rest = entries;
  while (answers.length < MOST) {
    const entry = ownerOf(rest, compileServices(rest), subject);
    if (entry === undefined) break;
    answers.push({ entry, by: fitting(entry, subject) });
    rest = rest.filter((other) => other !== entry);
  }
  return { subject, answers };
}

function ownerOf(
  entries: readonly CatalogueEntry[],
  services: CompiledServices,
  subject: Subject,
): CatalogueEntry | undefined {
  const match = answer(services, subject);
  return match && entries[services.matches.indexOf(match)];
}

function fitting(entry: CatalogueEntry, subject: Subject): string {
  switch (subject.kind) {
    case 'signature':
      return subject.name;
    case 'host': {
      const exact = entry.exact.filter((pattern) => holds(pattern, true, subject.host));
      const hosts = entry.hosts.filter((pattern) => holds(pattern, false, subject.host));
      return [...exact, ...longestFirst(hosts)][0] ?? '';
    }
    case 'address': {
      const fits = entry.networks.filter((network) => isIn(network, subject.words));
      return fits.sort((a, b) => bitsOf(b) - bitsOf(a))[0] ?? '';
    }
  }
}

function holds(pattern: string, whole: boolean, host: string): boolean {
  const trie = new HostTrie();
  const match = { service: '', activity: undefined, confidence: 'low', shared: false } as const;
  trie.add(pattern, whole, { match, ports: [], transport: undefined });
  return trie.find(host, 0) !== undefined;
}

function longestFirst(patterns: readonly string[]): string[] {
  const labels = (pattern: string) => pattern.split('.').length;
  return [...patterns].sort((a, b) => labels(b) - labels(a));
}

function bitsOf(network: string): number {
  return parseNetwork(network)?.bits ?? 0;
}

function isIn(network: string, words: Int32Array): boolean {
  const parsed = parseNetwork(network);
  if (parsed === undefined) return false;
  for (let bit = 0; bit < parsed.bits; bit++) {
    if (bitOf(parsed.words, bit) !== bitOf(words, bit)) return false;
  }
  return true;
}

function bitOf(words: Int32Array, bit: number): number {
  return ((words[bit >> 5] ?? 0) >>> (31 - (bit & 31))) & 1;
}
