/**
 * A new signing key, for which the old one vouches: recorded, and signed with the old one for the last time.
 * A gateway that runs takes it with its next checkpoint.
 */
import type { Archive } from '../archive.ts';
import { ArchiveError } from '../archive-error.ts';
import { Appender } from '../record/appender.ts';
import { putMeta, readMeta } from '../record/meta.ts';
import { homePaths } from '../target.ts';
import { auditDraft } from './audit-draft.ts';
import { successionText } from './checkpoint-text.ts';
import { SIGNING_KEY, Signer } from './signer.ts';
import { loadSigningKey, replaceSigningKey, SigningKey } from './signing-key.ts';
import type { SigningKeyDetails } from './signing-key-details.ts';

/** Fingerprint of the new key. Rejects with ArchiveError: then the old one signs on. */
export async function rotateSigningKey(archive: Archive, why?: string): Promise<string> {
  const { database, target } = archive;
  const signer = await Signer.open(archive);
  await signer.append([]); // the old key must be told of before it vouches
  const old = loadSigningKey(homePaths(target).signingKey);
  const id = await readMeta(database, 'archive');
  if (old === undefined || id === undefined || signer.refusal !== undefined) {
    throw new ArchiveError(signer.refusal ?? `${target.home}: there is no signing key to replace`);
  }
  const next = SigningKey.generate();
  const details: SigningKeyDetails = {
    ...{ key: 'signing', what: 'rotated' },
    ...{ fingerprint: next.fingerprint, public: next.publicKey.spki, previous: old.fingerprint },
    signature: old.sign(successionText(id, old.fingerprint, next.fingerprint)),
  };
  // The file within the transaction: where the commit fails, the old one is put back.
  let replaced = false;
  try {
    const line = await database.transaction(async (within) => {
      const signed = await signer.within(within, []);
      await new Appender(archive).within(within, [auditDraft('key', { ...details }, why)]);
      await putMeta(within, SIGNING_KEY, next.fingerprint);
      replaceSigningKey(target, next);
      replaced = true;
      return signed;
    });
    signer.written(line);
  } catch (error) {
    if (replaced) replaceSigningKey(target, old);
    throw error;
  }
  await (await Signer.open(archive)).append([]);
  return next.fingerprint;
}
