import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { octets } from '../../test/support/parser-harness.ts';
import { Direction, Probe } from '../contract.ts';
import { other, send } from './msrp.fixture.ts';
import { PROBE_LIMIT, probeMsrp } from './probe.ts';

const NAMES = ['No', 'More', 'Yes'];

/** The answer when all is there, and never another final answer on the way. */
function answer(wire: string): string {
  const whole = octets(wire);
  for (let length = 0; length < whole.length; length++) {
    const early = probeMsrp(Direction.ToClient, whole.subarray(0, length));
    if (early !== Probe.More) return NAMES[early] ?? '';
  }
  return NAMES[probeMsrp(Direction.ToServer, whole)] ?? '';
}

describe('MSRP', () => {
  test.each([
    ['a request', send('a001', 'x')],
    ['an answer', other('a001', '200 OK')],
    ['an answer without a comment', other('a001', '200')],
    ['the longest identifier', other(`a${'.-+%='.repeat(6)}1`, 'SEND')],
  ])('%s is', (_, wire) => expect(answer(wire)).toBe('Yes'));

  test.each([
    ['SIP', 'MESSAGE sip:a@b SIP/2.0\r\n'],
    ['MSRP without paths', 'MSRP a001 SEND\r\nVia: x\r\n'],
    ['an identifier too short', 'MSRP a01 SEND\r\n'],
    ['an identifier too long', `MSRP ${'a'.repeat(33)} SEND\r\n`],
    ['an identifier of other letters', 'MSRP a_01 SEND\r\n'],
    ['a method in lower case', 'MSRP a001 send\r\n'],
    ['four digits', 'MSRP a001 2000 OK\r\n'],
    ['LF alone', 'MSRP a001 SEND\nTo-Path: x\r\n'],
    ['a word that begins alike', 'MSN'],
    ['TLS', '\x16\x03\x01'],
  ])('%s is not', (_, wire) => expect(answer(wire)).toBe('No'));

  test('undecided ends at the limit', () => {
    const wire = octets(`MSRP a001 200 ${'x'.repeat(PROBE_LIMIT)}`);
    expect(probeMsrp(Direction.ToServer, wire.subarray(0, PROBE_LIMIT - 1))).toBe(Probe.More);
    expect(probeMsrp(Direction.ToServer, octets(`${'MSRP a001 200 '.padEnd(600, 'x')}`))).toBe(
      Probe.No,
    );
  });

  test('random octets never are, and throw nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (wire) => {
        expect(probeMsrp(Direction.ToServer, wire)).not.toBe(Probe.Yes);
      }),
    );
  });
});
