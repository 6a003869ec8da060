/** `sallyport archive search`: who said it, where, when, and what was decided. */
import { Command } from 'commander';
import { wholeNumber } from '../numbers.ts';
import type { Terminal } from '../terminal.ts';
import { withArchive } from './archive-options.ts';
import { withRecordQuery } from './query-options.ts';
import type { SearchCommandOptions } from './search-action.ts';

const MOST = Number.MAX_SAFE_INTEGER;

export function searchCommand(terminal: Terminal, exit: (code: number) => void): Command {
  const command = new Command('search')
    .summary('find what was said, by words, person, time, verdict')
    .description(
      'Finds records that hold for all that is asked, the newest first. Upper and lower case and accents do not ' +
        'matter. Each search is itself recorded.',
    )
    .argument('[TEXT]', 'words, "a phrase", begin*, -without');
  return withArchive(withRecordQuery(command))
    .option('--limit <N>', 'records shown', wholeNumber(1, MOST), 50)
    .option(
      '--before <SEQUENCE>',
      'older ones than this record: the next page',
      wholeNumber(1, MOST),
    )
    .option(
      '--after <SEQUENCE>',
      'with --oldest-first: those after this record',
      wholeNumber(0, MOST),
    )
    .option('--oldest-first', 'in the order in which they were archived')
    .option('--repeats', 'also the other legs of deliveries, carbons and echoes')
    .option('--count', 'only how many there are')
    .option('--json', 'a line of JSON for each record')
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport archive search falcon --archive day.db
  $ sallyport archive search '"project falcon" -lunch' --person 'Alice Ho' --from 7d
  $ sallyport archive search --verdict refused --from 2026-11-25 --to 2026-11-25
  $ sallyport archive search 'falc*' --service irc --json
  $ sallyport archive show 12                      the conversation that a hit belongs to

Times are UTC. A day alone means all of it: --from 2026-11-25 --to 2026-11-25 is one day.

Exit codes: 0 searched, 1 the archive cannot be read or the search not recorded, 2 wrong usage.`,
    )
    .action(async (text: string | undefined, options: SearchCommandOptions) => {
      const { searchArchive } = await import('./search-action.ts');
      exit(await searchArchive(text, options, terminal));
    });
}
