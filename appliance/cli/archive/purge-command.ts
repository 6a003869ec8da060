/** `sallyport archive purge`: what retention says is too old goes. */
import { Command } from 'commander';
import { wholeNumber } from '../numbers.ts';
import type { Terminal } from '../terminal.ts';
import { withArchive } from './archive-options.ts';
import type { PurgeCommandOptions } from './purge-action.ts';

/** 273 years: beyond the clock of any capture. */
const MOST_DAYS = 100_000;

export function purgeCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return withArchive(new Command('purge'))
    .summary('delete what retention says is too old, and keep the proof')
    .description(
      'The first retention rule that fits a record says how many days it is kept; where none fits it is kept ' +
        'for ever. What a hold covers stays. Of what goes, the hash stays, and an audit record that says why.',
    )
    .option('--dry-run', 'only say what would go, and what is held')
    .option(
      '--days <N>',
      'instead of the rules of --config: all that is older',
      wholeNumber(1, MOST_DAYS),
    )
    .option(
      '--scrub',
      'then write the database anew, so that nothing of it is left on the disk (slow)',
    )
    .option(
      '--trust-clock',
      'the clock of this machine is right, however long nothing was recorded: purge by it',
    )
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport archive purge --config sallyport.yaml --dry-run
  $ sallyport archive purge --config sallyport.yaml --why 'yearly purge'
  $ sallyport archive purge --archive day.db --days 365

A clock that is more than 7 days ahead of the last time that the archive proves may be wrong, and
what is purged is gone: then nothing is purged without --trust-clock.

Exit codes: 0 done, 1 it cannot be done or recorded, 2 wrong usage or configuration.`,
    )
    .action(async (options: PurgeCommandOptions) => {
      const { purge } = await import('./purge-action.ts');
      exit(await purge(options, terminal));
    });
}
