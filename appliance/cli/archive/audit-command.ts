/** `sallyport archive audit`: who did what with the record. */
import { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { withArchive } from './archive-options.ts';
import type { AuditOptions } from './audit-action.ts';
import { fromTime, toTime } from './time-option.ts';

export function auditCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return withArchive(
    new Command('audit')
      .summary('list who did what with the record, and when')
      .description(
        'Every search, read, export, hold, release, purge, erasure, verification, backup and key act is a ' +
          'record of its own, chained and signed like every other. This lists them. Reading the list is one, too.',
      ),
  )
    .option(
      '--from <TIME>',
      'from this time on: 2026-11-25, RFC 3339, or how long ago: 7d',
      fromTime,
    )
    .option('--to <TIME>', 'up to this time', toTime)
    .option('--action <ACTION...>', 'search, export, purge, …')
    .option('--who <TEXT>', 'part of the name of a user, host or program')
    .option('--json', 'one JSON object a line')
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport archive audit --archive day.db
  $ sallyport archive audit --archive day.db --action purge erase --from 2026-01-01
  $ sallyport archive audit --archive day.db --who alice --json

Exit codes: 0 listed, 1 the archive cannot be read or written to, 2 wrong usage.`,
    )
    .action(async (options: AuditOptions) => {
      const { audit } = await import('./audit-action.ts');
      exit(await audit(options, terminal));
    });
}
