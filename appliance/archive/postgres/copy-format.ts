/**
 * Rows in the binary format of COPY (PostgreSQL manual, COPY, "Binary Format"): a signature and two empty
 * fields, then for each row its number of fields and for each field length and octets (-1: NULL), then -1.
 *
 * Fields are written where they will be sent from: a Buffer of its own for each was most of what a row cost.
 */
import type { SqlValue } from '../contract.ts';
import { CopyPieces } from './copy-pieces.ts';
import { toStoredText } from './stored-text.ts';
import type { TermVector } from './term-vectors.ts';

export type ColumnKind = 'integer' | 'text' | 'octets' | 'terms';
export type CopyValue = SqlValue | TermVector;

const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const NULL = -1;
const END = -1;

/** Pieces that hold nothing of what the rows lend. */
export function* copyRows(
  kinds: readonly ColumnKind[],
  rows: Iterable<readonly CopyValue[]>,
): Generator<Buffer> {
  const pieces = new CopyPieces();
  pieces.octets(HEADER);
  for (const row of rows) {
    pieces.int16(kinds.length);
    for (let n = 0; n < kinds.length; n += 1) {
      writeField(pieces, kinds[n] ?? 'text', row[n] ?? null);
    }
    if (pieces.hasFull) yield* pieces.takeFull();
  }
  pieces.int16(END);
  yield* pieces.takeAll();
}

function writeField(pieces: CopyPieces, kind: ColumnKind, value: CopyValue): void {
  if (value === null) {
    pieces.int32(NULL);
  } else if (typeof value === 'object' && 'positions' in value) {
    writeTerms(pieces, value);
  } else if (kind === 'integer') {
    pieces.int32(8);
    pieces.int64(Number(value));
  } else if (kind === 'octets' && typeof value === 'object') {
    pieces.int32(value.length);
    pieces.octets(value);
  } else {
    const text = kind === 'octets' ? String(value) : toStoredText(String(value));
    const at = pieces.beginLength(3 * text.length);
    pieces.text(text);
    pieces.endLength(at);
  }
}

/** tsvector: number of lexemes; each: its octets, 0, number of positions, positions (14 bits, weight 0). */
function writeTerms(pieces: CopyPieces, { positions, size }: TermVector): void {
  const at = pieces.beginLength(size);
  pieces.int32(positions.size);
  for (const [lexeme, places] of positions) {
    pieces.text(lexeme);
    pieces.octet(0);
    pieces.int16(places.length);
    for (let n = 0; n < places.length; n += 1) pieces.int16(places[n] ?? 0);
  }
  pieces.endLength(at);
}
