/** `sallyport archive report`: what the archive comes to, for people. */
import { Command, Option } from 'commander';
import { TABLES } from '../../archive/reports/report-tables.ts';
import { USAGE_BY } from '../../archive/reports/usage.ts';
import { wholeNumber } from '../numbers.ts';
import type { Terminal } from '../terminal.ts';
import { withArchive } from './archive-options.ts';
import { withRecordQuery } from './query-options.ts';
import type { ReportCommandOptions } from './report-action.ts';
import { REPORT_FORMATS } from './report-formats.ts';

export function reportCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return withRecordQuery(
    withArchive(
      new Command('report')
        .summary('usage, files, policy, contacts and conduct, as text, CSV, HTML or JSON')
        .description(
          'Counts the records of a period: messages, conversations, files, octets and time by person, service, ' +
            'hour and day; decisions of policy, contacts outside and new ones, hits of the conduct lexicon, and ' +
            'what is known to be missing. docs/archive.md says how each is counted.',
        ),
    ),
    { text: true },
  )
    .addOption(new Option('--by <WHAT>', 'only usage, by this').choices([...USAGE_BY]))
    .addOption(
      new Option('--table <NAME...>', 'only these tables').choices([...TABLES]).conflicts('by'),
    )
    .addOption(
      new Option('--format <FORMAT>', 'how it is written')
        .choices([...REPORT_FORMATS])
        .default('text'),
    )
    .option('--json', 'the same as --format json')
    .option('--out <FILE>', 'write it into a new file: nothing is overwritten')
    .option('--top <N>', 'rows of each list', wholeNumber(1, 10_000), 20)
    .option('--time-zone <ZONE>', "for hours and days: Europe/Berlin, UTC (default: the machine's)")
    .addHelpText(
      'after',
      `
Tables: ${TABLES.slice(0, 5).join(', ')},
  ${TABLES.slice(5).join(', ')}.
CSV has one table: that of --table or --by, else usage-by-person.

Examples:
  $ sallyport archive report --archive day.db
  $ sallyport archive report --archive day.db --from 7d --format html --out week.html
  $ sallyport archive report --archive day.db --by hour --person 'Anna Larsen' --time-zone UTC
  $ sallyport archive report --archive day.db --table policy --format csv > policy.csv

Exit codes: 0 written, 1 the archive cannot be read or the reading not recorded, 2 wrong usage.`,
    )
    .action(async (options: ReportCommandOptions) => {
      const { report } = await import('./report-action.ts');
      exit(await report(options, terminal));
    });
}
