/** What is collected of an opening, and when it is asked. */
import { describe, expect, test } from 'vitest';
import { Ear, hex, octets } from '../../test/support/parser-harness.ts';
import { Direction, Status } from '../contract.ts';
import { type OpeningOctets, OpeningParser } from './opening-parser.ts';
import { SignatureParser, signature } from './signature-parser.ts';

const { ToServer, ToClient } = Direction;
const FACTS = signature('x', 'because');

/** Wants a semicolon of either side; a question mark is another protocol. */
function parser(asked: string[] = []): OpeningParser {
  const text = ({ buffer, used }: OpeningOctets) =>
    String.fromCharCode(...buffer.subarray(0, used));
  return new OpeningParser({
    limit: 8,
    read(toServer, toClient, last) {
      const both = `${text(toServer)}|${text(toClient)}`;
      asked.push(both + (last ? '!' : ''));
      if (both.includes('?')) return 'other';
      return both.includes(';') ? FACTS : 'more';
    },
  });
}

describe('an opening', () => {
  test('is collected of both sides until it is read', () => {
    const asked: string[] = [];
    const ear = new Ear();
    const reading = parser(asked);
    expect(reading.push(ToServer, octets('ab'), ear)).toBe(Status.More);
    expect(reading.holdFrom(ToServer)).toBe(0);
    expect(reading.push(ToClient, octets('x'), ear)).toBe(Status.More);
    expect(reading.held()).toBeGreaterThan(0);
    expect(reading.push(ToServer, octets('c;'), ear)).toBe(Status.Done);
    expect(asked).toEqual(['ab|', 'ab|x', 'abc;|x']);
    expect(ear.heard).toEqual([{ identify: FACTS }]);
    expect([reading.held(), reading.holdFrom(ToServer)]).toEqual([0, -1]);
  });

  test.each<[string, (reading: OpeningParser, ear: Ear) => unknown]>([
    ['octets beyond the limit', (reading, ear) => reading.push(ToServer, octets('123456789'), ear)],
    ['a gap', (reading, ear) => reading.gap(ToServer, 3, ear)],
    ['the end', (reading, ear) => reading.end(ToServer, ear)],
  ])('%s is asked about once and for all', (_, happens) => {
    const asked: string[] = [];
    const ear = new Ear();
    const reading = parser(asked);
    reading.push(ToServer, octets('a'), ear);
    happens(reading, ear);
    expect(asked.at(-1)).toMatch(/!$/);
    expect(reading.push(ToServer, octets(';'), ear)).toBe(Status.Done);
    expect(ear.heard).toEqual([]);
    expect(reading.held()).toBe(0);
  });

  test('of another protocol is lost', () => {
    const ear = new Ear();
    expect(parser().push(ToServer, octets('?'), ear)).toBe(Status.Lost);
    expect(ear.heard).toEqual([]);
  });
});

test('a signature alone is said with the first octets, and nothing is held', () => {
  const ear = new Ear();
  const reading = new SignatureParser(FACTS);
  expect(reading.push(ToServer, hex('01'), ear)).toBe(Status.Done);
  expect(ear.heard).toEqual([{ identify: FACTS }]);
  expect([reading.held(), reading.holdFrom()]).toEqual([0, -1]);
});
