/**
 * Reports against a plain computation over the same events: two offices' captures, repeated over days with new
 * ids and times, names of people and hostile names. In both databases.
 */
import { Buffer } from 'node:buffer';
import { expect, it } from 'vitest';
import type { Archive } from '../../appliance/archive/archive.ts';
import type { SqlValue } from '../../appliance/archive/contract.ts';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { Appender } from '../../appliance/archive/record/appender.ts';
import { EventDrafts } from '../../appliance/archive/record/draft-event.ts';
import { LocalClock } from '../../appliance/archive/reports/local-time.ts';
import { makeReport, type ReportOptions } from '../../appliance/archive/reports/make-report.ts';
import { renderCsv } from '../../appliance/archive/reports/render-csv.ts';
import { renderHtml } from '../../appliance/archive/reports/render-html.ts';
import { renderText } from '../../appliance/archive/reports/render-text.ts';
import { reportTables, TABLES } from '../../appliance/archive/reports/report-tables.ts';
import { createPaint } from '../../appliance/report/paint.ts';
import { encodeEvent } from '../../src/event/encode.ts';
import { rfc3339 } from '../../src/event/time.ts';
import { Engine } from '../../src/pipeline/engine.ts';
import { feedFrames, loadCapture } from '../corpus/frames.ts';
import { describeEachDatabase, type NewPlace } from '../support/archive-databases.ts';
import { capturePath } from '../support/corpus.ts';
import { judgeOf } from '../support/keep-files.ts';

const DAY = 86_400e6;
const DAYS = 5;
const RULES = `sallyport: 1
rules:
  - { id: lexicon, on: message, if: { text: { words: [the, you, is] } }, also: [{ tag: [conduct, abuse] }] }
  - { id: no-programs, on: file.offer, if: { file.size: { over: 40KB } }, then: drop }
`;

interface Json {
  readonly [name: string]: unknown;
}
type Event = Json & {
  readonly kind: string;
  readonly ts: string;
  readonly service?: string;
  readonly account?: string;
  readonly from?: string;
  readonly person?: string;
  readonly flow?: { readonly id: string };
  readonly totals?: { readonly octetsToServer: number; readonly octetsToClient: number };
  readonly verdict?: { readonly tags?: readonly string[]; readonly action: string };
};

let events: Promise<Event[]> | undefined;

/** The captures' events, once a day. */
function dayEvents(): Promise<Event[]> {
  events ??= (async () => {
    const found: Event[] = [];
    for (const capture of ['irc-office.pcap', 'xmpp-office.pcapng.gz']) {
      const engine = new Engine({
        judge: judgeOf(RULES),
        onEvent: (event) => found.push(JSON.parse(encodeEvent(event))),
      });
      feedFrames((await loadCapture(capturePath(capture))).frames, engine);
      engine.finish();
    }
    return found;
  })();
  return events;
}

function timeOf({ ts }: Event): number {
  return Date.parse(ts) * 1000 + Number(ts.slice(-4, -1));
}

async function manyDays(): Promise<Event[]> {
  const day = await dayEvents();
  let id = 0;
  return Array.from({ length: DAYS }, (_, n) =>
    day.map((event) => ({
      ...event,
      id: `00000000-0000-7000-8000-${String(id++).padStart(12, '0')}`,
      ts: rfc3339(timeOf(event) + n * DAY),
      ...(event.flow === undefined ? {} : { flow: { ...event.flow, id: `${event.flow.id}${n}` } }),
      ...(event.account === 'Anna_L' ? { person: 'Anna Larsen' } : {}),
    })),
  ).flat();
}

async function filled<T>(
  place: NewPlace,
  events: readonly Event[],
  work: (archive: Archive) => Promise<T>,
): Promise<T> {
  const archive = await openArchive(await place(), { create: true });
  try {
    const drafts = new EventDrafts();
    await new Appender(archive).append(events.flatMap((event) => drafts.draft(event) ?? []));
    return await work(archive);
  } finally {
    await archive.close();
  }
}

function report(archive: Archive, options: Partial<ReportOptions> = {}) {
  const { from, to } = options;
  const values: SqlValue[] = [from ?? 0, to ?? Number.MAX_SAFE_INTEGER];
  return makeReport(archive, {
    selection: { sql: 'record.time >= ? AND record.time < ?', values },
    from: undefined,
    to: undefined,
    clock: new LocalClock('UTC'),
    selected: [],
    top: 20,
    now: 0,
    ...options,
  });
}

