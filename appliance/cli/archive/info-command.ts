/** `sallyport archive info`: which archive this is, and how it stands. */
import { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { withArchive } from './archive-options.ts';
import type { InfoOptions } from './info-action.ts';

export function infoCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return withArchive(
    new Command('info')
      .summary('which archive this is, and how it stands')
      .description(
        'Where it is, what is in it, from when to when, how it is sealed, what was signed, held, backed up, verified.',
      ),
  )
    .option('--json', 'the same as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport archive info --archive day.db
  $ sallyport archive info --config /etc/sallyport/sallyport.yaml

Exit codes: 0 shown, 1 the archive cannot be read, 2 wrong usage.`,
    )
    .action(async (options: InfoOptions) => {
      const { tellArchive } = await import('./info-action.ts');
      exit(await tellArchive(options, terminal));
    });
}
