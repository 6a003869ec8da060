/** The key of a sealed file: kept with each transfer of it, sealed for the person whose transfer it was. */
import { ArchiveError } from '../archive-error.ts';
import type { ArchiveDatabase, Vault } from '../contract.ts';

/** What the vault binds the sealed key to. */
export function fileKeyId(sha256: string): string {
  return `file ${sha256}`;
}

/** undefined: everybody whose transfer it was has been erased. */
export async function keyOfFile(
  database: ArchiveDatabase,
  vault: Vault,
  sha256: string,
): Promise<Uint8Array | undefined> {
  const rows = database.each<{ file_key: Uint8Array }>(
    'SELECT file_key FROM transfer WHERE sha256 = ? AND file_key IS NOT NULL ORDER BY sequence',
    sha256,
  );
  for await (const { file_key } of rows) {
    try {
      const key = vault.unseal(fileKeyId(sha256), file_key);
      if (key !== undefined) return key;
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error; // another one may be whole
    }
  }
  return undefined;
}
