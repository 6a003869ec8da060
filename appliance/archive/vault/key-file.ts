/** The key-encryption key in a file: 32 octets, for nobody else to read. */
import { createSecretKey, hash, randomBytes } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { systemErrorText } from '../../cli/user-error.ts';
import { AlreadyThere } from '../already-there.ts';
import { ArchiveError } from '../archive-error.ts';
import { makeHomeFile } from '../evidence/home-file.ts';
import type { KeyHolder } from './key-holder.ts';
import { KEY_OCTETS, unwrapKey, wrapKey } from './wrapping.ts';

const PURPOSE = 'sallyport master key 1';
const ID_DIGITS = 16;

/** Reads the file at once, and again where `unwrap` fails: it may have been replaced. Throws ArchiveError. */
export function keyFile(path: string): KeyHolder {
  const { id } = read(path);
  return {
    shown: path,
    id,
    wrap: (key) => wrapKey(read(path).key, PURPOSE, key),
    unwrap(wrapped) {
      const held = read(path);
      const key = unwrapKey(held.key, PURPOSE, wrapped);
      if (key !== undefined) return key;
      throw new ArchiveError(
        `${path}: is not the key that the keys of this archive are wrapped by (this one is ${held.id})`,
        'Name the right file as key-file; after a rotation that is the new one.',
      );
    },
  };
}

/** Makes a new key. Returns its id. Throws ArchiveError: the file is there, or cannot be written. */
export function makeKeyFile(path: string): string {
  const key = randomBytes(KEY_OCTETS);
  let made: boolean;
  try {
    made = makeHomeFile(path, key, 0o600);
  } catch (error) {
    throw new ArchiveError(`${path}: cannot be written: ${systemErrorText(error) ?? error}`);
  }
  if (!made) {
    throw new AlreadyThere(
      `${path}: is there already, and a key is never overwritten`,
      'Name another file.',
    );
  }
  return idOf(key);
}

function read(path: string) {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const { mode, uid, size } = fstatSync(file);
    if ((mode & 0o077) !== 0) {
      throw new ArchiveError(
        `${path}: can be read by others than its owner (mode ${(mode & 0o777).toString(8).padStart(4, '0')})`,
        `Say: chmod 0600 ${path}. If others did read it, make a new key and rotate.`,
      );
    }
    if (uid !== 0 && uid !== process.geteuid?.()) {
      throw new ArchiveError(
        `${path}: belongs to user ${uid}, and this is user ${process.geteuid?.()}`,
        'The key must belong to root or to who runs Sallyport.',
      );
    }
    const key = Buffer.alloc(KEY_OCTETS + 1);
    const octets = readSync(file, key, 0, key.length, 0);
    if (octets !== KEY_OCTETS || size !== KEY_OCTETS) {
      throw new ArchiveError(
        `${path}: holds ${size} octets, and a key has ${KEY_OCTETS}`,
        'Make one with: sallyport archive keys new-key FILE',
      );
    }
    const found = key.subarray(0, KEY_OCTETS);
    return { key: createSecretKey(found), id: idOf(found) };
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    throw new ArchiveError(
      `${path}: the key cannot be read: ${systemErrorText(error) ?? error}`,
      'Make one with: sallyport archive keys new-key FILE',
    );
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function idOf(key: Uint8Array): string {
  const digest = hash('sha256', Buffer.concat([Buffer.from(`${PURPOSE}\n`), key]), 'hex');
  return `file:${digest.slice(0, ID_DIGITS)}`;
}
