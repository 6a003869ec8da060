/** What seals the content of an archive, as its configuration and its keys.db say. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { ArchiveError } from '../archive-error.ts';
import type { Vault } from '../contract.ts';
import { giveToOwner } from '../evidence/home-file.ts';
import { type ArchiveTarget, homePaths } from '../target.ts';
import { keyCommand } from './key-command.ts';
import { keyFile } from './key-file.ts';
import type { KeyHolder } from './key-holder.ts';
import { KeyStore } from './key-store.ts';
import { lockedVault } from './locked-vault.ts';
import { PLAIN_VAULT } from './plain-vault.ts';
import { SealingVault } from './sealing-vault.ts';

/** As ArchiveSettings has it. */
export interface VaultSettings {
  readonly keyFile: string | undefined;
  readonly keyCommand: readonly string[] | undefined;
  readonly index: 'blind' | 'off';
}

/**
 * Without a key: plain, or locked where the archive has keys. With one: keys.db is opened, and made where
 * `create` says so.
 *
 * Throws ArchiveError: the key cannot be had, is another one, or there is no keys.db to open.
 */
export function openVault(
  target: ArchiveTarget,
  settings: VaultSettings | undefined,
  { create = false } = {},
): Vault {
  const { keys } = homePaths(target);
  const holder = keyHolder(settings);
  if (holder === undefined)
    return existsSync(keys) ? lockedVault(keys, keptIndex(keys)) : PLAIN_VAULT;
  if (!existsSync(keys) && !create) {
    // It was never written to with encryption: all of it is plain.
    return PLAIN_VAULT;
  }
  if (mkdirSync(dirname(keys), { recursive: true, mode: 0o700 }) !== undefined) {
    giveToOwner(dirname(keys));
  }
  const store = new KeyStore(keys, holder, { create });
  try {
    const index = settings?.index ?? 'blind';
    if (store.meta('index') !== index) store.putMeta('index', index);
    return new SealingVault(store, index);
  } catch (error) {
    store.close();
    throw error;
  }
}

/** Whether what is recorded is to be sealed. */
export function namesKey({ keyFile, keyCommand }: VaultSettings): boolean {
  return keyFile !== undefined || keyCommand !== undefined;
}

/** undefined: the settings name no key. Throws ArchiveError. */
export function keyHolder(settings: VaultSettings | undefined): KeyHolder | undefined {
  if (settings?.keyFile !== undefined && settings.keyCommand !== undefined) {
    throw new ArchiveError('key-file and key-command are both there: which one has the key?');
  }
  if (settings?.keyFile !== undefined) return keyFile(settings.keyFile);
  if (settings?.keyCommand !== undefined) return keyCommand(settings.keyCommand);
  return undefined;
}

function keptIndex(keys: string): 'blind' | 'off' {
  const store = new KeyStore(keys, undefined);
  try {
    return store.meta('index') === 'off' ? 'off' : 'blind';
  } finally {
    store.close();
  }
}
