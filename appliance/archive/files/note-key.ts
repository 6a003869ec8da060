/**
 * The key of a sealed file in `incoming/`, as its note has it: random, of this file alone, and wrapped by the key of
 * what waits (vault/spool-keys.ts). It is written when the file is whole: what was cut off by a crash nobody can
 * open. The event's id is bound to it, so that a file that was put in the place of another does not open.
 */
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { ArchiveError } from '../archive-error.ts';
import type { DataKey } from '../vault/data-keys.ts';
import type { SpoolKeys } from '../vault/spool-keys.ts';
import { unwrapBy, wrapBy } from '../vault/wrapped-key.ts';

export const noteKey = z
  .object({
    /** Number of a key in keys.db. */
    key: z.number().int().positive(),
    /** By that key: 60 octets, in base64. */
    wrapped: z.string().regex(/^[A-Za-z0-9+/]{80}$/),
    /** CRC-32 of both: tells a damaged note from one whose key is away, which is waited for. */
    check: z.number().int(),
  })
  .refine(({ key, wrapped, check }) => check === checkOf(key, wrapped));
export type NoteKey = z.infer<typeof noteKey>;

export function makeNoteKey(by: DataKey, id: string, octets: Uint8Array): NoteKey {
  const { number: key, octets: sealed } = wrapBy(by, purpose(id), octets);
  const wrapped = Buffer.from(sealed).toString('base64');
  return { key, wrapped, check: checkOf(key, wrapped) };
}

/** The key of a sealed file cannot be had: what is in it waits. */
export class LockedFile extends ArchiveError {
  constructor(path: string, why: string) {
    super(
      `${path}: a sealed file waits in it, and cannot be read: ${why}`,
      'Name the key of this archive in sallyport.yaml (archive, encryption) and bring back the newest copy of keys.db. ' +
        'If they are lost for good, move this file and its note out of the folder: it is lost.',
    );
  }
}

/** `path` is that of the octets, as it is told. Throws LockedFile. */
export function openNoteKey(
  path: string,
  keys: SpoolKeys | undefined,
  id: string,
  { key: number, wrapped }: NoteKey,
): Buffer {
  try {
    return unwrapBy(keys, purpose(id), { number, octets: Buffer.from(wrapped, 'base64') });
  } catch (error) {
    throw error instanceof ArchiveError ? new LockedFile(path, error.message) : error;
  }
}

function purpose(id: string): string {
  return `kept file of event ${id}`;
}

function checkOf(key: number, wrapped: string): number {
  return crc32(`${key} ${wrapped}`);
}
