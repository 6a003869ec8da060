/** A file, piece by piece: large ones let others of this thread work. */
import { closeSync, openSync, readSync } from 'node:fs';
import { setImmediate as immediately } from 'node:timers/promises';

/** Octets read at a time. */
export const PIECE = 256 * 1024;
/** Octets read before others have their turn. */
const TURN = 4 << 20;

/** Each piece is lent until the next is asked for. Throws what the file system says. */
export async function* readPieces(path: string): AsyncGenerator<Buffer> {
  const file = openSync(path, 'r');
  try {
    const piece = Buffer.alloc(PIECE);
    for (let octets = 0; ; ) {
      const read = readSync(file, piece);
      if (read === 0) return;
      if (Math.floor((octets + read) / TURN) !== Math.floor(octets / TURN)) await immediately();
      octets += read;
      yield piece.subarray(0, read);
    }
  } finally {
    closeSync(file);
  }
}
