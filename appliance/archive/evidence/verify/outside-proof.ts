/** What stands outside of the database: the checkpoints that were signed, and the key that the verifier trusts. */
import { existsSync, statSync } from 'node:fs';
import { errorCode, systemErrorText } from '../../../cli/user-error.ts';
import { counted } from '../../../report/amounts.ts';
import type { Archive } from '../../archive.ts';
import { ArchiveError } from '../../archive-error.ts';
import { homePaths } from '../../target.ts';
import { PublicKey } from '../public-key.ts';
import { brief, type Signed } from './checkpoint-check.ts';
import type { Findings } from './findings.ts';
import type { KeyRing } from './key-ring.ts';
import { checkOutside } from './outside-check.ts';
import type { Trust, VerifyOptions } from './verify-report.ts';

export interface OutsideFacts {
  readonly archive: Archive;
  readonly id: string;
  readonly options: VerifyOptions;
  readonly isRange: boolean;
  readonly keys: KeyRing;
  readonly findings: Findings;
  /** The last record that was verified. */
  readonly last: number;
  /** Checkpoints of the record that hold. */
  readonly checkpoints: number;
}

/** Sentences: what is not proven by it. Rejects with ArchiveError where the file cannot be read. */
export async function compareOutside(facts: OutsideFacts): Promise<string[]> {
  const { archive, options, isRange, findings, checkpoints } = facts;
  const home = homePaths(archive.target);
  const path = options.checkpoints ?? home.checkpoints;
  if (options.checkpoints === undefined && !existsSync(path)) {
    if (existsSync(home.signingKey) && checkpoints > 0) {
      const text = 'the file is gone, and the signing key is there';
      findings.add('removed', undefined, 'checkpoints.jsonl', text);
      return [];
    }
    return [
      `That the end was not cut off, and that this is no older copy: ${whyNone(path)} (--archive-home, --checkpoints FILE).`,
    ];
  }
  if (isRange) return ['The checkpoints outside of the database: only compared with the whole.'];
  const lacking = await countLacking(path, facts);
  if (lacking === 0) return [];
  return [
    `${counted(lacking, 'checkpoint')} at the end: not yet in checkpoints.jsonl, which is brought up to date when the archive is next opened to be written.`,
  ];
}

/** A home folder of somebody else may have one: nothing is said of that. */
function whyNone(path: string): string {
  try {
    statSync(path);
  } catch (error) {
    if (errorCode(error) === 'EACCES') return `${path} may not be read by you`;
  }
  return 'there is no checkpoints.jsonl to compare with';
}

async function countLacking(
  path: string,
  { archive: { database }, id, keys, findings, last }: OutsideFacts,
): Promise<number> {
  try {
    return (await checkOutside({ path, archive: id, last, database, keys, findings })).lacking;
  } catch (error) {
    const why = systemErrorText(error);
    if (why === undefined) throw error;
    throw new ArchiveError(`${path}: cannot be read: ${why}`);
  }
}

/** Where the key comes from that signed. */
export function trustIn(
  signed: Signed | undefined,
  { archive, options, keys, findings }: OutsideFacts,
): Trust {
  if ((options.publicKeys ?? []).length > 0) return signed === undefined ? 'none' : 'given';
  const { publicKey } = homePaths(archive.target);
  if (existsSync(publicKey)) {
    const { fingerprint } = PublicKey.fromFile(publicKey);
    if (fingerprint === keys.current) return signed === undefined ? 'none' : 'home';
    if (keys.current !== undefined) {
      const text = `it is ${brief(fingerprint)}, and the record tells of ${brief(keys.current)}`;
      findings.add('forged', undefined, 'signing.pub.pem', text);
    }
  }
  return signed === undefined ? 'none' : 'archive';
}
