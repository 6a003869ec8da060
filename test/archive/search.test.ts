import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Archive } from '../../appliance/archive/archive.ts';
import type { RecordQuery } from '../../appliance/archive/contract.ts';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { Appender } from '../../appliance/archive/record/appender.ts';
import { EventDrafts } from '../../appliance/archive/record/draft-event.ts';
import {
  EARLIER_PLACES,
  EARLIER_SENDERS,
  PLACES,
  SENDERS,
} from '../../appliance/archive/schema.ts';
import { listConversations } from '../../appliance/archive/search/list-conversations.ts';
import {
  type OpenedRecord,
  openRecord,
  type RecordRow,
  ROW_COLUMNS,
} from '../../appliance/archive/search/open-record.ts';
import { recordCondition } from '../../appliance/archive/search/record-condition.ts';
import { searchRecords } from '../../appliance/archive/search/search-records.ts';
import { SEARCH_SIZES, type SearchSizes } from '../../appliance/archive/search/search-sizes.ts';
import { encodeEvent } from '../../src/event/encode.ts';
import { ImEvent } from '../../src/event/event.ts';
import type { EventKind } from '../../src/event/kinds.ts';
import { describeEachDatabase } from '../support/archive-databases.ts';

const START = Date.UTC(2026, 10, 25, 9) * 1000;
const MINUTE = 60e6; // µs

interface Said {
  readonly from?: string;
  readonly to?: string;
  readonly room?: string;
  readonly text?: string;
  readonly service?: string;
  readonly kind?: EventKind;
  readonly person?: string;
  readonly action?: 'pass' | 'drop' | 'none';
  readonly rule?: string;
  readonly tags?: readonly string[];
  readonly file?: string;
  readonly subject?: string;
  readonly markup?: string;
}

const TALK: readonly Said[] = [
  { text: 'Project FALCON starts tomorrow', person: 'Alice Ho' },
  { from: 'bob@b.example', to: 'alice@a.example', text: 'the falcón is a bird' },
  { text: 'lunch at noon? falcon project later', action: 'drop', rule: 'words', tags: ['dlp'] },
  { service: 'irc', from: 'carol', room: '#Ops', text: '会議は明日 falconry' },
  { service: 'irc', from: 'dave', room: '#Ops', text: 'DROP TABLE record; -- \' OR 1=1 " *' },
  { kind: 'file.offer', file: 'falcon-plan.pdf', tags: ['files', 'dlp'] },
  { kind: 'presence', from: 'erin@c.example' },
  { text: 'hello', subject: 'falcon again' },
  { text: 'nothing', markup: '<b>hidden falcon</b>' },
  { service: 'icq', from: '12345', to: '67890', text: 'NEAR AND OR NOT falcon*' },
];

function event(said: Said, n: number): string {
  const made = new ImEvent(said.kind ?? 'message');
  const { from = 'alice@a.example', to = 'bob@b.example', service = 'xmpp' } = said;
  made.id = `event-${n}`;
  made.time = START + n * MINUTE;
  made.service = service;
  made.protocol = service;
  made.origin = from === 'alice@a.example' ? 'client' : 'server';
  made.account = service === 'xmpp' ? 'alice@a.example' : undefined;
  made.from = from;
  if (said.room === undefined) made.to = [to];
  made.room = said.room;
  made.text = said.text;
  made.subject = said.subject;
  made.markup = said.markup;
  made.person = said.person;
  if (said.file !== undefined) made.file = { name: said.file };
  const { action = 'pass', rule, tags } = said;
  if (action !== 'none') made.verdict = { action, enforced: true, rule, tags };
  return encodeEvent(made);
}

async function fill(archive: Archive, talk: readonly Said[]): Promise<void> {
  const drafts = new EventDrafts();
  await new Appender(archive).append(talk.flatMap((said, n) => drafts.read(event(said, n)) ?? []));
}

async function found(archive: Archive, query: RecordQuery): Promise<number[]> {
  const sequences: number[] = [];
  for await (const { record } of searchRecords(archive, query)) sequences.push(record.sequence);
  return sequences;
}

