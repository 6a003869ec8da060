/** The search index finds the same in both databases: what is there in the order that was asked for. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ArchiveDatabase, IndexQuery } from '../../appliance/archive/contract.ts';
import { describeEachDatabase } from '../support/archive-databases.ts';

/** What must be found, by the definition: terms are runs of letters, digits and all beyond ASCII. */
function found(text: string, { phrases, prefixes }: IndexQuery): boolean {
  const terms = termsOf(text);
  return (
    phrases.length > 0 &&
    phrases.every((phrase, n) => {
      const wanted = termsOf(phrase.join(' '));
      const fits = (at: number) =>
        wanted.every((term, i) =>
          prefixes?.has(n) === true && i === wanted.length - 1
            ? terms[at + i]?.startsWith(term)
            : terms[at + i] === term,
        );
      return wanted.length > 0 && terms.some((_, at) => fits(at));
    })
  );
}

function termsOf(text: string): string[] {
  return (text.match(/[0-9A-Za-z\u0080-\uffff]+/g) ?? []).map((term) =>
    term.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()),
  );
}

async function put(database: ArchiveDatabase, texts: readonly string[], first = 1): Promise<void> {
  await database.transaction(async (within) => {
    const octets = Buffer.from('x');
    const columns = ['sequence', 'time', 'kind', 'envelope', 'hash'];
    const rows = texts.map((_, n) => [first + n, (first + n) * 1e12, 'event', octets, octets]);
    await within.insert('record', columns, rows);
    await within.index(texts.map((terms, n) => ({ sequence: first + n, terms })));
  });
}

async function search(database: ArchiveDatabase, query: IndexQuery): Promise<number[]> {
  const { sql, values } = database.matching(query);
  const rows = await database.rows<{ sequence: number }>(
    `SELECT sequence FROM record WHERE time >= ? AND ${sql} AND kind = ? ORDER BY sequence`,
    0,
    ...values,
    'event',
  );
  return rows.map(({ sequence }) => sequence);
}