/** Messages that the record counts: its marks of repeats are the record's own matter. */
async function repeats({ database }: Archive): Promise<Set<string>> {
  const rows = await database.rows<{ envelope: Uint8Array }>(
    "SELECT envelope FROM record WHERE kind = 'event' AND repeat = 1",
  );
  return new Set(rows.map(({ envelope }) => JSON.parse(Buffer.from(envelope).toString()).event.id));
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function countBy<T>(items: readonly T[], key: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
}

describeEachDatabase('a report', (_open, place) => {
  it('counts what a plain computation counts', async () => {
    const all = await manyDays();
    await filled(place, all, async (archive) => {
      const told = await report(archive);
      const repeated = await repeats(archive);
      const messages = all.filter(
        ({ kind, id }) => kind === 'message' && !repeated.has(String(id)),
      );
      expect(messages.length).toBeGreaterThan(20 * DAYS);
      expect(told.totals.events).toBe(all.length);
      expect(told.totals.messages).toBe(messages.length);
      const octets = all.map(({ totals }) =>
        totals === undefined ? 0 : totals.octetsToServer + totals.octetsToClient,
      );
      expect(told.totals.octets).toBe(sum(octets));
      const ofService = countBy(messages, ({ service }) => service ?? '?');
      const counted = (rows: readonly { name: string; messages: number }[]) =>
        new Map(rows.filter(({ messages }) => messages > 0).map((row) => [row.name, row.messages]));
      expect(counted(told.usage.service)).toEqual(ofService);
      expect(counted(told.usage.day)).toEqual(countBy(messages, ({ ts }) => ts.slice(0, 10)));
      expect(counted(told.usage.hour)).toEqual(
        countBy(messages, ({ ts }) => `${ts.slice(11, 13)}:00`),
      );
      const own = messages.filter(
        ({ account, origin }) => account !== undefined && origin === 'client',
      );
      const anna = told.usage.person.find(({ name }) => name === 'Anna Larsen');
      expect(anna?.messages).toBe(own.filter(({ account }) => account === 'Anna_L').length);
      expect(anna?.messages).toBeGreaterThan(DAYS);
    });
  });

  it('tells time spent by stretches without five minutes of silence, whatever the connection', async () => {
    const [one] = (await dayEvents()).filter(
      ({ kind, account, from }) => kind === 'message' && account === 'Anna_L' && from === 'Anna_L',
    );
    if (one === undefined) throw new Error('no message');
    const start = Date.UTC(2026, 0, 5, 9) * 1000;
    // 0–60 s, 299 s later 359 s; silence of 301 s; one act; an hour later two acts at 10 s.
    const seconds = [0, 60, 359, 660, 4260, 4270];
    const acts = seconds.map((second, n) => ({
      ...one,
      id: `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`,
      ts: rfc3339(start + second * 1e6),
      text: `words ${n}`,
    }));
    await filled(place, acts, async (archive) => {
      const { usage, totals } = await report(archive);
      expect(usage.person.map(({ active }) => active)).toEqual([359 + 10]);
      expect(totals.active).toBe(369);
      const hours = usage.hour.filter(({ active }) => active > 0);
      expect(hours.map(({ name, active }) => [name, active])).toEqual([
        ['09:00', 359],
        ['10:00', 10],
      ]);
    });
  });

  it('is of a period, and hours and days are of a time zone', async () => {
    const all = await manyDays();
    await filled(place, all, async (archive) => {
      const times = all.map(timeOf);
      const from = Math.min(...times) + DAY;
      const to = from + 2 * DAY;
      const told = await report(archive, { from, to, clock: new LocalClock('Asia/Tokyo') });
      expect(told.totals.events).toBe(times.filter((time) => time >= from && time < to).length);
      const day = (time: number) => new Date((time + 9 * 3600e6) / 1000).toISOString().slice(0, 10);
      const days = new Set(times.filter((time) => time >= from && time < to).map(day));
      for (const { name } of told.usage.day) expect(days).toContain(name);
    });
  });

  it('tells policy, conduct and files', async () => {
    const all = await manyDays();
    await filled(place, all, async (archive) => {
      const told = await report(archive);
      const repeated = await repeats(archive);
      const hits = all.filter(
        ({ verdict, id }) => verdict?.tags?.includes('conduct') && !repeated.has(String(id)),
      );
      expect(hits.length).toBeGreaterThan(0);
      expect(told.conduct.hits).toBe(hits.length);
      expect(told.conduct.tags).toEqual([{ tag: 'abuse', hits: hits.length }]);
      expect(sum(told.conduct.persons.map(({ hits }) => hits))).toBe(hits.length);
      const dropped = all.filter(({ verdict }) => verdict?.action === 'drop');
      expect(told.policy[0]).toMatchObject({
        rule: 'no-programs',
        action: 'drop',
        enforced: 0,
        notEnforced: dropped.length,
      });
      const whole = all.filter(({ kind }) => kind === 'file.complete');
      expect(told.files.count).toBeGreaterThan(0);
      expect(told.files.count).toBeLessThanOrEqual(whole.length);
      expect(told.files.biggest[0]?.octets).toBe(
        Math.max(...whole.map(({ file }) => (file as { size: number }).size)),
      );
      expect(told.files.biggest.every(({ name }) => name !== undefined)).toBe(true);
    });
  });

  it('tells contacts outside, and who was new in the period', async () => {
    const all = await manyDays();
    const stranger = all
      .filter(
        ({ kind, account, from }) =>
          kind === 'message' && account === 'Anna_L' && from === 'Anna_L',
      )
      .slice(0, 3)
      .map((event, n) => ({
        ...event,
        room: undefined,
        id: `00000000-0000-7000-9000-${String(n).padStart(12, '0')}`,
        ts: rfc3339(timeOf(event) + 3 * DAY + n * 1e6),
        to: ['Stranger'],
        text: `new words ${n}`,
      }));
    await filled(place, [...all, ...stranger], async (archive) => {
      const first = timeOf(stranger[0] as unknown as Event);
      const told = await report(archive, { from: first - 3600e6 });
      const row = told.contacts.find(({ contact }) => contact.toLowerCase() === 'irc:stranger');
      expect(row).toMatchObject({ messages: 3, said: 0, conversations: 1 });
      expect(told.newContacts).toEqual([
        expect.objectContaining({ with: 'Anna Larsen', messages: 3, contact: row?.contact }),
      ]);
      expect((await report(archive)).newContacts).toBeUndefined();
    });
  });

  it('shows hostile names as what they are, in every format', async () => {
    const [one] = (await dayEvents()).filter(({ kind }) => kind === 'message');
    const names = [
      '=HYPERLINK("http://evil.example","x")',
      '</td><script>alert(1)</script>',
      '\u001b]0;owned\u0007\u202etxt.exe',
      '"><svg onload=alert(1)>',
      '+1-800\r\nX: y',
    ];
    const hostile = names.map((person, n) => ({
      ...(one as Event),
      person,
      account: `a${n}`,
      from: `a${n}`,
      origin: 'client',
      room: undefined,
      to: [person],
      id: `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`,
    }));
    await filled(place, hostile, async (archive) => {
      const clock = new LocalClock('UTC');
      const told = await report(archive);
      const tables = reportTables(told);
      expect(tables.map(({ id }) => id)).toEqual([...TABLES]);
      const html = [...renderHtml(told, tables, clock)].join('');
      expect(html).not.toMatch(/<script|<svg onload|(?!\n)\p{Cc}|\p{Bidi_Control}/u);
      expect(html).toContain('&lt;/td&gt;&lt;script&gt;');
      const text = renderText(told, tables, 20, clock, { width: 100, paint: createPaint(false) });
      expect(text.join('\n')).not.toMatch(/(?!\n)\p{Cc}|\p{Bidi_Control}/u);
      for (const table of tables) {
        const csv = renderCsv(table);
        expect(csv).not.toMatch(/(?![\r\n])\p{Cc}/u);
        for (const start of ['=HYPERLINK', '+1-800']) {
          for (const at of indexesOf(csv, start)) expect(csv.slice(0, at)).toMatch(/['":]$/);
        }
      }
      expect(renderCsv(tables[0] as (typeof tables)[number])).toContain(`"'=HYPERLINK`);
    });
  });
});

function indexesOf(text: string, part: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) found.push(at);
  return found;
}