async function selected({ database, vault }: Archive, query: RecordQuery): Promise<number[]> {
  const { sql, values } = await recordCondition(database, vault, query);
  const rows = await database.rows<{ sequence: number }>(
    `SELECT record.sequence AS sequence FROM record WHERE record.kind = 'event' AND record.repeat = 0
       AND (${sql}) ORDER BY record.sequence DESC`,
    ...values,
  );
  return rows.map(({ sequence }) => sequence);
}

const CASES: readonly (readonly [RecordQuery, readonly number[]])[] = [
  [{ text: 'falcon' }, [10, 9, 8, 6, 3, 2, 1]],
  [{ text: 'FALCÓN' }, [10, 9, 8, 6, 3, 2, 1]],
  [{ text: 'falc*' }, [10, 9, 8, 6, 4, 3, 2, 1]],
  [{ text: '"project falcon"' }, [1]],
  [{ text: 'falcon project' }, [3, 1]],
  [{ text: 'falcon -lunch -"a bird"' }, [10, 9, 8, 6, 1]],
  [{ text: '明日' }, [4]],
  [{ text: '日明' }, []],
  [{ text: 'NEAR AND' }, [10]],
  [{ text: 'falcon) OR (bird' }, []],
  [{ text: "' OR 1=1" }, [5]],
  [{ text: 'DROP TABLE record;--' }, [5]],
  [{ person: ['alice ho'] }, [9, 8, 7, 6, 3, 2, 1]],
  [{ person: ['Bob@B.example'] }, [9, 8, 6, 3, 2, 1]],
  [{ person: ['irc:carol'] }, [5, 4]],
  [{ person: ['nobody'] }, []],
  [{ person: ["x' OR '1'='1"] }, []],
  [{ person: ['carol', 'icq:12345'] }, [10, 5, 4]],
  [{ person: ['alice ho'], text: 'falcon', tag: ['dlp'] }, [6, 3]],
  [{ room: ['#ops'] }, [5, 4]],
  [{ service: ['irc', 'icq'] }, [10, 5, 4]],
  [{ service: ['msn'] }, []],
  [{ verdict: ['refused'] }, [3]],
  [{ verdict: ['pass'], service: ['icq'] }, [10]],
  [{ verdict: ['pass'], kind: ['message'] }, [10, 9, 8, 5, 4, 2, 1]],
  [{ verdict: ['pass', 'refused'], kind: ['message'] }, [10, 9, 8, 5, 4, 3, 2, 1]],
  [{ verdict: ['pass'], kind: ['presence'], service: ['irc'] }, []],
  [{ rule: ['words'] }, [3]],
  [{ tag: ['dlp'] }, [6, 3]],
  [{ tag: ['dlp', 'files'], kind: ['message'] }, [3]],
  [{ kind: ['file'] }, [6]],
  [{ kind: ['presence'] }, [7]],
  [{ conversation: [2] }, [5, 4]],
  [{ from: START + MINUTE, to: START + 3 * MINUTE }, [3, 2]],
  [{ from: START - 9 * MINUTE, to: START }, []],
  [{ from: START + 6 * MINUTE, text: 'falcon' }, [10, 9, 8]],
  [{}, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]],
];

