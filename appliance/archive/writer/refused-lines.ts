/**
 * Lines that can never be records: what is no event, and what the database refuses whatever is tried. They must
 * not hold up the others. They are kept beside the spool, for whoever finds out why; so many, then they are
 * only counted.
 */
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { giveToOwner } from '../evidence/home-file.ts';

export const REFUSED_NAME = 'refused.jsonl';
/** Octets of the file. */
const MOST = 64 * 2 ** 20;

export class RefusedLines {
  readonly path: string;
  count = 0;

  /** `folder` is made when it is needed. */
  constructor(folder: string) {
    this.path = join(folder, REFUSED_NAME);
  }

  /** Never throws: where it cannot be written it is counted. */
  add(line: string, why: string): void {
    this.count += 1;
    try {
      const folder = dirname(this.path);
      if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) giveToOwner(folder);
      const isNew = !existsSync(this.path);
      const fd = openSync(this.path, 'a', 0o600);
      try {
        const text = `${JSON.stringify({ at: new Date().toISOString(), why, line })}\n`;
        if (fstatSync(fd).size + text.length <= MOST) writeSync(fd, text);
      } finally {
        closeSync(fd);
      }
      if (isNew) giveToOwner(this.path);
    } catch {
      // The disk is full, too: the count and the ledger tell.
    }
  }
}
