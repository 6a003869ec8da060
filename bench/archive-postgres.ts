/**
 * `npm run bench:archive-postgres [-- --events N --batch N --json FILE]`: what the archive costs in PostgreSQL:
 * writing a month of events with chain and search index, its size, searches, a scan, verifying and exporting.
 *
 * A PostgreSQL of its own, that writes through to the disk, on the same machine: its processor time is the machine's
 * too, and stands beside that of the program, because the machine has other work.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Archive } from '../appliance/archive/archive.ts';
import { openArchive } from '../appliance/archive/open-archive.ts';
import { Appender } from '../appliance/archive/record/appender.ts';
import { EventDrafts } from '../appliance/archive/record/draft-event.ts';
import { readTarget } from '../appliance/archive/target.ts';
import { PostgresServer } from '../test/support/postgres-server.ts';
import { searchFigures } from './archive-searches.ts';
import { draftsOf, lineRounds } from './line-rounds.ts';
import { type Cost, costOf, Meter } from './meter.ts';
import { cpuSeconds } from './peers.ts';
import { familySeconds } from './process-tree.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    batch: { type: 'string', default: '16000' },
    json: { type: 'string' },
  },
});
const events = Number(values.events);
const batch = Number(values.batch);
const say = (line: string) => process.stderr.write(`${line}\n`);

interface BothCost extends Cost {
  readonly serverCpuSeconds: number;
}

const home = mkdtempSync(join(tmpdir(), 'sallyport-bench-home-'));
const server = await PostgresServer.make({ sync: true });
try {
  const figures = await measureAll(await server.database());
  print(figures);
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
  }
} finally {
  await server.remove();
  rmSync(home, { recursive: true, force: true });
}

async function measureAll(url: string) {
  const archive = await openArchive(readTarget(url, home), { create: true });
  say(`writing ${events} events in batches of ${batch}`);
  const written = await both(() => measureIngest(archive));
  const [size] = await archive.database.rows<{ octets: number }>(
    'SELECT pg_database_size(current_database()) AS octets',
  );
  await archive.database.run('VACUUM ANALYZE');
  say('searching');
  const searches = await searchFigures(archive);
  const scan = await both(() => measureScan(archive));
  await archive.close();
  const peakRss = process.resourceUsage().maxRSS * 1024;
  say('verifying, exporting');
  const place = ['--archive', url, '--archive-home', home];
  const verify = await both(() => measureCommand('verify', ...place));
  const folder = join(home, 'export');
  const exported = await both(() =>
    measureCommand('export', folder, ...place, '--format', 'jsonl'),
  );
  return {
    date: new Date().toISOString(),
    machine: `${cpus()[0]?.model ?? ''}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    node: process.version,
    events,
    ...written,
    octetsOnDisk: (size?.octets ?? 0) / events,
    peakRss,
    searches,
    scan,
    verify,
    export: exported,
  };
}

/** With what the server took meanwhile, its checkpoints and clean-ups of that time included. */
async function both<T extends { readonly cost: Cost }>(work: () => T | Promise<T>) {
  const before = serverSeconds();
  const done = await work();
  const cost: BothCost = { ...done.cost, serverCpuSeconds: serverSeconds() - before };
  return { ...done, cost };
}

function serverSeconds(): number {
  const [first] = readFileSync(join(server.data, 'postmaster.pid'), 'utf8').split('\n');
  return familySeconds(Number(first));
}

/** From lines of JSON, as the spool has them, to what is on the disk. */
async function measureIngest(archive: Archive) {
  const drafts = new EventDrafts();
  const appender = new Appender(archive);
  const meter = new Meter();
  let slowestBatch = 0;
  let done = 0;
  for (const lines of lineRounds(events)) {
    for (let from = 0; from < lines.length; from += batch) {
      const part = lines.slice(from, from + batch);
      done += part.length;
      meter.start();
      await appender.append(draftsOf(part, drafts), String(done));
      slowestBatch = Math.max(slowestBatch, meter.stop());
    }
  }
  return { cost: meter.cost(events), slowestBatch };
}

/** Every record with its content, as verify and export read them. */
async function measureScan({ database }: Archive) {
  const meter = new Meter();
  meter.start();
  let rows = 0;
  for await (const _row of database.each('SELECT * FROM record ORDER BY sequence')) rows += 1;
  meter.stop();
  return { cost: meter.cost(rows) };
}

/** The program as it is started by hand. */
function measureCommand(...args: string[]) {
  const main = fileURLToPath(new URL('../appliance/main.js', import.meta.url));
  const started = performance.now();
  const cpu = cpuSeconds([process.execPath, main, 'archive', ...args]);
  return { cost: costOf(events, (performance.now() - started) / 1000, cpu) };
}

function print(figures: Awaited<ReturnType<typeof measureAll>>): void {
  const rate = ({ seconds, perSecond, cpuSeconds: ours, serverCpuSeconds: theirs }: BothCost) =>
    `${Math.round(perSecond)} a second; processor time of the program ${ours.toFixed(1)} s, of the server ${theirs.toFixed(1)} s: ${Math.round((perSecond * seconds) / (ours + theirs))} a second of both`;
  const lines = [
    `${figures.events} events, ${figures.machine}`,
    `written    ${rate(figures.cost)}; longest batch ${figures.slowestBatch.toFixed(2)} s`,
    `on disk    ${Math.round(figures.octetsOnDisk)} octets an event, index and chain included`,
    `memory     ${Math.round(figures.peakRss / 2 ** 20)} MiB at most`,
    ...figures.searches.map(
      ({ name, p50, p95, queries }) =>
        `search     ${name}: half within ${p50.toFixed(1)} ms, 95 % within ${p95.toFixed(1)} ms (${queries} queries)`,
    ),
    `scanned    ${rate(figures.scan.cost)}`,
    `verified   ${rate(figures.verify.cost)}`,
    `exported   ${rate(figures.export.cost)} as JSONL`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
