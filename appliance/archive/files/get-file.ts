/** A kept file out of the archive: found by its digest or the beginning of it, opened, and checked as it is read. */
import type { Archive } from '../archive.ts';
import { ArchiveError } from '../archive-error.ts';
import { homePaths } from '../target.ts';
import { keyOfFile } from './file-key.ts';
import { FileStore } from './file-store.ts';

export interface FoundFile {
  readonly sha256: string;
  readonly size: number;
  readonly mime: string | undefined;
  /** Throws ArchiveError at the end where the octets are not those of the digest. */
  read(): AsyncIterable<Uint8Array>;
}

/** Digits of a digest that are enough to ask by. */
export const LEAST_DIGITS = 8;

/** Rejects with ArchiveError: not there, more than one, gone, or not to be opened. */
export async function findFile(archive: Archive, digits: string): Promise<FoundFile> {
  const { database, vault, target } = archive;
  const prefix = digits.toLowerCase();
  const rows = await database.rows<{
    sha256: string;
    size: number;
    mime: string | null;
    sealed: number;
    gone: number | null;
  }>(
    `SELECT sha256, size, mime, sealed, gone FROM file
     WHERE sha256 >= ? AND sha256 <= ? ORDER BY sha256 LIMIT 2`,
    prefix,
    prefix.padEnd(64, 'f'),
  );
  const [row, other] = rows;
  if (row === undefined) {
    throw new ArchiveError(
      `${prefix}: the archive has no such file`,
      '"sallyport archive files" lists those it has.',
    );
  }
  if (other !== undefined) {
    throw new ArchiveError(`${prefix}: more than one file begins so`, 'Write more digits of it.');
  }
  const { sha256, sealed } = row;
  const store = new FileStore(homePaths(target).files);
  if (row.gone !== null) throw new ArchiveError(`${sha256}: was purged or erased`);
  if (!store.has(sha256)) {
    throw new ArchiveError(
      `${store.pathOf(sha256)}: is missing, though the archive has its record`,
      'Is the home folder the right one (--archive-home)? "archive verify" tells what else is missing.',
    );
  }
  const key = sealed === 1 ? await keyOfFile(database, vault, sha256) : undefined;
  if (sealed === 1 && key === undefined) {
    throw new ArchiveError(
      vault.locked === true
        ? `${sha256}: is encrypted, and there is no key at hand`
        : `${sha256}: its key was destroyed, or is not that of this archive`,
      'Name the configuration that says where the key is with --config.',
    );
  }
  return {
    sha256,
    size: row.size,
    mime: row.mime ?? undefined,
    read: () => store.read(sha256, key),
  };
}
