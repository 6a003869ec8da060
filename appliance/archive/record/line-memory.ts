/**
 * Where lines and what is cut from them stand, until they are in the archive: many in one piece of memory, which
 * goes when the last of their drafts does. One object for each of a batch's lines would cost more than reading it.
 */
import { viewOf } from './known-octets.ts';

const PIECE = 256 * 1024;

export interface LinePiece {
  readonly octets: Buffer;
  readonly view: DataView;
  /** What is behind it is free. */
  used: number;
}

let piece: LinePiece | undefined;

/** A piece with `octets` free octets at least. */
export function lineMemory(octets: number): LinePiece {
  if (piece === undefined || piece.octets.length - piece.used < octets) {
    const made = Buffer.allocUnsafeSlow(Math.max(PIECE, octets));
    piece = { octets: made, view: viewOf(made), used: 0 };
  }
  return piece;
}
