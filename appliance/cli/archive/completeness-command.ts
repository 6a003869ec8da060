/** `sallyport archive completeness`: was everything recorded? */
import { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { withArchive } from './archive-options.ts';
import type { CompletenessCommandOptions } from './completeness-action.ts';
import { fromTime, toTime } from './time-option.ts';

export function completenessCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return withArchive(
    new Command('completeness')
      .summary('was everything recorded? what is missing, when, whose and why')
      .description(
        'Reads what the record tells of what it lacks: packets that the kernel dropped, events that were shed ' +
          'or lost, times without a gateway, gaps, connections that could not be read, and what policy did ' +
          'not keep.',
      ),
  )
    .requiredOption(
      '--from <TIME>',
      '2026-11-25, 2026-11-25T10:00 (UTC), RFC 3339, or how long ago: 7d',
      fromTime,
    )
    .option('--to <TIME>', 'up to this time; of a day, to its end (default: now)', toTime)
    .option('--person <NAME...>', 'persons, service:address or address')
    .option('--json', 'the report as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport archive completeness --archive day.db --from 2026-11-25 --to 2026-11-25
  $ sallyport archive completeness --archive day.db --from 30d --person 'Alice Adams'

Exit codes: 0 complete, 1 not complete, or the archive cannot be read; 2 wrong usage.`,
    )
    .action(async (options: CompletenessCommandOptions) => {
      const { tellCompleteness } = await import('./completeness-action.ts');
      exit(await tellCompleteness(options, terminal));
    });
}
