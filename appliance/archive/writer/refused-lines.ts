/**
 * Lines that can never be records: what is no event, and what the database refuses whatever is tried. They must
 * not hold up the others. They are kept beside the spool, for whoever finds out why; so many, then they are
 * only counted. Where the archive encrypts they are sealed, by the key of the spool.
 */
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Vault } from '../contract.ts';
import { giveToOwner } from '../evidence/home-file.ts';
import { SPOOL_SUBJECT } from '../vault/spool-keys.ts';

export const REFUSED_NAME = 'refused.jsonl';
/** What the vault binds a sealed line to. */
export const REFUSED_ID = 'refused line';
/** Octets of the file. */
const MOST = 64 * 2 ** 20;
/** Characters of one line of it. */
export const LONGEST_REFUSED = MOST;

export class RefusedLines {
  readonly path: string;
  count = 0;
  readonly #mustSeal: boolean;

  /** `folder` is made when it is needed. `mustSeal`: no line is written in plain. */
  constructor(folder: string, mustSeal = false) {
    this.path = join(folder, REFUSED_NAME);
    this.#mustSeal = mustSeal;
  }

  /** `vault`: of the archive. Never throws: where it cannot be written, or sealed, it is counted. */
  add(line: string, why: string, vault?: Vault): void {
    this.count += 1;
    try {
      const folder = dirname(this.path);
      if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) giveToOwner(folder);
      const isNew = !existsSync(this.path);
      const fd = openSync(this.path, 'a', 0o600);
      try {
        const text = `${JSON.stringify({ at: new Date().toISOString(), why, ...this.#kept(line, vault) })}\n`;
        if (fstatSync(fd).size + text.length <= MOST) writeSync(fd, text);
      } finally {
        closeSync(fd);
      }
      if (isNew) giveToOwner(this.path);
    } catch {
      // The disk is full, too: the count and the ledger tell.
    }
  }

  #kept(line: string, vault: Vault | undefined): { line: string } | { sealed: string } {
    if (vault?.encrypts !== true && !this.#mustSeal) return { line };
    if (vault === undefined) throw new Error('there is nothing to seal it with');
    const sealed = vault.seal(SPOOL_SUBJECT, REFUSED_ID, Buffer.from(line));
    return { sealed: Buffer.from(sealed).toString('base64') };
  }
}
