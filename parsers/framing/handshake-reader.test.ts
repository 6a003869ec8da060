import { describe, expect, test } from 'vitest';
import { cut, hex, joined } from '../../test/support/parser-harness.ts';
import { message, records, u8, u16 } from './client-hello.fixture.ts';
import { HandshakeReader, Reading } from './handshake-reader.ts';

interface Told {
  readonly text: string;
  readonly length: number;
  readonly records: number;
}

/** Feeds the pieces, overwritten after each push, until the reader stops. */
function read(pieces: readonly Uint8Array[], limit = 1024, wanted = 99) {
  const reader = new HandshakeReader(limit);
  const told: Told[] = [];
  let reading: Reading = Reading.More;
  for (const piece of pieces) {
    if (reading !== Reading.More) break;
    const lent = piece.slice();
    reading = reader.push(lent, {
      message(buffer, start, end, length, records) {
        told.push({ text: String.fromCharCode(...buffer.subarray(start, end)), length, records });
        return told.length < wanted;
      },
    });
    lent.fill(0xee);
  }
  return { told, reading, held: reader.held };
}

const ONE = message(1, hex("'one'"));
const TWO = message(2, hex("'two, longer'"));
const EMPTY = message(14, hex(''));
const spell = (octets: Uint8Array) => String.fromCharCode(...octets);

describe('messages', () => {
  const cases: [string, Uint8Array, number[]][] = [
    ['one a record', joined(records(ONE), records(TWO), records(EMPTY)), [1, 1, 1]],
    ['all in one record', records(joined(ONE, TWO, EMPTY)), [1, 1, 1]],
    ['a record an octet', records(joined(ONE, TWO, EMPTY), 1), [7, 15, 4]],
    ['a record five octets', records(joined(ONE, TWO, EMPTY), 5), [2, 4, 2]],
    [
      'a record that ends inside the next message',
      joined(records(joined(ONE, TWO), 9), records(EMPTY)),
      [1, 3, 1],
    ],
  ];
  test.each(cases)('%s: whole, octet by octet, cut in two everywhere', (_, wire, counts) => {
    const want = [ONE, TWO, EMPTY].map((octets, i) => ({
      text: spell(octets),
      length: octets.length,
      records: counts[i],
    }));
    expect(read([wire]).told).toEqual(want);
    expect(read(cut(wire, [...wire.keys()].slice(1))).told).toEqual(want);
    for (let at = 1; at < wire.length; at++) expect(read(cut(wire, [at])).told).toEqual(want);
  });

  test('the listener ends it', () => {
    const { told, reading } = read([records(joined(ONE, TWO))], 1024, 1);
    expect([told.length, reading]).toEqual([1, Reading.Enough]);
  });

  test('beyond the limit: what is kept of it, and the next one whole', () => {
    const long = message(3, new Uint8Array(500).fill(0x61));
    const wire = joined(records(long, 100), records(ONE));
    const want = [
      { text: spell(long.subarray(0, 64)), length: 504, records: 1 },
      { text: spell(ONE), length: ONE.length, records: 1 },
    ];
    expect(read([wire], 64).told).toEqual(want);
    expect(read(cut(wire, [...wire.keys()].slice(1)), 64).told).toEqual(want);
    expect(read([wire], 64).held).toBeLessThan(600);
  });
});

describe('the end of what is in clear', () => {
  test.each([
    ['an alert', records(hex('02 28'), 9, 21), Reading.Over],
    ['encrypted', records(hex('00 00'), 9, 23), Reading.Over],
    ['a record too long', joined(u8(22), u16(0x0303, 0x4801)), Reading.Oversized],
    ['no record', hex("'GET /'"), Reading.Lost],
    [
      '32 empty records are one too few',
      joined(...Array(32).fill(hex('16 0303 0000'))),
      Reading.More,
    ],
    ['and one more', joined(...Array(33).fill(hex('16 0303 0000'))), Reading.Lost],
  ])('%s', (_, wire, reading) => {
    expect(read([joined(records(ONE), wire)]).reading).toBe(reading);
    expect(read(cut(joined(records(ONE), wire), [3, 9, 13])).reading).toBe(reading);
  });
});
