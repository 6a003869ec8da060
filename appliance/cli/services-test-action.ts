/** What `sallyport services test` does once its command line is read. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CompiledServices } from '../../rules/catalogue/compiled-services.ts';
import { type EntryProof, type Proof, proveEntries } from '../../rules/catalogue/prove.ts';
import { harmless } from '../../src/event/harmless.ts';
import type { ServiceCatalogue, ServiceMatch } from '../../src/inspect/service-catalogue.ts';
import { PASS_EVERYTHING } from '../../src/verdict/judge.ts';
import { ReplayRun } from '../modes/replay.ts';
import { counted } from '../report/amounts.ts';
import { cell, columnWidth } from '../report/columns.ts';
import { checkCaptures } from './capture-arguments.ts';
import { type LoadedCatalogue, loadCatalogue } from './load-services.ts';
import { serviceSettings } from './service-options.ts';
import type { ServicesOptions } from './services-action.ts';
import type { Terminal } from './terminal.ts';
import { Exit, UserError } from './user-error.ts';

const NAME_CELLS = 24;
const WORDS: Readonly<Record<Proof, string>> = {
  capture: 'seen in a capture',
  example: 'by its examples',
  unproven: 'unproven',
};

/** Resolves with the exit code. Throws UserError. */
export async function testServices(
  captures: readonly string[],
  options: ServicesOptions,
  terminal: Terminal,
): Promise<number> {
  const loaded = loadCatalogue(serviceSettings(options), terminal);
  const { catalogue, services } = loaded;
  const given = captures.length === 0 ? [] : checkCaptures(captures);
  const seen = new Set<ServiceMatch>();
  const faults: string[] = [];
  for (const capture of given) faults.push(...(await watch(capture, services, seen)));
  if (options.corpus !== undefined) {
    faults.push(...(await seenWhereSaid(options.corpus, loaded, seen)));
  }
  const proofs = proveEntries(catalogue, services, seen);
  for (const { entry, faults: own } of proofs) {
    const { file, line, column } = entry.place;
    faults.push(...own.map((fault) => `${file}:${line}:${column}: ${fault}`));
  }
  tellProofs(proofs, terminal);
  const { out, layout } = terminal;
  for (const fault of faults) out.line(layout.paint.red(harmless(fault)));
  out.line(outcome(proofs, faults.length, terminal));
  return faults.length > 0 ? Exit.Failed : Exit.Ok;
}

/** Replays each capture that an entry names, and says where an entry was not to be seen. */
async function seenWhereSaid(
  corpus: string,
  { catalogue: { entries }, services }: LoadedCatalogue,
  seen: Set<ServiceMatch>,
): Promise<string[]> {
  if (!existsSync(corpus)) throw new UserError(`--corpus: there is no folder ${corpus}`);
  const faults: string[] = [];
  for (const capture of new Set(entries.flatMap((entry) => entry.seen))) {
    const path = join(corpus, capture);
    const here = new Set<ServiceMatch>();
    if (existsSync(path)) faults.push(...(await watch(path, services, here)));
    else faults.push(`${path}: no such capture`);
    for (const [i, entry] of entries.entries()) {
      const match = services.matches[i];
      if (match === undefined || !entry.seen.includes(capture)) continue;
      if (here.has(match)) continue;
      const { file, line, column } = entry.place;
      faults.push(`${file}:${line}:${column}: not seen in ${capture}`);
    }
    for (const match of here) seen.add(match);
  }
  return faults;
}

/** What of the catalogue a capture asks for; answers with what is wrong with the capture. */
async function watch(
  capture: string,
  services: CompiledServices,
  seen: Set<ServiceMatch>,
): Promise<string[]> {
  const note = (match: ServiceMatch | undefined) => {
    if (match !== undefined) seen.add(match);
    return match;
  };
  const watched: ServiceCatalogue = {
    byHost: (host, port) => note(services.byHost(host, port)),
    bySignature: (name) => note(services.bySignature(name)),
    byAddress: (words, at, low, port, transport) =>
      note(services.byAddress(words, at, low, port, transport)),
  };
  const run = new ReplayRun({
    captures: [capture],
    judge: PASS_EVERYTHING,
    services: watched,
    checksums: false,
    followContent: false,
    contentSink: undefined,
    namePeople: undefined,
    maxFlows: undefined,
    onEvent: () => undefined,
  });
  const faults = await run.run(new AbortController().signal);
  return faults.map(({ message }) => message);
}

function tellProofs(proofs: readonly EntryProof[], { out, layout: { paint } }: Terminal): void {
  const width = columnWidth(['service', ...proofs.map(({ entry }) => entry.service)], NAME_CELLS);
  out.line(paint.dim(`${cell('service', width)}  ${cell('activity', 14)}  entries  proven`));
  const groups = new Map<string, EntryProof[]>();
  for (const proof of proofs) {
    const { service, activity = '-' } = proof.entry;
    const key = `${cell(service, width)}  ${cell(activity, 14)}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [proof]);
    else known.push(proof);
  }
  for (const [key, own] of groups) {
    const told = (Object.keys(WORDS) as Proof[]).flatMap((proof) => {
      const count = own.filter((one) => one.proof === proof).length;
      if (count === 0) return [];
      const text = count === own.length ? WORDS[proof] : `${count} ${WORDS[proof]}`;
      return [proof === 'unproven' ? paint.yellow(text) : text];
    });
    out.line(`${key}  ${String(own.length).padStart(7)}  ${told.join(', ')}`);
  }
}

function outcome(
  proofs: readonly EntryProof[],
  faults: number,
  { layout: { paint } }: Terminal,
): string {
  const count = (proof: Proof) => proofs.filter((one) => one.proof === proof).length;
  const sums = `${counted(proofs.length, 'entry', 'entries')}: ${count('capture')} seen in captures, ${count('example')} by their examples, ${count('unproven')} unproven`;
  const end =
    faults === 0 ? paint.green('nothing contradicts') : paint.red(counted(faults, 'fault'));
  return `${sums}; ${end}`;
}
