/** A key of one file that waits for the database, wrapped by the key of what waits: a segment's, a kept file's. */
import { ArchiveError } from '../archive-error.ts';
import type { DataKey } from './data-keys.ts';
import type { SpoolKeys } from './spool-keys.ts';
import { unwrapKey, wrapKey } from './wrapping.ts';

export interface WrappedKey {
  /** Of the key in keys.db that it is wrapped by. */
  readonly number: number;
  readonly octets: Uint8Array;
}

/** `purpose` says which file it is of, and is bound to it. */
export function wrapBy({ number, key }: DataKey, purpose: string, octets: Uint8Array): WrappedKey {
  return { number, octets: wrapKey(key, purpose, octets) };
}

/** Throws ArchiveError, which says in a clause why it cannot be had. */
export function unwrapBy(
  keys: SpoolKeys | undefined,
  purpose: string,
  { number, octets }: WrappedKey,
): Buffer {
  if (keys === undefined) throw new ArchiveError('no key is configured, or keys.db is gone');
  const by = keys.byNumber(number);
  if (by === undefined) throw new ArchiveError(`key ${number} was destroyed`);
  const key = unwrapKey(by.key, purpose, octets);
  if (key === undefined) throw new ArchiveError(`key ${number} of keys.db does not open it`);
  return key;
}
