/** Kept files taken along with an export: opened, checked against their digest, each once, under names of our own. */
import { closeSync, existsSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Archive } from '../archive.ts';
import { ArchiveError } from '../archive-error.ts';
import { keyOfFile } from '../files/file-key.ts';
import { FileStore } from '../files/file-store.ts';
import { homePaths } from '../target.ts';
import { type ExportFolder, PARTIAL } from './export-folder.ts';
import type { TakenFile } from './export-sink.ts';

/** Folder of them in an export. */
export const FILES = 'files';

/** Endings for types that are shown, not run. Others have none: nothing starts by a double click. */
const ENDINGS: Readonly<Record<string, string>> = {
  'image/png': '.png',
  'image/jpeg': '.jpg',
  'image/gif': '.gif',
  'image/webp': '.webp',
  'application/pdf': '.pdf',
  'text/plain': '.txt',
};
const PRIVATE_FILE = 0o600;

interface KeptRow {
  readonly sha256: string;
  readonly size: number;
  readonly mime: string | null;
  readonly sealed: number;
  readonly gone: number | null;
}

export class KeptFiles {
  readonly #archive: Archive;
  readonly #folder: ExportFolder;
  readonly #store: FileStore;
  readonly #attached: boolean;
  readonly #onMissing: () => void;

  /**
   * `attached`: they become part of messages, and do not stay as files. `onMissing`: a file of a record is gone, or
   * is not what its digest says.
   */
  constructor(archive: Archive, folder: ExportFolder, attached: boolean, onMissing: () => void) {
    this.#attached = attached;
    this.#archive = archive;
    this.#folder = folder;
    this.#store = new FileStore(homePaths(archive.target).files);
    this.#onMissing = onMissing;
  }

  /** The files of the transfer that this record is about. */
  async take(sequence: number): Promise<TakenFile[]> {
    const rows = await this.#archive.database.rows<KeptRow>(
      `SELECT transfer.sha256 AS sha256, file.size AS size, file.mime AS mime, file.sealed AS sealed,
              file.gone AS gone
       FROM transfer JOIN file ON file.sha256 = transfer.sha256
       WHERE transfer.sequence = ? ORDER BY transfer.sha256`,
      sequence,
    );
    const taken: TakenFile[] = [];
    for (const row of rows) {
      const place = placeOf(row);
      const stays = this.#attached ? `${PARTIAL}/${place}` : place;
      const file: TakenFile = {
        sha256: row.sha256,
        name: this.#attached ? place.slice(place.lastIndexOf('/') + 1) : place,
        path: join(this.#folder.path, stays),
        size: row.size,
        mime: row.mime ?? undefined,
      };
      if (row.gone === null && (await this.#copy(row, stays))) taken.push(file);
      else this.#onMissing();
    }
    return taken;
  }

  async #copy({ sha256, sealed }: KeptRow, name: string): Promise<boolean> {
    if (existsSync(join(this.#folder.path, name))) return true; // it is there under its digest, whole
    if (!this.#store.has(sha256)) return false;
    const { database, vault } = this.#archive;
    const key = sealed === 0 ? undefined : await keyOfFile(database, vault, sha256);
    if (sealed !== 0 && key === undefined) return false;
    const draft = this.#folder.scratch('file');
    rmSync(draft, { force: true });
    const into = openSync(draft, 'wx', PRIVATE_FILE);
    try {
      for await (const part of this.#store.read(sha256, key)) {
        for (let at = 0; at < part.length; ) at += writeSync(into, part, at);
      }
      fsyncSync(into);
    } catch (error) {
      if (error instanceof ArchiveError) return false;
      throw error;
    } finally {
      closeSync(into);
    }
    this.#folder.move(draft, name);
    return true;
  }
}

function placeOf({ sha256, mime }: KeptRow): string {
  const ending = Object.hasOwn(ENDINGS, mime ?? '') ? ENDINGS[mime ?? ''] : '';
  return `${FILES}/${sha256.slice(0, 2)}/${sha256}${ending}`;
}
