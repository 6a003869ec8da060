/** `sallyport archive erase`: what a person said goes, at their request. */
import { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { withArchive } from './archive-options.ts';
import type { EraseOptions } from './erase-action.ts';

export function eraseCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return withArchive(new Command('erase'))
    .summary('erase what a person said, here and in backups')
    .description(
      'Text, subjects, file names and files of one person go: from the tables, the search index, the logs and ' +
        'free pages of the database, from keys.db, and from backups that can be reached. That and when they ' +
        'wrote, and to whom, stays, with the proof of what was erased. What a hold covers is not erased.',
    )
    .option('--person <NAME>', 'a person of the directory, with all accounts')
    .option('--account <SERVICE:ADDRESS>', 'one account, of nobody in the directory')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport archive erase --config sallyport.yaml --person 'Alice Martin' --why 'request 2026-114'
  $ sallyport archive erase --archive day.db --account irc:mallory --why 'request 2026-115'

What stays: envelopes (accounts, times, verdicts, sizes), what others wrote and quoted, names in
audit records, exports, and backups that are elsewhere. The archive is written anew, which takes a
while and room on the disk. An erasure that was interrupted is ended by asking for it once more.

Exit codes: 0 erased everywhere, 1 held, not done, or some backups could not be reached,
2 wrong usage.`,
    )
    .action(async (options: EraseOptions) => {
      const { erase } = await import('./erase-action.ts');
      exit(await erase(options, terminal));
    });
}
