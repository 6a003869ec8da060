/** What `sallyport services list` and `explain` do once their command line is read. */
import type { Catalogue, CatalogueEntry } from '../../rules/catalogue/catalogue.ts';
import { explainService } from '../../rules/catalogue/explain-services.ts';
import { describeEntry } from '../../rules/catalogue/prove.ts';
import { harmless } from '../../src/event/harmless.ts';
import { counted } from '../report/amounts.ts';
import { cell, columnWidth, rightCell } from '../report/columns.ts';
import { loadCatalogue } from './load-services.ts';
import { type ServiceOptions, serviceSettings } from './service-options.ts';
import type { Terminal } from './terminal.ts';
import { Exit } from './user-error.ts';

export interface ServicesOptions extends ServiceOptions {
  readonly json?: true;
  readonly corpus?: string;
}

const NAME_CELLS = 24;

/** Returns the exit code. */
export function listServices(options: ServicesOptions, terminal: Terminal): number {
  const { catalogue } = loadCatalogue(serviceSettings(options), terminal);
  if (options.json === true) terminal.out.line(JSON.stringify(catalogue, undefined, 2));
  else tellServices(catalogue, terminal);
  return Exit.Ok;
}

function tellServices({ services, entries }: Catalogue, { out, layout: { paint } }: Terminal) {
  const ids = columnWidth(['service', ...services.map(({ id }) => id)], NAME_CELLS);
  const names = columnWidth(['name', ...services.map(({ name }) => name)], NAME_CELLS);
  const head = `${cell('service', ids)}  ${cell('name', names)}  ${cell('kind', 9)}  hosts  nets  signs  activities`;
  out.line(paint.dim(head));
  for (const { id, name, kind } of services) {
    const own = entries.filter(({ service }) => service === id);
    const { hosts, networks, signatures } = amounts(own);
    const counts = `${rightCell(String(hosts), 5)}  ${rightCell(String(networks), 4)}  ${rightCell(String(signatures), 5)}`;
    const activities = [...new Set(own.flatMap(({ activity }) => activity ?? []))].join(', ');
    const line = `${cell(id, ids)}  ${cell(name, names)}  ${cell(kind, 9)}  ${counts}  ${activities}`;
    out.line(line.trimEnd());
  }
  const messengers = services.filter(({ kind }) => kind === 'messenger').length;
  const { hosts, networks, signatures } = amounts(entries);
  const sums = [
    counted(services.length, 'service'),
    counted(messengers, 'messenger'),
    counted(entries.length, 'entry', 'entries'),
    counted(hosts, 'host'),
    counted(networks, 'network'),
    counted(signatures, 'signature'),
  ];
  out.line(paint.dim(sums.join(', ')));
}

function amounts(entries: readonly CatalogueEntry[]) {
  const sum = (of: (entry: CatalogueEntry) => number) => entries.reduce((n, e) => n + of(e), 0);
  return {
    hosts: sum(({ hosts, exact }) => hosts.length + exact.length),
    networks: sum(({ networks }) => networks.length),
    signatures: sum(({ signatures }) => signatures.length),
  };
}

/** Returns the exit code. */
export function explainServices(
  text: string,
  options: ServicesOptions,
  terminal: Terminal,
): number {
  const { out, layout } = terminal;
  const { paint } = layout;
  const { catalogue } = loadCatalogue(serviceSettings(options), terminal);
  const { subject, answers } = explainService(catalogue, text);
  const [first, ...others] = answers;
  if (first === undefined) {
    out.line(`${harmless(text)}: no service of the catalogue (asked as ${subject.kind})`);
    return Exit.Failed;
  }
  const { entry, by } = first;
  const name = catalogue.services.find(({ id }) => id === entry.service)?.name ?? entry.service;
  out.line(`${harmless(text)}: ${paint.bold(entry.service)} (${harmless(name)}, ${entry.kind})`);
  const ports = entry.ports.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
  const rows: [string, string | undefined][] = [
    ['activity', entry.activity ?? 'the entry does not tell'],
    ['confidence', `${entry.confidence}${entry.shared ? ', at addresses that others share' : ''}`],
    ['because of', `${by} (${subject.kind})`],
    ['ports', ports.length === 0 ? undefined : ports.join(', ')],
    ['transport', entry.transport],
    ['source', entry.source],
    ['date', entry.date],
    ['entry', `${entry.place.file}:${entry.place.line}:${entry.place.column}`],
  ];
  for (const [label, value] of rows) {
    if (value !== undefined) out.line(`  ${paint.dim(label.padEnd(11))}${harmless(value)}`);
  }
  for (const other of others) {
    const line = `${describeEntry(other.entry)}, by ${other.by}`;
    out.line(`  ${paint.dim('else'.padEnd(11))}${harmless(line)}`);
  }
  return Exit.Ok;
}
