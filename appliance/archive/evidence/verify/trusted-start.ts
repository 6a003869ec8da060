/** Where a part of the record can be proven from: a checkpoint that is signed proves all that was before it. */
import type { ArchiveDatabase } from '../../contract.ts';
import { decodeEnvelope } from '../../record/envelope.ts';
import { checkpointText } from '../checkpoint-text.ts';
import type { KeyRing } from './key-ring.ts';

export interface TrustedStart {
  /** Of the checkpoint. */
  readonly sequence: number;
  /** Hash of the record before it, as it was signed. */
  readonly before: Uint8Array;
}

/** The last checkpoint at or before `from` that a trusted key signed. `keys` learns those introduced before it. */
export async function trustedStart(
  database: ArchiveDatabase,
  from: number,
  keys: KeyRing,
  archive: string,
): Promise<TrustedStart | undefined> {
  // Keys first: a checkpoint that was signed by a key which was replaced later is still signed.
  let found: TrustedStart | undefined;
  const rows = database.each<{ sequence: number; envelope: Uint8Array }>(
    `SELECT sequence, envelope FROM record
     WHERE kind IN ('audit', 'checkpoint') AND sequence <= ? ORDER BY sequence`,
    from,
  );
  for await (const { sequence, envelope: octets } of rows) {
    const envelope = readable(octets);
    if (envelope?.audit?.action === 'key' && sequence < from)
      keys.introduce(sequence, envelope.audit);
    const { checkpoint, at } = envelope ?? {};
    if (checkpoint === undefined || at === undefined) continue;
    const ring = keys.get(checkpoint.key);
    if (ring?.trusted !== true || ring.replacedBy !== undefined) continue;
    if (checkpoint.archive !== archive || checkpoint.upTo !== sequence - 1) continue;
    if (!/^[0-9a-f]{64}$/.test(checkpoint.hash)) continue;
    if (!ring.key.proves(checkpointText(checkpoint, at), checkpoint.signature)) continue;
    found = { sequence, before: Buffer.from(checkpoint.hash, 'hex') };
  }
  return found;
}

function readable(octets: Uint8Array) {
  try {
    return decodeEnvelope(octets);
  } catch {
    return undefined; // what is before the start is not judged
  }
}
