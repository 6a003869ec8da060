import { describe, expect, test } from 'vitest';
import type { SqlValue } from '../contract.ts';
import { eachPacked, type PackedRows, RowPacker } from './packed-rows.ts';

/** What arrives on the other side, and where the next piece begins. */
function arrived(packed: PackedRows): SqlValue[][] {
  const rows: SqlValue[][] = [];
  const { values, octets } = packed;
  const cloned = structuredClone(packed, { transfer: [values, octets] });
  eachPacked(cloned, (row) => rows.push(row.map(copied)));
  return rows;
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
    const { values, octets } = before;
    packer.giveBack(values);
    packer.giveBack(octets);
    const rows = [[null, Buffer.from('x'), 'b'.repeat(40)]];
    const packed = packer.pack(rows, 0, 3);
    expect([packed.values, packed.octets]).toContain(values);
    expect(arrived(packed)).toEqual(rows);
  });
});
