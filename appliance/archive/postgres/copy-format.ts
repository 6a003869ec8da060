/**
 * Rows in the binary format of COPY (PostgreSQL manual, COPY, "Binary Format"): a signature and two empty
 * fields, then for each row its number of fields and for each field length and octets (-1: NULL), then -1.
 */
import { ArchiveError } from '../archive-error.ts';
import type { SqlValue } from '../contract.ts';
import { toStoredText } from './stored-text.ts';
import type { TermVector } from './term-vectors.ts';

export type ColumnKind = 'integer' | 'text' | 'octets' | 'terms';
export type CopyValue = SqlValue | TermVector;

const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const END = Buffer.from([0xff, 0xff]);
/** Octets that are handed over at once. */
const PIECE = 64 * 1024;
const HIGH = 2 ** 32;

export function* copyRows(
  kinds: readonly ColumnKind[],
  rows: Iterable<readonly CopyValue[]>,
): Generator<Buffer> {
  let piece: Buffer[] = [HEADER];
  let size = 0;
  for (const row of rows) {
    const fields = Buffer.allocUnsafe(2);
    fields.writeInt16BE(kinds.length);
    piece.push(fields);
    for (const [n, kind] of kinds.entries()) {
      const octets = field(kind, row[n] ?? null);
      const length = Buffer.allocUnsafe(4);
      length.writeInt32BE(octets === undefined ? -1 : octets.length);
      piece.push(length);
      if (octets !== undefined) piece.push(octets);
      size += 4 + (octets?.length ?? 0);
    }
    if (size >= PIECE) {
      yield Buffer.concat(piece);
      piece = [];
      size = 0;
    }
  }
  piece.push(END);
  yield Buffer.concat(piece);
}

function field(kind: ColumnKind, value: CopyValue): Buffer | undefined {
  if (value === null) return undefined;
  if (typeof value === 'object' && 'positions' in value) return terms(value);
  if (kind === 'integer') return integer(Number(value));
  if (kind === 'text') return Buffer.from(toStoredText(String(value)));
  return typeof value === 'object' ? Buffer.from(value) : Buffer.from(String(value));
}

function integer(value: number): Buffer {
  if (!Number.isSafeInteger(value)) {
    throw new ArchiveError(`${value} is no integer that the archive can keep`);
  }
  const octets = Buffer.allocUnsafe(8);
  octets.writeInt32BE(Math.floor(value / HIGH), 0);
  octets.writeUInt32BE(((value % HIGH) + HIGH) % HIGH, 4);
  return octets;
}

/** tsvector: number of lexemes; each: its octets, 0, number of positions, positions (14 bits, weight 0). */
function terms({ positions }: TermVector): Buffer {
  const pieces: Buffer[] = [Buffer.alloc(4)];
  pieces[0]?.writeInt32BE(positions.size);
  for (const [lexeme, at] of positions) {
    const tail = Buffer.allocUnsafe(3 + 2 * at.length);
    tail[0] = 0;
    tail.writeUInt16BE(at.length, 1);
    for (const [n, position] of at.entries()) tail.writeUInt16BE(position, 3 + 2 * n);
    pieces.push(Buffer.from(lexeme), tail);
  }
  return Buffer.concat(pieces);
}