describeEachDatabase('search', (_open, place) => {
  it('finds what is asked for, newest first, and selects the same for other commands', async () => {
    const archive = await openArchive(await place(), { create: true });
    try {
      await fill(archive, TALK);
      for (const [query, expected] of CASES) {
        expect(await found(archive, query), JSON.stringify(query)).toEqual(expected);
        expect(await selected(archive, query), JSON.stringify(query)).toEqual(expected);
      }
    } finally {
      await archive.close();
    }
  });

  it('pages without a record twice or left out, from either end', async () => {
    const archive = await openArchive(await place(), { create: true });
    try {
      await fill(archive, TALK);
      for (const oldestFirst of [false, true]) {
        const pages: number[] = [];
        for (let beyond: number | undefined; ; beyond = pages.at(-1)) {
          const before = pages.length;
          const options = { oldestFirst, ...(beyond !== undefined && { beyond }) };
          for await (const { record } of searchRecords(archive, { text: 'falcon' }, options)) {
            pages.push(record.sequence);
            if (pages.length === before + 2) break;
          }
          if (pages.length === before) break;
        }
        const expected = [10, 9, 8, 6, 3, 2, 1];
        expect(pages).toEqual(oldestFirst ? expected.reverse() : expected);
      }
    } finally {
      await archive.close();
    }
  });

  it('lists conversations page by page as in one', async () => {
    const archive = await openArchive(await place(), { create: true });
    try {
      // All at the same time: then by number.
      const rows = Array.from({ length: 9 }, (_, n) => [n + 1, 'xmpp', 'k', 1, n < 5 ? 7 : 9 - n]);
      const columns = ['id', 'service', 'thread_key', 'started', 'ended'];
      await archive.database.insert('conversation', columns, rows);
      const list = async (limit: number, before?: number) => {
        const ids: number[] = [];
        for await (const { id } of listConversations(archive, {}, limit, before)) ids.push(id);
        return ids;
      };
      const pages: number[] = [];
      for (let page = await list(2); page.length > 0; page = await list(2, page.at(-1))) {
        pages.push(...page);
      }
      expect(pages).toEqual([5, 4, 3, 2, 1, 6, 7, 8, 9]);
      expect(await list(99)).toEqual(pages);
      await expect(list(2, 4711)).rejects.toThrow('no such conversation');
    } finally {
      await archive.close();
    }
  });

  it('does not believe an index that says what the content does not', async () => {
    const archive = await openArchive(await place(), { create: true });
    try {
      await fill(archive, TALK);
      await archive.database.unindex([2]);
      await archive.database.index([{ sequence: 2, terms: 'confession' }]);
      expect(await found(archive, { text: 'confession' })).toEqual([]);
    } finally {
      await archive.close();
    }
  });

  it('finds what a plain scan finds, whatever is asked for together and however it is looked for', async () => {
    const archive = await openArchive(await place(), { create: true });
    try {
      await fill(archive, fc.sample(ANYTHING, { numRuns: 100, seed: 11 }));
      const records = await scan(archive);
      const sizes = fc.constantFrom(
        ...[SEARCH_SIZES, TINY, ONE_BY_ONE, { ...TINY, common: 40, few: 9 }],
      );
      const found = fc.asyncProperty(ANY_QUERY, sizes, fc.boolean(), async (query, how, turned) => {
        const expected = records.filter((record) => holds(record, query));
        if (!turned) expected.reverse();
        const hits: number[] = [];
        const options = { oldestFirst: turned };
        for await (const { record } of searchRecords(archive, query, options, how)) {
          hits.push(record.sequence);
        }
        expect(hits).toEqual(expected.map(({ sequence }) => sequence));
      });
      await fc.assert(found, { numRuns: 60, seed: 23 });
      for (const [seed, earlier] of EARLIER_INDEXES.entries()) {
        for (const statement of earlier) await archive.database.run(statement);
        await fc.assert(found, { numRuns: 15, seed });
      }
    } finally {
      await archive.close();
    }
  });

  it('finds what passed, where nothing else is asked for but time, and what did not', async () => {
    const archive = await openArchive(await place(), { create: true });
    try {
      await fill(archive, fc.sample(ANYTHING, { numRuns: 60, seed: 12 }));
      const records = await scan(archive);
      const time = { from: START + 10 * MINUTE, to: START + 45 * MINUTE };
      for (const verdict of ['pass', 'drop', 'refused', 'none']) {
        for (const query of [{ verdict: [verdict] }, { verdict: [verdict], ...time }]) {
          const expected = records.filter((record) => holds(record, query)).reverse();
          for (const sizes of [SEARCH_SIZES, TINY]) {
            const hits: number[] = [];
            for await (const { record } of searchRecords(archive, query, {}, sizes)) {
              hits.push(record.sequence);
            }
            expect(hits).toEqual(expected.map(({ sequence }) => sequence));
          }
        }
      }
    } finally {
      await archive.close();
    }
  });

  it('finds what a naive scan finds', async () => {
    const WORDS = ['falcon', 'Fälcon', 'lunch', 'at', 'noon', '会議', 'a-b', 'x'];
    const text = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 6 });
    const texts = fc.sample(text, { numRuns: 60, seed: 6 }).map((some) => some.join(' '));
    const archive = await openArchive(await place(), { create: true });
    try {
      await fill(
        archive,
        texts.map((said, n) => ({ text: `${said} ${n}` })),
      );
      const part = fc.array(
        fc.constantFrom('falcon', 'lunch', 'at', 'noon', '会', '議', 'a', 'b', 'x'),
        {
          ...{ minLength: 1, maxLength: 3 },
        },
      );
      const plain = texts.map((said, n) => ` ${spaced(`${said} ${n}`)} `);
      await fc.assert(
        fc.asyncProperty(part, fc.boolean(), async (words, isPhrase) => {
          const wanted = isPhrase ? [words.join(' ')] : words;
          const expected = plain.flatMap((said, n) =>
            wanted.every((one) => said.includes(` ${one} `)) ? [n + 1] : [],
          );
          const query = { text: isPhrase ? `"${words.join(' ')}"` : words.join(' ') };
          expect((await found(archive, query)).reverse()).toEqual(expected);
        }),
        { numRuns: 30 },
      );
    } finally {
      await archive.close();
    }
  });
});

