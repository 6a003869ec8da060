/** SHA256SUMS, as sha256sum writes and checks it: `<hex>  <name>` a line. */
import { readLines } from './read-lines.ts';

/** Characters. */
const LONGEST_LINE = 1000;
// Names are ours: letters, digits, points, hyphens, folders.
const LINE = /^([0-9a-f]{64}) {2}([A-Za-z0-9][A-Za-z0-9._-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)*)$/;

export interface ListedFile {
  readonly sha256: string;
  readonly name: string;
}

/** Line by line; undefined where a line is none of ours. */
export async function* readChecksums(path: string): AsyncIterable<ListedFile | undefined> {
  for await (const line of readLines(path, LONGEST_LINE)) {
    const parts = LINE.exec(line);
    yield parts === null ? undefined : { sha256: parts[1] ?? '', name: parts[2] ?? '' };
  }
}
