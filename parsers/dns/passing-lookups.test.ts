/** Lookups of nobody's names, read without a session. */
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import '../../test/support/property-seed.ts';
import { address, alias, answer, question } from './messages.fixture.ts';
import { PassingLookups } from './passing-lookups.ts';

let reader: PassingLookups;
let heard: string[];
const ear = {
  knows: (host: string) => host.endsWith('chat.example'),
  nobodys: (addresses: readonly string[]) => heard.push(`nobody ${addresses}`),
  resolved: (host: string, addresses: readonly string[], ttl: number) =>
    heard.push(`${host} ${addresses} ${ttl}`),
  count: (anomaly: string) => heard.push(anomaly),
};
const pass = (octets: Uint8Array, slot = 1) => reader.pass(slot, octets, ear);
const page = question('www.page.example');
const pageIs = answer('WWW.page.example', [address('www.page.example', '192.0.2.1')]);

beforeEach(() => {
  reader = new PassingLookups();
  heard = [];
});

describe('what passes without a session', () => {
  test('a question for a name of nobody’s, and its answer, once', () => {
    expect(pass(page)).toBe(true);
    expect(heard).toEqual([]);
    expect(pass(pageIs)).toBe(true);
    expect(heard).toEqual(['nobody 192.0.2.1']);
    expect(pass(pageIs)).toBe(true);
    expect(heard).toHaveLength(1);
  });

  test('asked again, it is answered again', () => {
    for (let n = 0; n < 2; n++) {
      pass(page);
      pass(pageIs);
    }
    expect(heard).toHaveLength(2);
  });

  test('another word for a name of a service tells its addresses', () => {
    pass(page);
    pass(
      answer('www.page.example', [
        alias('www.page.example', 'eu.chat.example', 20),
        address('eu.chat.example', '192.0.2.2'),
      ]),
    );
    expect(heard).toEqual(['nobody 192.0.2.2', 'eu.chat.example 192.0.2.2 20']);
  });

  test('several questions of one flow, answered in any order', () => {
    const names = ['a.page.example', 'b.page.example', 'c.page.example'];
    for (const [n, asked] of names.entries()) pass(question(asked, { id: n }));
    for (const [n, asked] of [...names.entries()].reverse()) {
      expect(pass(answer(asked, [address(asked, `192.0.2.${n}`)], { id: n }))).toBe(true);
    }
    expect(heard).toEqual(['nobody 192.0.2.2', 'nobody 192.0.2.1', 'nobody 192.0.2.0']);
  });

  test('names that no host could have', () => {
    expect(pass(question('localhost'))).toBe(true);
    expect(pass(question('a b.example'))).toBe(true);
  });
});

describe('what a parser has to look at', () => {
  test('a name of a service', () => expect(pass(question('eu.chat.example'))).toBe(false));

  test.each([
    ['of a flow that did not ask', pageIs, 2],
    ['with another id', answer('www.page.example', [], { id: 8 }), 1],
    ['for another name', answer('eu.chat.example', []), 1],
  ])('an answer %s', (_what, octets, slot) => {
    pass(page);
    expect(pass(octets, slot)).toBe(false);
    expect(heard).toEqual([]);
  });
});

test('whatever the octets and the order: nothing is thrown, and an answer counts at most once a question', () => {
  const message = fc.oneof(
    fc.uint8Array({ minLength: 12, maxLength: 80 }),
    fc.integer({ min: 0, max: 3 }).map((id) => question('www.page.example', { id })),
    fc
      .integer({ min: 0, max: 3 })
      .map((id) => answer('www.page.example', [address('www.page.example', '192.0.2.1')], { id })),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), message)), (messages) => {
      reader = new PassingLookups();
      heard = [];
      for (const [slot, octets] of messages) pass(octets, slot);
      const questions = messages.filter(([, octets]) => ((octets[2] ?? 0) & 0x80) === 0).length;
      expect(heard.filter((line) => line === 'nobody 192.0.2.1').length).toBeLessThanOrEqual(
        questions,
      );
    }),
  );
});

test('questions that nobody answers are forgotten for newer ones; memory stays as it is', () => {
  for (let slot = 0; slot < 100_000; slot++) pass(page, slot);
  expect(pass(pageIs, 99_999)).toBe(true);
  expect(pass(pageIs, 0)).toBe(false);
});
