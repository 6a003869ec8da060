/**
 * `node dist/bench/archive-postgres.js [--events N] [--batch N] [--url postgres://…] [--json FILE]`: what the archive
 * costs in PostgreSQL: writing a month of events with chain and search index, searching, reading all of it.
 *
 * Without --url a PostgreSQL of its own, that writes through to the disk, on the same machine: its processor
 * time is the machine's too, and so stands beside.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Archive } from '../appliance/archive/archive.ts';
import { openArchive } from '../appliance/archive/open-archive.ts';
import { Appender } from '../appliance/archive/record/appender.ts';
import { EventDrafts } from '../appliance/archive/record/draft-event.ts';
import { readTarget } from '../appliance/archive/target.ts';
import { PostgresServer } from '../test/support/postgres-server.ts';
import { eventLines, WORDS } from './archive-events.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    batch: { type: 'string', default: '5000' },
    url: { type: 'string' },
    json: { type: 'string' },
  },
});
const events = Number(values.events);
const batch = Number(values.batch);

const server = values.url === undefined ? await PostgresServer.make({ sync: true }) : undefined;
try {
  const url = values.url ?? (await (server as PostgresServer).database());
  const archive = await openArchive(readTarget(url, server?.folder), { create: true });
  const ingest = await measureIngest(archive);
  const [size] = await archive.database.rows<{ octets: number }>(
    'SELECT pg_database_size(current_database()) AS octets',
  );
  await archive.database.run('ANALYZE');
  const search = await measureSearches(archive);
  const scan = await measureScan(archive);
  await archive.close();
  const octetsOnDisk = (size?.octets ?? 0) / events;
  const text = `${JSON.stringify({ ingest: { ...ingest, octetsOnDisk }, search, scan }, null, 2)}\n`;
  process.stdout.write(text);
  if (values.json !== undefined) writeFileSync(values.json, text);
} finally {
  await server?.remove();
}

async function measureIngest(archive: Archive) {
  const drafts = new EventDrafts();
  const appender = new Appender(archive);
  let seconds = 0;
  let cpu = 0;
  let slowest = 0;
  let done = 0;
  for (const lines of eventLines(events, batch)) {
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
    eventsPerSecond: Math.round(events / seconds),
    eventsPerCpuSecondOfOurs: Math.round(events / cpu),
    slowestBatchSeconds: slowest,
  };
}

/** The 50 newest that have a word, a phrase, a beginning: of common and of rare words. */
async function measureSearches({ database }: Archive) {
  const took: number[] = [];
  for (let n = 0; n < 120; n += 1) {
    const word = WORDS[Math.floor(1.08 ** n) % WORDS.length] ?? '';
    const other = WORDS[(n * 7) % 200] ?? '';
    const query =
      n % 3 === 0
        ? { phrases: [[word]] }
        : n % 3 === 1
          ? { phrases: [[word, other]] }
          : { phrases: [[word.slice(0, 4)]], prefixes: new Set([0]) };
    const { sql, values: asked } = database.matching(query);
    const started = performance.now();
    await database.rows(
      `SELECT sequence, time, envelope, content FROM record WHERE ${sql} ORDER BY sequence DESC LIMIT 50`,
      ...asked,
    );
    took.push(performance.now() - started);
  }
  took.sort((a, b) => a - b);
  const at = (share: number) => Math.round(took[Math.floor(share * took.length)] ?? 0);
  return { p50Ms: at(0.5), p95Ms: at(0.95), slowestMs: at(0.999) };
}

async function measureScan({ database }: Archive) {
  const started = performance.now();
  let rows = 0;
  let most = 0;
  const sql = 'SELECT sequence, envelope, content, hash FROM record ORDER BY sequence';
  for await (const _ of database.each(sql)) {
    rows += 1;
    if (rows % 10_000 === 0) most = Math.max(most, process.memoryUsage().rss);
  }
  const seconds = (performance.now() - started) / 1000;
  return { rowsPerSecond: Math.round(rows / seconds), rssMiB: Math.round(most / 2 ** 20) };
}
