/** `sallyport archive hold`, `holds` and `release`: what is kept whatever retention says. */
import { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { type ArchiveOptions, withArchive } from './archive-options.ts';
import type { HoldOptions, HoldsOptions } from './hold-action.ts';
import { withRecordQuery } from './query-options.ts';

type Exit = (code: number) => void;

export function holdCommand(terminal: Terminal, exit: Exit): Command {
  return withRecordQuery(withArchive(new Command('hold')), { text: true })
    .summary('keep what a case needs, whatever retention says')
    .description(
      'Records that the options select, those that come later too, are neither purged nor erased until the ' +
        'hold is released. All that is said must hold, as in a search.',
    )
    .argument('<NAME>', 'of the hold: a case number; never used twice')
    .option('--everything', 'the whole archive')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport archive hold case-7 --person 'Alice Martin' --from 2026-01-01 --why 'counsel, 26 Nov'
  $ sallyport archive hold case-8 --conversation 1204 --archive day.db

Exit codes: 0 held, 1 it cannot be, 2 wrong usage or configuration: also where the name is taken.`,
    )
    .action(async (name: string, options: HoldOptions) => {
      const { hold } = await import('./hold-action.ts');
      exit(await hold(name, options, terminal));
    });
}

export function holdsCommand(terminal: Terminal, exit: Exit): Command {
  return withArchive(new Command('holds'))
    .summary('holds in force, and what each covers')
    .option('--released', 'those that were released, too')
    .option('--json', 'a line of JSON for each')
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport archive holds --archive day.db
  $ sallyport archive holds --released --config sallyport.yaml --json

Exit codes: 0 listed, 1 the archive cannot be read, 2 wrong usage or configuration.`,
    )
    .action(async (options: HoldsOptions) => {
      const { listHolds } = await import('./hold-action.ts');
      exit(await listHolds(options, terminal));
    });
}

export function releaseCommand(terminal: Terminal, exit: Exit): Command {
  return withArchive(new Command('release'))
    .summary('end a hold')
    .argument('<NAME>', 'of the hold')
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport archive release case-7 --why 'settled, counsel, 3 Dec' --archive day.db

Exit codes: 0 released, 1 there is no such hold, 2 wrong usage or configuration.`,
    )
    .action(async (name: string, options: ArchiveOptions) => {
      const { release } = await import('./hold-action.ts');
      exit(await release(name, options, terminal));
    });
}
