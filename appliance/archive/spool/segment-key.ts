/**
 * The key of a sealed segment: random, of this segment alone, and wrapped by a key of keys.db. Which segment it
 * is is bound to it, so that a file that was renamed, or put in the place of another, does not open.
 */
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { ArchiveError } from '../archive-error.ts';
import type { DataKey } from '../vault/data-keys.ts';
import type { SpoolKeys } from '../vault/spool-keys.ts';
import { unwrapBy, type WrappedKey, wrapBy } from '../vault/wrapped-key.ts';
import { KEY_OCTETS } from '../vault/wrapping.ts';
import type { SegmentHeader } from './segment-header.ts';

type SegmentIdentity = Pick<SegmentHeader, 'spool' | 'generation' | 'first'>;

export function makeSegmentKey(
  by: DataKey,
  identity: SegmentIdentity,
): { readonly key: KeyObject; readonly wrapped: WrappedKey } {
  const octets = randomBytes(KEY_OCTETS);
  return { key: createSecretKey(octets), wrapped: wrapBy(by, purpose(identity), octets) };
}

/** `path` is that of the segment, as it is told. Throws ArchiveError: what waits in it waits on. */
export function openSegmentKey(
  path: string,
  keys: SpoolKeys | undefined,
  wrapped: WrappedKey,
  identity: SegmentIdentity,
): KeyObject {
  try {
    return createSecretKey(unwrapBy(keys, purpose(identity), wrapped));
  } catch (error) {
    throw error instanceof ArchiveError ? locked(path, error.message) : error;
  }
}

function purpose({ spool, generation, first }: SegmentIdentity): string {
  return `spool segment ${generation} ${first}\n${spool}`;
}

function locked(path: string, why: string): ArchiveError {
  return new ArchiveError(
    `${path}: sealed events wait in it, and cannot be read: ${why}`,
    'Name the key of this archive in sallyport.yaml (archive, encryption) and bring back the newest copy of keys.db. ' +
      'If they are lost for good, move this file out of the spool: what waits in it is lost.',
  );
}
