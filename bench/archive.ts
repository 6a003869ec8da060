/**
 * `npm run bench:archive [-- --events N --batch N --json FILE --folder DIR]`: what the archive costs in SQLite:
 * writing a month of events with chain and search index, its size, searches, a scan, verifying and exporting.
 * Lines are made before the clock runs, in rounds that fit into memory.
 *
 * Processor time stands beside the time of the clock, because the machine has other work.
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
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
import { type SearchFigure, searchFigures } from './archive-searches.ts';
import { draftsOf, lineRounds } from './line-rounds.ts';
import { type Cost, costOf, Meter } from './meter.ts';
import { cpuSeconds } from './peers.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    batch: { type: 'string', default: '16000' },
    json: { type: 'string' },
    folder: { type: 'string' },
  },
});

/** Of /proc: ticks of utime and stime in a second (USER_HZ), the same on every Linux. */
const TICKS = 100;

interface Figures {
  readonly date: string;
  readonly machine: string;
  readonly node: string;
  readonly events: number;
  readonly octetsOfEvent: number;
  readonly ingest: Cost;
  /** Microseconds of processor time an event: of the thread that reads and chains, and of all others. */
  readonly ownThread: number | undefined;
  readonly otherThreads: number | undefined;
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

/** From lines of JSON, as the spool has them, to what is on the disk; each batch is begun while the one before is committed. */
async function measureIngest(archive: Archive) {
  const drafts = new EventDrafts();
  const appender = new Appender(archive);
  const meter = new Meter();
  let octets = 0;
  let slowestBatch = 0;
  let done = 0;
  let own: number | undefined = 0;
  for (const lines of lineRounds(events)) {
    for (const line of lines) octets += line.length;
    const before = ownSeconds();
    meter.start();
    let committing: Promise<void> | undefined;
    for (let from = 0; from < lines.length; from += batch) {
      const part = lines.slice(from, from + batch);
      done += part.length;
      const began = performance.now();
      const { committed } = await appender.ahead(draftsOf(part, drafts), String(done));
      await committing;
      committing = committed.then(() => {
        slowestBatch = Math.max(slowestBatch, (performance.now() - began) / 1000);
      });
    }
    await committing;
    meter.stop();
    const after = ownSeconds();
    own =
      own === undefined || before === undefined || after === undefined
        ? undefined
        : own + after - before;
  }
  const ingest = meter.cost(events);
  return {
    octetsOfEvent: octets / events,
    ingest,
    ownThread: own && (own / events) * 1e6,
    otherThreads: own && ((ingest.cpuSeconds - own) / events) * 1e6,
    slowestBatch,
  };
}

/** Processor time of this thread; undefined where there is no /proc. */
function ownSeconds(): number | undefined {
  try {
    const stat = readFileSync(`/proc/self/task/${process.pid}/stat`, 'latin1');
    // proc(5): utime and stime are fields 14 and 15; the name in parentheses before them may have spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
  } catch {
    return undefined;
  }
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
    ...(figures.ownThread === undefined || figures.otherThreads === undefined
      ? []
      : [
          `threads    ${figures.ownThread.toFixed(1)} µs an event where lines are read and chained, ${figures.otherThreads.toFixed(1)} µs in all others (SQLite, memory)`,
        ]),
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
