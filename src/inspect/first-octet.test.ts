import { expect, test } from 'vitest';
import { type Direction, Probe, type ProtocolDefinition } from '../../parsers/contract.ts';
import { FirstOctet } from './first-octet.ts';

/** Wants `word` from the client, `answer` from the server; mid-stream anything from the server. */
function speaker(name: string, word: string, answer: string): ProtocolDefinition {
  return {
    name,
    transport: 'tcp',
    ports: [],
    probeLimit: 64,
    probe(direction, octets, midstream) {
      if (midstream && direction === 1) return Probe.More;
      const seen = String.fromCharCode(...octets);
      return (direction === 0 ? word : answer).startsWith(seen) ? Probe.More : Probe.No;
    },
    create: () => {
      throw new Error('not asked for');
    },
  };
}

test('the first octet of a direction leaves those that could begin so', () => {
  const first = new FirstOctet([speaker('a', 'HELO', 'YO'), speaker('b', 'HI', 'NO')]);
  const possible = (direction: Direction, octet: number, midstream: boolean) =>
    [0, 1].filter((i) => (first.words[first.row(direction, octet, midstream)] ?? 0) & (1 << i));
  const code = (letter: string) => letter.charCodeAt(0);
  expect(possible(0, code('H'), false)).toEqual([0, 1]);
  expect(possible(0, code('G'), false)).toEqual([]);
  expect(first.any(0, code('G'), false)).toBe(false);
  expect(possible(1, code('Y'), false)).toEqual([0]);
  expect(possible(1, code('N'), false)).toEqual([1]);
  expect(possible(1, 0xff, false)).toEqual([]);
  expect(possible(1, 0xff, true)).toEqual([0, 1]);
  expect(first.any(1, 0xff, true)).toBe(true);
  expect(first.first(0, code('H'), false)).toBe(0);
  expect(first.first(1, code('N'), false)).toBe(1);
  expect(first.first(0, code('G'), false)).toBe(-1);
});
