/**
 * The key of a sealed segment: random, of this segment alone, and wrapped by a key of keys.db. Which segment it
 * is is bound to it, so that a file that was renamed, or put in the place of another, does not open.
 */
import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { ArchiveError } from '../archive-error.ts';
import type { DataKey } from '../vault/key-store.ts';
import type { SpoolKeys } from '../vault/spool-keys.ts';
import { KEY_OCTETS, unwrapKey, wrapKey } from '../vault/wrapping.ts';
import type { SegmentHeader } from './segment-header.ts';

export interface WrappedKey {
  /** Of the key in keys.db that it is wrapped by. */
  readonly number: number;
  readonly octets: Uint8Array;
}

type SegmentIdentity = Pick<SegmentHeader, 'spool' | 'generation' | 'first'>;

export function makeSegmentKey(
  { number, key: by }: DataKey,
  identity: SegmentIdentity,
): { readonly key: KeyObject; readonly wrapped: WrappedKey } {
  const octets = randomBytes(KEY_OCTETS);
  const wrapped = { number, octets: wrapKey(by, purpose(identity), octets) };
  return { key: createSecretKey(octets), wrapped };
}

/** `path` is that of the segment, as it is told. Throws ArchiveError: what waits in it waits on. */
export function openSegmentKey(
  path: string,
  keys: SpoolKeys | undefined,
  { number, octets }: WrappedKey,
  identity: SegmentIdentity,
): KeyObject {
  if (keys === undefined) throw locked(path, 'no key is configured, or keys.db is gone');
  let by: DataKey | undefined;
  try {
    by = keys.byNumber(number);
  } catch (error) {
    throw error instanceof ArchiveError ? locked(path, error.message) : error;
  }
  if (by === undefined) throw locked(path, `key ${number} was destroyed`);
  const key = unwrapKey(by.key, purpose(identity), octets);
  if (key === undefined) throw locked(path, `key ${number} of keys.db does not open it`);
  return createSecretKey(key);
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
