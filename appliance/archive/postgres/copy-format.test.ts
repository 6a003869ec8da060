import { describe, expect, it } from 'vitest';
import { type ColumnKind, type CopyValue, copyRows } from './copy-format.ts';
import { termsIn, termVectors } from './term-vectors.ts';

const HEADER = 19;

/** The fields of each row, as the manual's format has them. */
function read(pieces: Iterable<Uint8Array>): (Buffer | null)[][] {
  const all = Buffer.concat([...pieces]);
  const rows: (Buffer | null)[][] = [];
  for (let at = HEADER; ; ) {
    const fields = all.readInt16BE(at);
    at += 2;
    if (fields === -1) {
      expect(at).toBe(all.length);
      return rows;
    }
    const row: (Buffer | null)[] = [];
    for (let n = 0; n < fields; n += 1) {
      const length = all.readInt32BE(at);
      at += 4;
      row.push(length === -1 ? null : all.subarray(at, at + length));
      at += Math.max(0, length);
    }
    rows.push(row);
  }
}

const one = (kind: ColumnKind, value: CopyValue) => read(copyRows([kind], [[value]]))[0]?.[0];

describe('COPY', () => {
  it('writes integers of 64 bits, and refuses what is none', () => {
    for (const value of [0, 1, -1, 255, -(2 ** 32), 2 ** 32 + 5, 2 ** 53 - 1, -(2 ** 53) + 1]) {
      expect(one('integer', value)?.readBigInt64BE()).toBe(BigInt(value));
    }
    expect(() => [...copyRows(['integer'], [[2 ** 53]])]).toThrow('no integer');
  });

  it('writes texts of any length and script as UTF-8', () => {
    for (const text of [
      '',
      'a',
      'née',
      'x'.repeat(23),
      'x'.repeat(25),
      'я'.repeat(24),
      '😀\ud800',
    ]) {
      expect(one('text', text)).toEqual(Buffer.from(text));
    }
    expect(one('text', '\0'.repeat(50))).toEqual(Buffer.from('\ufdd0'.repeat(100)));
    expect(one('text', null)).toBe(null);
  });

  it('keeps rows whole over its pieces, whatever their sizes', () => {
    const sizes = [0, 1, 65_000, 536, 20, 65_536, 300_000, 3, 131_072, 65_530, 7];
    const rows = sizes.map((size, n) => [n, Buffer.alloc(size, n), 'é'.repeat(size)]);
    const pieces = [...copyRows(['integer', 'octets', 'text'], rows)];
    expect(pieces.length).toBeGreaterThan(3);
    const found = read(pieces);
    expect(found.length).toBe(rows.length);
    for (const [n, octets, text] of rows) {
      const row = found[Number(n)] ?? [];
      expect(row[0]?.readBigInt64BE()).toBe(BigInt(Number(n)));
      expect(row[1]?.equals(octets as Buffer)).toBe(true);
      expect(row[2]?.equals(Buffer.from(String(text)))).toBe(true);
    }
  });

  it('holds nothing of octets that were lent', () => {
    const lent = Buffer.from('said');
    const pieces = [...copyRows(['octets'], [[lent]])];
    lent.fill(0xee);
    expect(read(pieces)[0]?.[0]?.toString()).toBe('said');
  });

  it('writes terms with their places', () => {
    const [vector] = termVectors(termsIn('No, no: Ünder no'));
    const octets = one('terms', vector ?? null);
    const no = '6e6f 00 0003 0001 0002 0004';
    const under = 'c39c6e646572 00 0001 0003';
    expect(octets?.toString('hex')).toBe(`00000002${no}${under}`.replaceAll(' ', ''));
  });
});
