/**
 * Every read, search, export, hold, release, purge, erasure, key act and backup is a record itself: who, when,
 * what. It is signed at once where the signing key can be read by who acts.
 */
import { existsSync } from 'node:fs';
import type { Archive } from '../archive.ts';
import { ArchiveError } from '../archive-error.ts';
import { Appender } from '../record/appender.ts';
import { homePaths } from '../target.ts';
import { auditDraft } from './audit-draft.ts';
import { Signer } from './signer.ts';

/**
 * Call it before what it tells of is shown. Rejects with ArchiveError where it cannot be recorded: then do not do
 * it either.
 */
export async function recordAudit(
  archive: Archive,
  action: string,
  details?: Readonly<Record<string, unknown>>,
  why?: string,
): Promise<void> {
  const draft = auditDraft(action, details, why);
  const signer = await signerAtHand(archive);
  try {
    if (signer === undefined) await new Appender(archive).append([draft]);
    else await signer.append([draft]);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new ArchiveError(
      `the ${action} cannot be recorded: ${cause}`,
      'What is not recorded is not done. Only "archive verify --read-only" needs no place in the record.',
    );
  }
}

/** An auditor at another machine, or another user, has no signing key: the next checkpoint covers what they did. */
async function signerAtHand(archive: Archive): Promise<Signer | undefined> {
  if (!existsSync(homePaths(archive.target).signingKey)) return undefined;
  try {
    return await Signer.open(archive);
  } catch (error) {
    if (error instanceof ArchiveError) return undefined;
    throw error;
  }
}
