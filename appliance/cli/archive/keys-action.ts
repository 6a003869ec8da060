/** What `sallyport archive keys …` does once its command line is read. */

import { existsSync } from 'node:fs';
import { jsonLine } from '../../archive/export/json-line.ts';
import { homePaths } from '../../archive/target.ts';
import { keyCommand } from '../../archive/vault/key-command.ts';
import { keyFile, makeKeyFile } from '../../archive/vault/key-file.ts';
import type { KeyHolder } from '../../archive/vault/key-holder.ts';
import { type KeyCounts, KeyStore } from '../../archive/vault/key-store.ts';
import { keyHolder } from '../../archive/vault/open-vault.ts';
import { counted, grouped } from '../../report/amounts.ts';
import type { Terminal } from '../terminal.ts';
import { Exit, UserError } from '../user-error.ts';
import type { ArchiveOptions } from './archive-options.ts';
import { type OpenedArchive, told, withOpenArchive } from './open-for-command.ts';

export interface KeysOptions extends ArchiveOptions {
  readonly json?: true;
}

export interface RotateOptions extends ArchiveOptions {
  readonly newKeyFile?: string;
  readonly newKeyCommand?: string[];
  readonly dataKeys?: true;
}

/** Returns the exit code. */
export function newKey(file: string, { out }: Terminal): number {
  try {
    const id = makeKeyFile(file);
    out.line(`${file}: a new key, ${id}`);
    out.line('Keep a copy where the archive is not: without it nobody reads what it sealed.');
    return Exit.Ok;
  } catch (error) {
    throw told(error);
  }
}

/** Returns the exit code. */
export function keysStatus(options: KeysOptions, terminal: Terminal): Promise<number> {
  return withOpenArchive(options, terminal, async ({ archive, settings, audit }) => {
    const { keys } = homePaths(archive.target);
    await audit('key-status');
    const { out, layout } = terminal;
    const holder = keyHolder(settings?.encryption);
    if (!existsSync(keys)) {
      const configured = holder !== undefined;
      if (options.json === true) out.line(jsonLine({ encrypted: false, configured }));
      else {
        out.line(`${archive.database.where}: not encrypted`);
        if (configured)
          out.line('The configuration names a key: what the gateway records next is.');
      }
      return Exit.Ok;
    }
    const store = new KeyStore(keys, undefined);
    let counts: KeyCounts;
    try {
      counts = store.counts();
    } finally {
      store.close();
    }
    const index = archive.vault.index;
    const opens = archive.vault.locked !== true;
    if (options.json === true) {
      const wrapped = new Date(counts.wrapped / 1000).toISOString();
      out.line(jsonLine({ encrypted: true, ...counts, wrapped, index, opens, keys }));
      return Exit.Ok;
    }
    const { paint } = layout;
    const rows: [string, string][] = [
      ['keys', keys],
      ['wrapped by', `${counts.holder ?? 'a key command'}, since ${stamp(counts.wrapped)}`],
      ['opened', opens ? `yes, with ${holder?.shown ?? ''}` : 'no: no key was given (--config)'],
      ['subjects', grouped(counts.subjects)],
      [
        'data keys',
        `${grouped(counts.current)} seal, ${grouped(counts.retired)} only read, ${grouped(counts.destroyed)} destroyed`,
      ],
      ['index', index],
    ];
    out.line(`${archive.database.where}: encrypted (AES-256-GCM)`);
    for (const [label, value] of rows) out.line(`  ${paint.dim(label.padEnd(12))}${value}`);
    return Exit.Ok;
  });
}

/** Returns the exit code. */
export async function rotateKeys(options: RotateOptions, terminal: Terminal): Promise<number> {
  const { newKeyFile, newKeyCommand, dataKeys } = options;
  if (newKeyFile !== undefined && newKeyCommand !== undefined) {
    throw new UserError('--new-key-file and --new-key-command: which one has the new key?');
  }
  return withOpenArchive(options, terminal, async (opened) => {
    const { archive, settings, audit } = opened;
    const { keys } = homePaths(archive.target);
    const old = keyHolder(settings?.encryption);
    if (!existsSync(keys)) throw new UserError(`${archive.database.where}: is not encrypted`);
    if (old === undefined) {
      throw new UserError(
        'which key are the keys wrapped by now?',
        'Name the configuration that has it: --config sallyport.yaml, section archive, encryption.',
      );
    }
    const next = nextHolder(options, old, opened);
    const store = new KeyStore(keys, old);
    try {
      await audit('key-rotation', {
        dataKeys: dataKeys === true,
        ...(next === undefined ? {} : { by: next.id ?? next.shown }),
      });
      const { out } = terminal;
      if (dataKeys === true) {
        out.line(
          `${counted(store.retire(), 'data key')} retired: what comes is sealed with new ones`,
        );
      }
      if (next === undefined) return Exit.Ok;
      out.line(
        `${counted(store.rewrap(next), 'data key')} wrapped again, by ${next.id ?? next.shown}`,
      );
      if (newKeyFile !== undefined || newKeyCommand !== undefined) {
        out.line('Now name the new key in the configuration, section archive, encryption.');
      }
      return Exit.Ok;
    } finally {
      store.close();
    }
  });
}

/** undefined: only data keys are made new. */
function nextHolder(
  { newKeyFile, newKeyCommand, dataKeys }: RotateOptions,
  old: KeyHolder,
  { settings }: OpenedArchive,
): KeyHolder | undefined {
  if (newKeyFile !== undefined) return keyFile(newKeyFile);
  if (newKeyCommand !== undefined) return keyCommand(newKeyCommand);
  if (dataKeys === true) return undefined;
  if (settings?.encryption.keyCommand !== undefined) return old;
  throw new UserError(
    'rotate to which key?',
    'Make one with "archive keys new-key FILE" and say --new-key-file FILE; or only --data-keys.',
  );
}

/** `2026-11-26 07:41 UTC`; microseconds since 1970. */
function stamp(microseconds: number): string {
  return `${new Date(microseconds / 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