/** What the words of this test's vocabulary are, written down by hand. */
function spaced(text: string): string {
  return text.replaceAll('会議', '会 議').replaceAll('a-b', 'a b').replaceAll('Fälcon', 'falcon');
}

/** What archives of earlier versions have instead of SENDERS and PLACES, one after the other. */
const EARLIER_INDEXES = [
  [
    `DROP INDEX ${SENDERS}`,
    `CREATE INDEX ${EARLIER_SENDERS} ON record (sender, sequence) WHERE sender IS NOT NULL`,
  ],
  [`DROP INDEX ${PLACES}`, `CREATE INDEX ${EARLIER_PLACES} ON record (service, event, sequence)`],
  [
    `DROP INDEX ${EARLIER_PLACES}`,
    'CREATE INDEX record_service ON record (service, sequence) WHERE service IS NOT NULL',
    `CREATE INDEX record_event ON record (event, sequence) WHERE event IS NOT NULL AND event <> 'message'
      AND event <> 'presence' AND event <> 'typing' AND event <> 'message.receipt'`,
  ],
];

/** All ways of searching, in an archive of a few records. */
const TINY: SearchSizes = {
  ...{
    common: 6,
    few: 4,
    stretch: 8,
    growth: 2,
    longest: 32,
    sparse: 3,
    each: 2,
    rows: 2,
    mostRows: 8,
  },
};
/** Nothing is few in a stretch, and what is not all of it is looked up one by one. */
const ONE_BY_ONE: SearchSizes = { ...TINY, sparse: 32, each: 1 };

const SOME_WORDS = ['falcon', 'falco', 'lunch', 'at', 'noon', '会議', 'x'] as const;
const PEOPLE = ['alice@a.example', 'bob@b.example', 'carol', 'erin'] as const;
const ANYTHING: fc.Arbitrary<Said> = fc
  .record({
    kind: fc.constantFrom('message', 'message', 'message', 'presence', 'file.offer', 'typing'),
    service: fc.constantFrom('xmpp', 'xmpp', 'irc'),
    from: fc.constantFrom(...PEOPLE),
    to: fc.constantFrom(...PEOPLE),
    words: fc.array(fc.constantFrom(...SOME_WORDS), { maxLength: 4 }),
    room: fc.constantFrom(undefined, undefined, '#Ops', '#ops2'),
    action: fc.constantFrom('pass', 'pass', 'drop'),
    rule: fc.constantFrom(undefined, undefined, 'words'),
    tags: fc.subarray(['dlp', 'files']),
  })
  .map(({ words, room, rule, ...said }) => ({
    ...said,
    // As in the field: rules are asked of some kinds alone.
    ...(said.kind === 'presence' && { action: 'none' as const }),
    ...(words.length > 0 && said.kind !== 'typing' && { text: words.join(' ') }),
    ...(room !== undefined && { room }),
    ...(rule !== undefined && { rule }),
  }));

