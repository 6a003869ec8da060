/**
 * `npm run bench:archive [-- --events N --batch N --json FILE]`: what the archive costs in SQLite: writing
 * a month of events with chain and search index, its size, searches, a scan of everything.
 *
 * Processor time stands beside the time of the clock, because the machine has other work.
 */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Archive } from '../appliance/archive/archive.ts';
import { openArchive } from '../appliance/archive/open-archive.ts';
import { Appender } from '../appliance/archive/record/appender.ts';

import { EventDrafts } from '../appliance/archive/record/draft-event.ts';
import { readTarget } from '../appliance/archive/target.ts';
import { eventLines } from './archive-events.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    batch: { type: 'string', default: '5000' },
    json: { type: 'string' },
    folder: { type: 'string' },
  },
});
const events = Number(values.events);
const batch = Number(values.batch);
const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'sallyport-bench-archive-'));
const path = join(folder, 'archive.db');
try {
  const archive = await openArchive(readTarget(path), { create: true });
  const ingest = await measureIngest(archive);
  await archive.close();
  print({ ingest });
} finally {
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
}

async function measureIngest(archive: Archive) {
  const drafts = new EventDrafts();
  const appender = new Appender(archive);
  let octets = 0;
  let seconds = 0;
  let cpu = 0;
  let slowest = 0;
  let done = 0;
  for (const lines of eventLines(events, batch)) {
    for (const line of lines) octets += line.length;
    const started = performance.now();
    const before = process.cpuUsage();
    const read = lines.flatMap((line) => drafts.read(line) ?? []);
    done += lines.length;
    await appender.append(read, String(done));
    const used = process.cpuUsage(before);
    const took = (performance.now() - started) / 1000;
    seconds += took;
    slowest = Math.max(slowest, took);
    cpu += (used.user + used.system) / 1e6;
  }
  return {
    eventsPerSecond: events / seconds,
    eventsPerCpuSecond: events / cpu,
    slowestBatchSeconds: slowest,
    octetsOfEvent: octets / events,
    octetsOnDisk: statSync(path).size / events,
  };
}

function print(figures: unknown): void {
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
}
