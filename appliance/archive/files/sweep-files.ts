/**
 * Files that nobody's record speaks of any more go: after a purge or an erasure, and what a crash left. A file
 * goes only when the last transfer of it has gone.
 */
import type { ArchiveDatabase } from '../contract.ts';
import { FileStore } from './file-store.ts';

/** Of a row of `file`: it is there, and no transfer has it. */
const UNTOLD = `gone IS NULL AND NOT EXISTS (SELECT 1 FROM transfer
  WHERE transfer.sha256 = file.sha256 AND transfer.state IN ('kept', 'part'))`;

export interface SweptFiles {
  readonly files: number;
  readonly octets: number;
}

/**
 * After records were purged or erased. `erased`: sequences of records whose file is to go although they stay,
 * those of an erased person.
 */
export async function sweepFiles(
  database: ArchiveDatabase,
  folder: string,
  erased: readonly number[] = [],
): Promise<SweptFiles> {
  const store = new FileStore(folder);
  await database.transaction(async (inside) => {
    for (const sequence of erased) {
      await inside.run('DELETE FROM transfer WHERE sequence = ?', sequence);
    }
    await inside.run(
      `DELETE FROM transfer WHERE NOT EXISTS
         (SELECT 1 FROM record WHERE record.sequence = transfer.sequence)`,
    );
  });
  const lost = await database.rows<{ sha256: string; size: number }>(
    `SELECT sha256, size FROM file WHERE ${UNTOLD}`,
  );
  let [files, octets] = [0, 0];
  for (const { sha256, size } of lost) {
    // It may have come again meanwhile. Octets go before the commit: after a crash in between it is swept again.
    const changed = await database.transaction(async (inside) => {
      const rows = await inside.run(
        `UPDATE file SET gone = ? WHERE sha256 = ? AND ${UNTOLD}`,
        Date.now() * 1000,
        sha256,
      );
      if (rows > 0) store.remove(sha256);
      return rows;
    });
    if (changed === 0) continue;
    files += 1;
    octets += Number(size);
  }
  return { files, octets };
}
