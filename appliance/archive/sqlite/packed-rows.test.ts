import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import '../../../test/support/property-seed.ts';
import type { SqlValue } from '../contract.ts';
import { type PackedRows, RowUnpacker } from './packed-rows.ts';
import { putValue, RowPacker } from './row-packer.ts';

/** What arrives on the other side, where so many rows are read at once, and one by one what is left then. */
function arrived(packed: PackedRows, together = 1): SqlValue[][] {
  const { columns, memory } = packed;
  const left = new RowUnpacker(structuredClone(packed, { transfer: [memory] }));
  const rows: SqlValue[][] = [];
  for (const size of [together, 1]) {
    const values: SqlValue[] = new Array(size * columns).fill('of the rows before');
    while (left.left >= size) {
      left.read(size, values);
      const all = values.map(copied);
      for (let at = 0; at < all.length; at += columns) rows.push(all.slice(at, at + columns));
    }
  }
  return rows;
}

/** As records are: into a piece that has room for more rows than come. */
function written(packer: RowPacker, rows: SqlValue[][]): PackedRows {
  const piece = packer.open(rows[0]?.length ?? 0, 0);
  for (const row of rows) for (const value of row) putValue(piece, value);
  return piece.finish();
}

function copied(value: SqlValue): SqlValue {
  return value instanceof Uint8Array ? Buffer.from(value) : value;
}

describe('rows on their way to another thread', () => {
  test('arrive as they were', () => {
    const rows: SqlValue[][] = [
      [1, 'event', null, Buffer.from('first'), ''],
      [-5.5, 'event', 'ünïcode 😀 \0 \ud800', Buffer.of(), 'a text of its own, longer than a word'],
      [Number.MAX_SAFE_INTEGER, 'audit', 'x'.repeat(5000), Buffer.of(0, 255), 'short'],
    ];
    expect(arrived(new RowPacker().pack(rows, 0, 5))).toEqual(rows);
  });

  test('with more different words than are told apart', () => {
    const rows = Array.from({ length: 1000 }, (_, n) => [n, `word ${n}`, `word ${n % 3}`]);
    expect(arrived(new RowPacker().pack(rows, 0, 3))).toEqual(rows);
  });

  test('in pieces of some octets, of one row at least', () => {
    const rows = [700, 700, 3000, 1].map((kib, n) => [n, Buffer.alloc(kib * 1024, n)]);
    const brief = (row: SqlValue[] | undefined) =>
      row?.map((value) => (value instanceof Uint8Array ? [value.length, value.at(-1)] : value));
    const packer = new RowPacker();
    const pieces: number[] = [];
    for (let from = 0; from < rows.length; ) {
      const packed = packer.pack(rows, from, 2);
      for (const [n, row] of arrived(packed).entries()) {
        expect(brief(row)).toEqual(brief(rows[from + n]));
      }
      pieces.push(packed.rows);
      from += packed.rows;
    }
    expect(pieces).toEqual([1, 1, 1, 1]);
  });

  test('in memory that had other rows before', () => {
    const packer = new RowPacker();
    const before = packer.pack([['a'.repeat(99), Buffer.alloc(4000, 0xee), 7]], 0, 3);
    packer.giveBack(before.memory);
    const rows = [[null, Buffer.from('x'), 'b'.repeat(40)]];
    const packed = packer.pack(rows, 0, 3);
    expect(packed.memory).toBe(before.memory);
    expect(arrived(packed)).toEqual(rows);
  });

  test('whatever they are, however many are read at once, by a packer that had others before', () => {
    const text = { unit: 'binary', maxLength: 70 } as const;
    const value = fc.oneof(
      fc.constant(null),
      fc.double(),
      fc.maxSafeInteger(),
      fc.string(text),
      fc.constantFrom('event', 'message', '\udc00 alone \ud800'),
      fc.uint8Array({ maxLength: 100 }).map((octets) => Buffer.from(octets)),
    );
    const many = fc
      .integer({ min: 1, max: 6 })
      .chain((columns) =>
        fc.array(fc.array(value, { minLength: columns, maxLength: columns }), { minLength: 1 }),
      );
    const packer = new RowPacker();
    fc.assert(
      fc.property(many, fc.integer({ min: 1, max: 5 }), (rows, together) => {
        const packed = packer.pack(rows, 0, rows[0]?.length ?? 0);
        const spent = packer.pack(rows, 0, rows[0]?.length ?? 0).memory;
        new Uint8Array(spent).fill(0xee);
        packer.giveBack(spent);
        expect(packed.rows).toBe(rows.length);
        expect(arrived(packed, together)).toEqual(rows);
        expect(arrived(written(packer, rows), together)).toEqual(rows);
      }),
      { numRuns: 30 },
    );
  });
});
