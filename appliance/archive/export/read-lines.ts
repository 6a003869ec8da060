/** Lines of a file that anybody may have made: they end with LF alone, and none is longer than it may be. */
import { createReadStream } from 'node:fs';

const PIECE = 256 * 1024;

/** `longest`: characters. A line that is longer comes cut, and is the last one. */
export async function* readLines(path: string, longest: number): AsyncIterable<string> {
  let rest = '';
  for await (const piece of createReadStream(path, { encoding: 'utf8', highWaterMark: PIECE })) {
    // Only what is new is searched: a line may have come in many pieces.
    const parts = String(piece).split('\n');
    const last = parts.length - 1;
    for (let i = 0; i < last; i++) {
      const line = i === 0 ? rest + (parts[0] ?? '') : (parts[i] ?? '');
      yield line;
      if (line.length > longest) return;
    }
    rest = last === 0 ? rest + (parts[0] ?? '') : (parts[last] ?? '');
    if (rest.length > longest) break;
  }
  if (rest !== '') yield rest;
}
