/** `sallyport archive refused-lines`: what could not be archived. */
import { Command } from 'commander';
import { wholeNumber } from '../numbers.ts';
import type { Terminal } from '../terminal.ts';
import { withArchive } from './archive-options.ts';
import type { RefusedLinesOptions } from './refused-lines-action.ts';

const MOST = 1_000_000_000;

export function refusedLinesCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return withArchive(new Command('refused-lines'))
    .summary('list the lines that could not be archived, and open one')
    .description(
      'Lines that are no event, or that the database refuses whatever is tried, are kept beside the spool ' +
        '(refused.jsonl), sealed where the archive encrypts: when, why, and how they begin. Newest last.',
    )
    .option('--limit <N>', 'lines shown', wholeNumber(1, MOST), 100)
    .option('--json', 'one object a line, each with its whole line')
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport archive refused-lines --archive day.db
  $ sallyport archive refused-lines --config sallyport.yaml --json

Exit codes: 0 listed, 1 the archive cannot be read or the reading not recorded, 2 wrong usage.`,
    )
    .action(async (options: RefusedLinesOptions) => {
      const { listRefusedLines } = await import('./refused-lines-action.ts');
      exit(await listRefusedLines(options, terminal));
    })
    .addCommand(showCommand(terminal, exit));
}

function showCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return withArchive(
    new Command('show')
      .summary('show one of them, whole')
      .argument('<NUMBER>', 'as the list has it', wholeNumber(1, MOST)),
  )
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport archive refused-lines show 3 --archive day.db --why 'what is wrong with it'
  $ sallyport archive refused-lines show 3 --archive day.db --json

What a terminal would obey is shown as a sign; --json has it as it came, escaped.

Exit codes: 0 shown, 1 it is not there, damaged or cannot be opened, 2 wrong usage.`,
    )
    .action(async (number: number, _options: object, command: Command) => {
      const { showRefusedLine } = await import('./refused-lines-action.ts');
      exit(await showRefusedLine(number, command.optsWithGlobals<RefusedLinesOptions>(), terminal));
    });
}
