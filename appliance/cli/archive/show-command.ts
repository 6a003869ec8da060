/** `sallyport archive show`: a conversation as a transcript, or one record with all that is known of it. */
import { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { withArchive } from './archive-options.ts';
import type { ShowOptions } from './show-action.ts';

export function showCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return withArchive(
    new Command('show')
      .summary('a conversation as a transcript, or one record')
      .description(
        'Shows a conversation: who took part, what was said, what was decided, and what is missing. ' +
          'Each reading is itself recorded.',
      )
      .argument('<WHAT>', 'number of a conversation, or @SEQUENCE of a record'),
  )
    .option('--repeats', 'also the other legs of deliveries, carbons and echoes')
    .option('--json', 'a line of JSON for each record')
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport archive show 12 --archive day.db
  $ sallyport archive show @4711 --archive day.db --json

Times are UTC.

Exit codes: 0 shown, 1 there is none, or the reading cannot be recorded, 2 wrong usage.`,
    )
    .action(async (what: string, options: ShowOptions) => {
      const { showArchive } = await import('./show-action.ts');
      exit(await showArchive(what, options, terminal));
    });
}
