import { expect, test } from 'vitest';
import { Probe, type ProtocolDefinition } from '../../parsers/contract.ts';
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
  const code = (letter: string) => letter.charCodeAt(0);
  expect(first.possible(0, code('H'), false)).toBe(0b11);
  expect(first.possible(0, code('G'), false)).toBe(0);
  expect(first.possible(1, code('Y'), false)).toBe(0b01);
  expect(first.possible(1, code('N'), false)).toBe(0b10);
  expect(first.possible(1, 0xff, false)).toBe(0);
  expect(first.possible(1, 0xff, true)).toBe(0b11);
});
