/**
 * Lines that can never be records: what is no event, and what the database refuses whatever is tried. They must
 * not hold up the others. They are kept beside the spool, for whoever finds out why; so many, then they are
 * only counted.
 */
import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export const REFUSED_NAME = 'refused.jsonl';
/** Octets of the file. */
const MOST = 64 * 2 ** 20;

export class RefusedLines {
  readonly path: string;
  count = 0;

  /** `folder`: its owner's alone. */
  constructor(folder: string) {
    this.path = join(folder, REFUSED_NAME);
  }

  /** Never throws: where it cannot be written it is counted. */
  add(line: string, why: string): void {
    this.count += 1;
    try {
      const fd = openSync(this.path, 'a', 0o600);
      try {
        const text = `${JSON.stringify({ at: new Date().toISOString(), why, line })}\n`;
        if (fstatSync(fd).size + text.length <= MOST) writeSync(fd, text);
      } finally {
        closeSync(fd);
      }
    } catch {
      // The disk is full, too: the count and the ledger tell.
    }
  }
}
