/**
 * `npm run bench:archive [-- --events N --batch N --json FILE --folder DIR]`: what the archive costs in SQLite:
 * writing a month of events with chain and search index, its size, searches, a scan, verifying and exporting.
 *
 * Processor time stands beside the time of the clock, because the machine has other work.
 */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { arch, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Archive } from '../appliance/archive/archive.ts';
import { openArchive } from '../appliance/archive/open-archive.ts';
import { Appender } from '../appliance/archive/record/appender.ts';
import { EventDrafts } from '../appliance/archive/record/draft-event.ts';
import { spawnSqlite } from '../appliance/archive/sqlite/sqlite-thread.ts';
import { readTarget } from '../appliance/archive/target.ts';
import { eventLines } from './archive-events.ts';
import { type SearchFigure, searchFigures } from './archive-searches.ts';
import { type Cost, costOf, Meter } from './meter.ts';
import { cpuSeconds } from './peers.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    batch: { type: 'string', default: '4000' },
    json: { type: 'string' },
    folder: { type: 'string' },
  },
});

interface Figures {
  readonly date: string;
  readonly machine: string;
  readonly node: string;
  readonly events: number;
  readonly octetsOfEvent: number;
  readonly ingest: Cost;
  /** Seconds of the batch that took longest: what the spool must bridge. */
  readonly slowestBatch: number;
  readonly octetsOnDisk: number;
  readonly peakRss: number;
  readonly searches: readonly SearchFigure[];
  readonly scan: Cost;
  readonly verify: Cost;
  readonly export: Cost;
}

const events = Number(values.events);
const batch = Number(values.batch);
const say = (line: string) => process.stderr.write(`${line}\n`);
const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'sallyport-bench-archive-'));
const path = join(folder, 'archive.db');
try {
  const figures = await measureAll();
  print(figures);
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
  }
} finally {
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
}

async function measureAll(): Promise<Figures> {
  const archive = await openArchive(readTarget(path), { create: true, thread: spawnSqlite });
  say(`writing ${events} events in batches of ${batch} to ${path}`);
  const written = await measureIngest(archive);
  say('searching');
  const searches = await searchFigures(archive);
  const scan = await measureScan(archive);
  await archive.close();
  say('verifying, exporting');
  return {
    date: new Date().toISOString(),
    machine: `${cpus()[0]?.model ?? arch()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    node: process.version,
    events,
    ...written,
    octetsOnDisk: statSync(path).size / events,
    peakRss: process.resourceUsage().maxRSS * 1024,
    searches,
    scan,
    verify: measureCommand('verify', '--archive', path),
    export: measureCommand(
      'export',
      join(folder, 'export'),
      '--archive',
      path,
      '--format',
      'jsonl',
    ),
  };
}

/** From lines of JSON, as the spool has them, to what is on the disk. */
async function measureIngest(archive: Archive) {
  const drafts = new EventDrafts();
  const appender = new Appender(archive);
  const meter = new Meter();
  let octets = 0;
  let slowestBatch = 0;
  let done = 0;
  for (const lines of eventLines(events, batch)) {
    for (const line of lines) octets += line.length;
    done += lines.length;
    meter.start();
    const read = lines.flatMap((line) => drafts.read(line) ?? []);
    await appender.append(read, String(done));
    slowestBatch = Math.max(slowestBatch, meter.stop());
  }
  return { octetsOfEvent: octets / events, ingest: meter.cost(events), slowestBatch };
}

/** Every record with its content, as verify and export read them. */
async function measureScan({ database }: Archive): Promise<Cost> {
  const meter = new Meter();
  meter.start();
  let rows = 0;
  for await (const _row of database.each('SELECT * FROM record ORDER BY sequence')) rows += 1;
  meter.stop();
  return meter.cost(rows);
}

/** The program as it is started by hand. */
function measureCommand(...args: string[]): Cost {
  const main = fileURLToPath(new URL('../appliance/main.js', import.meta.url));
  const started = performance.now();
  const cpu = cpuSeconds([process.execPath, main, 'archive', ...args]);
  return costOf(events, (performance.now() - started) / 1000, cpu);
}

function print(figures: Figures): void {
  const rate = ({ perSecond, perCpuSecond }: Cost) =>
    `${Math.round(perSecond)} a second (${Math.round(perCpuSecond)} a second of processor time)`;
  const lines = [
    `${figures.events} events of ${Math.round(figures.octetsOfEvent)} octets, ${figures.machine}`,
    `written    ${rate(figures.ingest)}; longest batch ${figures.slowestBatch.toFixed(2)} s`,
    `on disk    ${Math.round(figures.octetsOnDisk)} octets an event, index and chain included`,
    `memory     ${Math.round(figures.peakRss / 2 ** 20)} MiB at most`,
    ...figures.searches.map(
      ({ name, p50, p95, queries }) =>
        `search     ${name}: half within ${p50.toFixed(1)} ms, 95 % within ${p95.toFixed(1)} ms (${queries} queries)`,
    ),
    `scanned    ${rate(figures.scan)}`,
    `verified   ${rate(figures.verify)}`,
    `exported   ${rate(figures.export)} as JSONL`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
