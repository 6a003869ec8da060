/** A file, piece by piece: large ones let others of this thread work. */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { setImmediate as immediately } from 'node:timers/promises';

/** Octets read at a time. */
export const PIECE = 256 * 1024;
/** Octets read before others have their turn. */
const TURN = 4 << 20;

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;

/** No link is followed, no FIFO waited for. Each piece is lent until the next is asked for. Throws what the file system says. */
export async function* readPieces(path: string): AsyncGenerator<Buffer> {
  const file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
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
