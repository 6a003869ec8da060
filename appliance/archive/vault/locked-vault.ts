/**
 * An encrypting archive that was opened without its key: what was sealed stays so, what is plain is read, and
 * envelopes, the chain and audit records need no key. Nothing that has content can be recorded: it would be
 * stored in plain where people believe it encrypted.
 */
import { ArchiveError } from '../archive-error.ts';
import type { Vault } from '../contract.ts';
import { isPlain, keyNumber, readPlain } from './stored-form.ts';

export function lockedVault(keys: string, index: 'blind' | 'off'): Vault {
  const locked = (what: string) =>
    new ArchiveError(
      `${what}: this archive is encrypted (${keys}), and no key was given`,
      'Name the configuration that has its key: --config sallyport.yaml, section archive, encryption.',
    );
  return {
    encrypts: true,
    locked: true,
    index,
    seal() {
      throw locked('content cannot be stored');
    },
    unseal(id, stored) {
      if (isPlain(stored)) return readPlain(id, stored);
      keyNumber(id, stored);
      throw locked('content cannot be read');
    },
    terms() {
      throw locked('text cannot be searched');
    },
    close() {},
  };
}
