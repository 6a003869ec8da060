import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Archive } from '../../appliance/archive/archive.ts';
import type { RecordQuery } from '../../appliance/archive/contract.ts';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import { Appender } from '../../appliance/archive/record/appender.ts';
import { EventDrafts } from '../../appliance/archive/record/draft-event.ts';
import { recordCondition } from '../../appliance/archive/search/record-condition.ts';
import { searchRecords } from '../../appliance/archive/search/search-records.ts';
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
  readonly action?: 'pass' | 'drop';
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
  made.verdict = { action, enforced: true, rule, tags };
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
        { numRuns: 60 },
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