const oneOf = (...some: readonly string[]) => fc.subarray([...some], { minLength: 1 });
const TEXTS = [
  'falcon',
  'falc*',
  'noon at',
  '"at noon"',
  'x*',
  'lunch -falcon',
  '"x fal*" at',
  '議',
];
const WHOLE_QUERY = fc.record({
  text: fc.constantFrom(...TEXTS, 'nowhere', 'nowhere*'),
  service: oneOf('xmpp', 'irc', 'msn'),
  person: oneOf(...PEOPLE, 'nobody'),
  from: fc.integer({ min: -9, max: 90 }).map((n) => START + n * MINUTE),
  to: fc.integer({ min: 30, max: 140 }).map((n) => START + n * MINUTE),
  tag: oneOf('dlp', 'files', 'none'),
  verdict: oneOf('pass', 'refused', 'hold'),
  rule: oneOf('words', 'none'),
  room: oneOf('#OPS', '#ops2', '#none'),
  kind: oneOf('message', 'presence', 'typing', 'file'),
});
const MEMBERS = [
  'text',
  'service',
  'person',
  'from',
  'to',
  'tag',
  'verdict',
  'rule',
  'room',
  'kind',
];
/** One index answers for these. */
const TOGETHER: readonly string[][] = [
  ['verdict', 'kind'],
  ['verdict', 'service', 'kind'],
];
/** Text and some of the rest: more of it, and hardly anything is found. */
const ANY_QUERY: fc.Arbitrary<RecordQuery> = fc
  .tuple(
    WHOLE_QUERY,
    fc.boolean(),
    fc.oneof(
      { weight: 3, arbitrary: fc.subarray(MEMBERS, { minLength: 1, maxLength: 2 }) },
      { weight: 1, arbitrary: fc.constantFrom(...TOGETHER) },
    ),
  )
  .map(([whole, words, members]) =>
    Object.fromEntries(
      Object.entries(whole).filter(
        ([name]) => members.includes(name) || (words && name === 'text'),
      ),
    ),
  );

interface Scanned extends OpenedRecord {
  readonly parties: ReadonlySet<string>;
}

/** In the order of the archive, without repeats. */
async function scan({ database, vault }: Archive): Promise<Scanned[]> {
  const rows = await database.rows<RecordRow>(
    `SELECT ${ROW_COLUMNS} FROM record WHERE kind = 'event' AND repeat = 0 ORDER BY sequence`,
  );
  const took = await database.rows<{ conversation: number; address: string }>(
    'SELECT conversation, address FROM participant JOIN party ON party.id = party',
  );
  // In rooms of XMPP the sender is a nick of the room.
  const own = await database.rows<{ sequence: number; sender: string; account: string }>(
    `SELECT sequence, s.address AS sender, a.address AS account FROM record
     LEFT JOIN party s ON s.id = record.sender LEFT JOIN party a ON a.id = record.account`,
  );
  return rows.map((row) => {
    const record = openRecord(row, vault);
    const { sender, account } = own.find(({ sequence }) => sequence === row.sequence) ?? {};
    const others = took.filter(({ conversation }) => conversation === record.conversation);
    const said = record.conversation === undefined ? [sender, account] : [sender];
    return {
      ...record,
      parties: new Set([...said.map(String), ...others.map(({ address }) => address)]),
    };
  });
}

/** As the documentation has it, of one record after the other. */
function holds(record: Scanned, query: RecordQuery): boolean {
  const { event, time, parties } = record;
  const { text, service, person, from, to, tag, verdict, rule, room, kind } = query;
  const said = (event.verdict ?? {}) as {
    readonly action?: string;
    readonly rule?: string;
    readonly tags?: readonly string[];
  };
  const among = (some: readonly string[] | undefined, fits: (one: string) => boolean) =>
    some === undefined || some.some(fits);
  return (
    (text === undefined || says(String(event.text ?? ''), text)) &&
    (from === undefined || time >= from) &&
    (to === undefined || time < to) &&
    among(service, (one) => event.service === one) &&
    among(person, (one) => parties.has(one)) &&
    among(tag, (one) => said.tags?.includes(one) === true) &&
    among(verdict, (one) =>
      one === 'refused' ? !['pass', undefined].includes(said.action) : said.action === one,
    ) &&
    among(rule, (one) => said.rule === one) &&
    // What belongs to no conversation is in none of its rooms.
    (room === undefined || record.conversation !== undefined) &&
    among(room, (one) => String(event.room).toLowerCase() === one.toLowerCase()) &&
    among(kind, (one) => event.kind === one || String(event.kind).startsWith(`${one}.`))
  );
}

function says(said: string, asked: string): boolean {
  const row = ` ${spaced(said)} `;
  return (asked.match(/-?"[^"]*"|\S+/g) ?? []).every((part) => {
    const words = part.replace(/^-|"/g, '').replace('*', '');
    const found = row.includes(` ${words}${part.includes('*') ? '' : ' '}`);
    return part.startsWith('-') ? !found : found;
  });
}
