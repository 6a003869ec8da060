/** `sallyport archive list`: which conversations there are. */
import { Command } from 'commander';
import { wholeNumber } from '../numbers.ts';
import type { Terminal } from '../terminal.ts';
import { withArchive } from './archive-options.ts';
import type { ListOptions } from './list-action.ts';
import { withRecordQuery } from './query-options.ts';

const SELECTING = new Set(['person', 'service', 'from', 'to', 'room']);

export function listCommand(terminal: Terminal, exit: (code: number) => void): Command {
  const command = new Command('list')
    .summary('conversations: who, where, when, how much')
    .description('Lists conversations, the latest first. Each listing is itself recorded.');
  const selecting = withRecordQuery(new Command()).options.filter((option) =>
    SELECTING.has(option.attributeName()),
  );
  for (const option of selecting) command.addOption(option);
  return withArchive(command)
    .option('--limit <N>', 'conversations shown', wholeNumber(1, 1_000_000), 50)
    .option(
      '--before <NUMBER>',
      'those after this conversation in the list: the next page',
      wholeNumber(1, Number.MAX_SAFE_INTEGER),
    )
    .option('--json', 'a line of JSON for each conversation')
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport archive list --archive day.db
  $ sallyport archive list --person 'Alice Ho' --from 7d
  $ sallyport archive list --before 4711           the next page
  $ sallyport archive show 12                      one of them

Exit codes: 0 listed, 1 the archive cannot be read or the listing not recorded, 2 wrong usage.`,
    )
    .action(async (options: ListOptions) => {
      const { listArchive } = await import('./list-action.ts');
      exit(await listArchive(options, terminal));
    });
}