describeEachDatabase('the search index', (open) => {
  it('finds nothing where nothing is asked for', async () => {
    const database = await open();
    await put(database, ['the project falcon']);
    for (const phrases of [[], [[]], [['falcon'], []]]) {
      expect(await search(database, { phrases }), JSON.stringify(phrases)).toEqual([]);
      const { select, values } = database.matching({ phrases }, { first: 1, last: 9 });
      expect(await database.rows(select, ...values)).toEqual([]);
    }
  });

  it('finds words, phrases in their order, and beginnings', async () => {
    const database = await open();
    await put(database, [
      'the project falcon is late',
      'falcon project',
      'falconry and more',
      '機 密 文 書',
      'a b a b c',
      '',
    ]);
    const cases: [IndexQuery, number[]][] = [
      [{ phrases: [['falcon']] }, [1, 2]],
      [{ phrases: [['falcon'], ['project']] }, [1, 2]],
      [{ phrases: [['project', 'falcon']] }, [1]],
      [{ phrases: [['falc']], prefixes: new Set([0]) }, [1, 2, 3]],
      [{ phrases: [['project', 'fal'], ['la']], prefixes: new Set([0, 1]) }, [1]],
      [{ phrases: [['密', '文']] }, [4]],
      [{ phrases: [['文', '密']] }, []],
      [{ phrases: [['a', 'b', 'c']] }, [5]],
      [{ phrases: [['nothing']] }, []],
      [{ phrases: [['falcon'], []] }, []],
    ];
    for (const [query, sequences] of cases) {
      expect(await search(database, query), JSON.stringify(query)).toEqual(sequences);
    }
  });

  it('finds nothing more where it is told to look at some of them alone', async () => {
    const database = await open();
    const long = `falcon ${'again '.repeat(1000)}`;
    await put(database, ['falcon', 'falcon two', 'two', long, long, 'falcon']);
    const of = {
      sql: 'SELECT sequence FROM record WHERE sequence IN (?, ?, ?)',
      values: [2, 3, 4],
    };
    for (const hint of [{ of }, { only: [2, 3, 4] }, { byRow: true as const }, {}]) {
      const { select, values } = database.matching(
        { phrases: [['falcon']] },
        { first: 1, last: 5, ...hint },
      );
      const found = await database.rows<{ sequence: number }>(select, ...values);
      const here = found.map(({ sequence }) => sequence).sort((a, b) => a - b);
      expect(here.filter((sequence) => of.values.includes(sequence))).toEqual([2, 4]);
      expect(here).not.toContain(3);
      expect(here).not.toContain(6);
      // Of messages that a tsvector holds.
      if (database.kind === 'postgres' && 'of' in hint) expect(here).not.toContain(1);
    }
  });

  it('finds in very long messages what is in them, and in very long words', async () => {
    const database = await open();
    const long = 'x'.repeat(5000);
    const wide = '機'.repeat(1500);
    const many = Array.from({ length: 40_000 }, (_, n) => `t${n}`);
    await put(database, [
      many.join(' '),
      `${'again '.repeat(20_000)}end`,
      `before ${long} after`,
      `${long}y`,
      `${wide} ${wide}書`,
      `one ${'same other '.repeat(400)}two`,
    ]);
    const cases: [IndexQuery, number[]][] = [
      [{ phrases: [['t0'], ['t39999']] }, [1]],
      [{ phrases: [many.slice(15_950, 16_014)] }, [1]],
      [{ phrases: [many.slice(15_900, 16_100)] }, [1]],
      [{ phrases: [['t15999', 't16001']] }, []],
      [{ phrases: [['again', 'end']] }, [2]],
      [{ phrases: [Array.from({ length: 60 }, () => 'again')] }, [2]],
      [{ phrases: [['end', 'again']] }, []],
      [{ phrases: [['before', long, 'after']] }, [3]],
      [{ phrases: [[long]] }, [3]],
      [{ phrases: [[long.slice(0, 1000)]], prefixes: new Set([0]) }, [3, 4]],
      [{ phrases: [[long.slice(0, 1900)]] }, []],
      [{ phrases: [[wide]] }, [5]],
      [{ phrases: [[`${wide}書`]] }, [5]],
      [{ phrases: [[wide, wide.slice(0, 500)]], prefixes: new Set([0]) }, [5]],
      [{ phrases: [['one'], ['two'], ['other', 'same']] }, [6]],
      [{ phrases: [['same', 'two']] }, []],
    ];
    for (const [query, sequences] of cases) {
      expect(await search(database, query), JSON.stringify(query).slice(0, 80)).toEqual(sequences);
    }
    await database.unindex([1, 2, 3]);
    expect(await search(database, { phrases: [['t0']] })).toEqual([]);
    expect(await search(database, { phrases: [['again', 'end']] })).toEqual([]);
    expect(await search(database, { phrases: [['same', 'other']] })).toEqual([6]);
  });

  it('finds what the definition says, of any texts', async () => {
    const database = await open();
    const word = fc.oneof(
      fc.constantFrom('a', 'b', 'ab', 'A', 'falcon', 'falco', "it's", '機', '密', 'é', '😀', '10'),
      fc.string({ unit: 'grapheme', maxLength: 6 }).map((text) => text.replaceAll('\0', '')),
    );
    const text = fc.array(word, { maxLength: 12 }).map((words) => words.join(' '));
    const query = fc.record({
      phrases: fc.array(fc.array(word, { minLength: 1, maxLength: 3 }), {
        minLength: 1,
        maxLength: 3,
      }),
      prefixes: fc.constantFrom(new Set<number>(), new Set([0]), new Set([0, 2])),
    });
    let next = 1;
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 8 }),
        fc.array(query, { maxLength: 6 }),
        async (texts, queries) => {
          const first = next;
          next += texts.length;
          await put(database, texts, first);
          for (const asked of queries) {
            const here = (await search(database, asked)).filter((sequence) => sequence >= first);
            const wanted = texts.flatMap((said, n) => (found(said, asked) ? [first + n] : []));
            expect(here, JSON.stringify(asked)).toEqual(wanted);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
