/** Searches as officers make them, each kind many times with other words and names: the first page of hits. */
import type { Archive } from '../appliance/archive/archive.ts';
import type { RecordQuery } from '../appliance/archive/contract.ts';
import { searchRecords } from '../appliance/archive/search/search-records.ts';
import { WORDS } from './archive-events.ts';

export interface SearchFigure {
  readonly name: string;
  readonly queries: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
}

const QUERIES = 60;
/** Hits of a page. */
const PAGE = 50;
const DAY = 86_400e6; // µs
const START = Date.UTC(2026, 9, 1) * 1000;

const KINDS: Readonly<Record<string, (n: number) => RecordQuery>> = {
  'a rare word': (n) => ({ text: word(5000 + n * 400) }),
  'a common word': (n) => ({ text: word(n) }),
  'two words': (n) => ({ text: `${word(20 + n)} ${word(300 + n * 7)}` }),
  'a phrase': (n) => ({ text: `"${word(n % 8)} ${word(1 + n)}"` }),
  'a person and a word': (n) => ({
    text: word(10 + n * 5),
    person: [`xmpp:person${n * 5}@example.com`],
  }),
  'a person and a day': (n) => ({
    person: [`person${n * 30}@example.com`],
    from: START + (n % 30) * DAY,
    to: START + ((n % 30) + 1) * DAY,
  }),
  'a word, a service and a week': (n) => ({
    text: word(40 + n * 3),
    service: ['irc'],
    from: START + (n % 20) * DAY,
    to: START + ((n % 20) + 7) * DAY,
  }),
  'a tag': (n) => ({ tag: [n % 2 === 0 ? 'dlp' : 'conduct'], from: START + (n % 28) * DAY }),
  'what was refused': (n) => ({ verdict: ['refused'], from: START + (n % 28) * DAY }),
};

export async function searchFigures(archive: Archive): Promise<SearchFigure[]> {
  const figures: SearchFigure[] = [];
  for (const [name, query] of Object.entries(KINDS)) {
    const times: number[] = [];
    for (let n = 0; n < QUERIES; n++) {
      const started = performance.now();
      await firstPage(archive, query(n));
      times.push(performance.now() - started);
    }
    times.sort((a, b) => a - b);
    figures.push({ name, queries: QUERIES, p50: at(times, 0.5), p95: at(times, 0.95) });
  }
  return figures;
}

async function firstPage(archive: Archive, query: RecordQuery): Promise<number> {
  let hits = 0;
  for await (const _hit of searchRecords(archive, query)) {
    hits += 1;
    if (hits === PAGE) break;
  }
  return hits;
}

/** The n-th most frequent one. */
function word(n: number): string {
  return WORDS[n % WORDS.length] ?? '';
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
