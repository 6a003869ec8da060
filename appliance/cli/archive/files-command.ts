/** `sallyport archive files`: the files that passed, and those that were kept. */
import { Command, InvalidArgumentError } from 'commander';
import { LEAST_DIGITS } from '../../archive/files/get-file.ts';
import { wholeNumber } from '../numbers.ts';
import type { Terminal } from '../terminal.ts';
import { type ArchiveOptions, withArchive } from './archive-options.ts';
import type { FilesOptions } from './files-action.ts';
import { withRecordQuery } from './query-options.ts';

export function filesCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return withRecordQuery(
    withArchive(
      new Command('files')
        .summary('list kept files, and take one out')
        .description(
          'Files that a rule asked to keep (also: quarantine), newest first: who sent them, when, and whether they ' +
            'are whole. What was not kept says why.',
        ),
    ),
    { text: true },
  )
    .option('--all', 'also completed transfers that no rule asked to keep')
    .option('--limit <N>', 'files shown', wholeNumber(1, 1_000_000_000), 100)
    .option('--json', 'one object a line')
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport archive files --archive day.db
  $ sallyport archive files --archive day.db --person 'Anna Larsen' --from 7d --json
  $ sallyport archive files get 87e479e7fe2c offer.pdf --archive day.db --why 'case 17'

Exit codes: 0 listed, 1 the archive cannot be read or the reading not recorded, 2 wrong usage.`,
    )
    .action(async (options: FilesOptions) => {
      const { listKeptFiles } = await import('./files-action.ts');
      exit(await listKeptFiles(options, terminal));
    })
    .addCommand(getCommand(terminal, exit));
}

function getCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return withArchive(
    new Command('get')
      .summary('write a kept file into a new one')
      .argument(
        '<SHA256>',
        `its digest, or the first digits of it (at least ${LEAST_DIGITS})`,
        digest,
      )
      .argument('<OUT>', 'the new file: nothing is overwritten'),
  )
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport archive files get 87e479e7fe2c offer.pdf --archive day.db --why 'case 17'

What is written is checked against the digest: OUT is there only where it is right.
It is what somebody sent: do not open it where you work.

Exit codes: 0 written, 1 it is not there, gone or damaged, 2 wrong usage.`,
    )
    .action(async (sha256: string, out: string, _options: object, command: Command) => {
      const { getKeptFile } = await import('./files-action.ts');
      exit(await getKeptFile(sha256, out, command.optsWithGlobals<ArchiveOptions>(), terminal));
    });
}

function digest(text: string): string {
  if (/^[0-9a-f]+$/i.test(text) && text.length >= LEAST_DIGITS && text.length <= 64) return text;
  throw new InvalidArgumentError(`Expected ${LEAST_DIGITS} to 64 hexadecimal digits.`);
}
