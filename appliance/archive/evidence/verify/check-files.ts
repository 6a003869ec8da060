/** Kept files: each is told of by an audit record, stands in the tables as that says, and has its octets. */
import type { Archive } from '../../archive.ts';
import type { AuditEntry } from '../../contract.ts';
import { keyOfFile } from '../../files/file-key.ts';
import { FileStore } from '../../files/file-store.ts';
import { homePaths } from '../../target.ts';
import type { Findings } from './findings.ts';

interface TransferRow {
  readonly state: string;
  readonly stored: number | null;
  readonly size: number | null;
  readonly gone: number | null;
}

export class FilesCheck {
  readonly #archive: Archive;
  readonly #findings: Findings;
  /** Transfers that audit records tell of and that are there. */
  #told = 0;

  constructor(archive: Archive, findings: Findings) {
    this.#archive = archive;
    this.#findings = findings;
  }

  /** An audit record `keep-file`. */
  async add(sequence: number, { details }: AuditEntry): Promise<void> {
    const { record, state, sha256 = '', size } = details ?? {};
    const { database } = this.#archive;
    if (typeof record !== 'number' || typeof sha256 !== 'string') return;
    const [row] = await database.rows<TransferRow>(
      `SELECT transfer.state AS state, file.stored AS stored, file.size AS size, file.gone AS gone
       FROM transfer LEFT JOIN file ON file.sha256 = transfer.sha256
       WHERE transfer.sequence = ? AND transfer.sha256 = ?`,
      record,
      sha256,
    );
    if (row === undefined) {
      if (await this.#mayBeGone(record)) return;
      const text = `record ${sequence} tells of a file kept of it, and no transfer is there`;
      this.#findings.add('removed', record, 'transfer', text);
      return;
    }
    this.#told += 1;
    const isHeld = state === 'kept' || state === 'part';
    if (row.state !== state) {
      const text = `“${row.state}” stands there, record ${sequence} says “${String(state)}”`;
      this.#findings.add('changed', record, 'transfer.state', text);
    } else if (isHeld && (row.stored === null || row.gone !== null)) {
      const text = `record ${sequence} tells of a kept file, and ${row.stored === null ? 'no row of it is there' : 'it is marked as gone'}`;
      this.#findings.add('removed', record, 'file', text);
    } else if (isHeld && row.size !== size) {
      const text = `${row.size} stands there, record ${sequence} says ${String(size)}`;
      this.#findings.add('changed', record, 'file.size', text);
    }
  }

  /** Files whose octets were read; undefined: none were asked for. Of the whole archive only. */
  async end(octets: boolean): Promise<number | undefined> {
    const { database } = this.#archive;
    const [row] = await database.rows<{ n: number }>('SELECT COUNT(*) AS n FROM transfer');
    const there = Number(row?.n ?? 0);
    if (there > this.#told) {
      const text = `${there - this.#told} transfers that no record tells of`;
      this.#findings.add('inserted', undefined, 'transfer', text);
    }
    return octets ? this.#octets() : undefined;
  }

  async #octets(): Promise<number> {
    const { database, target, vault } = this.#archive;
    const store = new FileStore(homePaths(target).files);
    let read = 0;
    const rows = database.each<{ sha256: string; sealed: number }>(
      'SELECT sha256, sealed FROM file WHERE gone IS NULL ORDER BY sha256',
    );
    for await (const { sha256, sealed } of rows) {
      try {
        if (!store.has(sha256)) {
          this.#findings.add('removed', undefined, 'files/', `${sha256} is not there`);
          continue;
        }
        const key = sealed === 1 ? await keyOfFile(database, vault, sha256) : undefined;
        for await (const _part of store.read(sha256, key)) {
          // Its digest is compared at the end.
        }
        read += 1;
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        this.#findings.add('changed', undefined, 'files/', `${sha256}: ${why}`);
      }
    }
    return read;
  }

  /** Its record was purged, or its content erased, and the file with it. */
  async #mayBeGone(record: number): Promise<boolean> {
    const rows = await this.#archive.database.rows(
      `SELECT 1 AS gone FROM tombstone WHERE sequence = ?
       UNION ALL SELECT 1 FROM erasure WHERE sequence = ?`,
      record,
      record,
    );
    return rows.length > 0;
  }
}
