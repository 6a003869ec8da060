/** `sallyport archive backup`: a copy while the gateway goes on. */
import { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { withArchive } from './archive-options.ts';
import type { BackupOptions } from './backup-action.ts';

export function backupCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return withArchive(new Command('backup'))
    .summary('a copy of the archive, while it is written to')
    .description(
      'One SQLite file, from PostgreSQL too, and kept files beside it (FILE.d). It is an archive itself: verify ' +
        'opens it. Keys are never in it: copy keys.db and the key file to another place.',
    )
    .argument('<FILE>', 'is made; nothing is overwritten')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport archive backup /backup/2026-11-26.db --config sallyport.yaml
  $ sallyport archive verify --archive /backup/2026-11-26.db --read-only

The archive remembers where its backups are: "archive erase" goes there, too.

Exit codes: 0 made, 1 it cannot be made or recorded, 2 wrong usage or configuration: also where
FILE is there already.`,
    )
    .action(async (file: string, options: BackupOptions) => {
      const { backup } = await import('./backup-action.ts');
      exit(await backup(file, options, terminal));
    });
}

export function restoreCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return withArchive(new Command('restore'))
    .summary('an archive from a backup, where there is none')
    .argument('<FILE>', 'a backup')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport archive restore /backup/2026-11-26.db --archive /var/lib/sallyport/archive.db
  $ sallyport archive restore /backup/2026-11-26.db --archive postgres://archive@db/sallyport

First put keys.db (and signing.pem, checkpoints.jsonl) into the home folder. What was purged or
erased after the backup was made is back: purge and erase again.

Exit codes: 0 restored, 1 it cannot be, 2 wrong usage or configuration: also where there is an
archive already, which is never overwritten.`,
    )
    .action(async (file: string, options: BackupOptions) => {
      const { restore } = await import('./backup-action.ts');
      exit(await restore(file, options, terminal));
    });
}
