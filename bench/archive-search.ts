/**
 * `npm run bench:archive-search [-- --archive WHERE --archive-home DIR --events N --rounds N --json FILE]`: how
 * long a page of 50 hits takes, by kind of question, in an archive of a million events (bench/archive-events.ts).
 * Without --archive one is made, in SQLite, and removed.
 *
 * Milliseconds of the clock, and (SQLite searches in this process) of the processor: the machine has other work.
 * Each round asks with other words, persons and days, so that nothing is answered from what the last one left.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Archive } from '../appliance/archive/archive.ts';
import type { RecordQuery } from '../appliance/archive/contract.ts';
import { openArchive } from '../appliance/archive/open-archive.ts';
import { Appender } from '../appliance/archive/record/appender.ts';
import { EventDrafts } from '../appliance/archive/record/draft-event.ts';
import { searchRecords } from '../appliance/archive/search/search-records.ts';
import { readTarget } from '../appliance/archive/target.ts';
import { eventLines, WORDS } from './archive-events.ts';

const { values } = parseArgs({
  options: {
    archive: { type: 'string' },
    'archive-home': { type: 'string' },
    events: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '30' },
    json: { type: 'string' },
  },
});
const PAGE = 50;
const BATCH = 5000;
const DAY = 86_400e6; // µs
const START = Date.UTC(2026, 9, 1) * 1000;
const rounds = Number(values.rounds);

const folder = mkdtempSync(join(tmpdir(), 'sallyport-bench-search-'));
try {
  const target = readTarget(values.archive ?? join(folder, 'archive.db'), values['archive-home']);
  const archive = await openArchive(target, { create: true });
  if ((await count(archive)) === 0) await fill(archive);
  await measure(archive);
  await archive.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function count({ database }: Archive): Promise<number> {
  const [row] = await database.rows<{ n: number }>('SELECT COUNT(*) AS n FROM conversation');
  return row?.n ?? 0;
}

async function fill(archive: Archive): Promise<void> {
  const drafts = new EventDrafts();
  const appender = new Appender(archive);
  for (const lines of eventLines(Number(values.events), BATCH)) {
    await appender.append(lines.flatMap((line) => drafts.read(line) ?? []));
  }
}

function word(rank: number): string {
  return WORDS[rank % WORDS.length] ?? '';
}

/** A question of each kind, for round `n`. */
function questions(n: number): Record<string, RecordQuery> {
  const person = [`xmpp:person${(n * 37) % 2000}@example.com`];
  const from = START + (n % 24) * DAY;
  return {
    'common word': { text: word(n) },
    'middling word': { text: word(300 + n * 7) },
    'rare word': { text: word(20_000 + n * 31) },
    'no such word': { text: `zzyzx${n}` },
    'two common words': { text: `${word(n)} ${word(n + 1)}` },
    'phrase of common words': { text: `"${word(n)} ${word(n + 2)}"` },
    'beginning of a word': { text: `${word(200 + n).slice(0, 3)}*` },
    'common and rare word': { text: `${word(n)} ${word(15_000 + n)}` },
    person: { person },
    'person and common word': { person, text: word(n) },
    'person and rare word': { person, text: word(20_000 + n * 31) },
    tag: { tag: ['dlp'] },
    'tag and rare word': { tag: ['dlp'], text: word(9_000 + n * 11) },
    refused: { verdict: ['refused'] },
    'refused, an old day': { verdict: ['refused'], from: START + 2 * DAY, to: START + 3 * DAY },
    rule: { rule: ['conduct'] },
    'a day': { from, to: from + DAY },
    'an hour': { from, to: from + DAY / 24 },
    'nothing then': { from: START - 90 * DAY, to: START - 60 * DAY },
    'common word, an old day': { text: word(n), from: START + DAY, to: START + 2 * DAY },
    room: { room: [`#room-${n}`] },
    files: { kind: ['file'] },
    service: { service: ['irc'] },
    'no such service': { service: ['icq'] },
    everything: {},
  };
}

async function measure(archive: Archive): Promise<void> {
  const times = new Map<string, number[]>();
  const used = new Map<string, number[]>();
  const hits = new Map<string, number>();
  for (let n = 0; n < rounds; n++) {
    for (const [name, query] of Object.entries(questions(n))) {
      const started = performance.now();
      const before = process.cpuUsage();
      let found = 0;
      for await (const _ of searchRecords(archive, query)) {
        found += 1;
        if (found === PAGE) break;
      }
      times.set(name, [...(times.get(name) ?? []), performance.now() - started]);
      const { user, system } = process.cpuUsage(before);
      used.set(name, [...(used.get(name) ?? []), (user + system) / 1000]);
      hits.set(name, (hits.get(name) ?? 0) + found);
    }
  }
  const all = [...times.values()].flat();
  used.set('all', [...used.values()].flat());
  const rows = [...times, ['all', all] as const].map(([name, taken]) => ({
    question: name,
    hits: (hits.get(name) ?? 0) / rounds,
    p50: percentile(taken, 0.5),
    p95: percentile(taken, 0.95),
    max: percentile(taken, 1),
    cpu50: percentile(used.get(name) ?? [], 0.5),
    cpu95: percentile(used.get(name) ?? [], 0.95),
  }));
  process.stdout.write(
    `${'question'.padEnd(26)}    hits     p50     p95     max   cpu50   cpu95\n`,
  );
  for (const { question, hits: n, p50, p95, max, cpu50, cpu95 } of rows) {
    const figures = [n, p50, p95, max, cpu50, cpu95].map((figure) => figure.toFixed(1).padStart(8));
    process.stdout.write(`${question.padEnd(26)}${figures.join('')}\n`);
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
}

/** Milliseconds. */
function percentile(taken: readonly number[], part: number): number {
  const sorted = [...taken].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? 0;
}
