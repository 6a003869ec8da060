/** The events that an archive has, in the order of its records. */
import type { ArchiveDatabase } from '../../appliance/archive/contract.ts';
import { verifyArchive } from '../../appliance/archive/evidence/verify/verify-archive.ts';
import { openArchive } from '../../appliance/archive/open-archive.ts';
import type { ArchiveTarget } from '../../appliance/archive/target.ts';

export async function archivedIds(database: ArchiveDatabase): Promise<string[]> {
  const ids: string[] = [];
  const rows = database.each<{ envelope: Uint8Array }>(
    `SELECT envelope FROM record WHERE kind = 'event' ORDER BY sequence`,
  );
  for await (const { envelope } of rows) {
    ids.push(JSON.parse(Buffer.from(envelope).toString()).event.id);
  }
  return ids;
}

/** The same of an archive that nobody has open. Rejects where it does not verify. */
export async function verifiedIds(target: ArchiveTarget): Promise<string[]> {
  const archive = await openArchive(target, { readOnly: true });
  try {
    const { firstBreak } = await verifyArchive(archive);
    if (firstBreak !== undefined) throw new Error(`${firstBreak.what}: ${firstBreak.text}`);
    return await archivedIds(archive.database);
  } finally {
    await archive.close();
  }
}
