/** What `sallyport archive backup` and `restore` do once their command line is read. */

import { harmless } from '../../../src/event/harmless.ts';
import { jsonLine } from '../../archive/export/json-line.ts';
import { backupArchive } from '../../archive/retention/backup-archive.ts';
import { restoreArchive } from '../../archive/retention/restore-archive.ts';
import { openVault } from '../../archive/vault/open-vault.ts';
import { grouped, size } from '../../report/amounts.ts';
import type { Terminal } from '../terminal.ts';
import { Exit } from '../user-error.ts';
import type { ArchiveOptions } from './archive-options.ts';
import { nameArchive } from './name-archive.ts';
import { told, withOpenArchive } from './open-for-command.ts';

export interface BackupOptions extends ArchiveOptions {
  readonly json?: true;
}

/** Returns the exit code. */
export function backup(file: string, options: BackupOptions, terminal: Terminal): Promise<number> {
  return withOpenArchive(options, terminal, async ({ archive }) => {
    const report = await backupArchive(archive, file, options.why);
    const { out } = terminal;
    if (options.json === true) out.line(jsonLine(report));
    else {
      out.line(
        `${harmless(report.path)}: records 1 to ${grouped(report.upTo)}, ${size(report.octets)}`,
      );
      if (archive.vault.encrypts)
        out.line('Its keys are not in it: keep keys.db and the key elsewhere.');
    }
    return Exit.Ok;
  });
}

/** Returns the exit code. */
export async function restore(
  file: string,
  options: BackupOptions,
  terminal: Terminal,
): Promise<number> {
  const { target, settings } = nameArchive(options, terminal);
  const { out } = terminal;
  try {
    const vault = openVault(target, settings?.encryption);
    try {
      const report = await restoreArchive(file, target, vault, options.why);
      if (options.json === true) out.line(jsonLine(report));
      else {
        out.line(`records 1 to ${grouped(report.upTo)} restored from ${harmless(file)}`);
        out.line('What was purged or erased after that backup is back: purge and erase again.');
      }
      return Exit.Ok;
    } finally {
      vault.close();
    }
  } catch (error) {
    throw told(error);
  }
}
