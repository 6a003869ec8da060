/** `sallyport archive verify`: is the record what was written? */
import { Command } from 'commander';
import { wholeNumber } from '../numbers.ts';
import type { Terminal } from '../terminal.ts';
import { withArchive } from './archive-options.ts';
import type { VerifyCommandOptions } from './verify-action.ts';

const sequence = wholeNumber(1, Number.MAX_SAFE_INTEGER);

export function verifyCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return withArchive(
    new Command('verify')
      .summary('prove that the record is what was written, or name what is not')
      .description(
        'Recomputes every hash, checks every signature, and compares what is searched by with what was ' +
          'recorded. Accepts that records or texts are gone only where an audit record names them. Says what ' +
          'was proven and what was not.',
      ),
  )
    .option('--public-key <FILE...>', 'signing keys that you know: signing.pub.pem, kept elsewhere')
    .option('--checkpoints <FILE>', 'copy of checkpoints.jsonl, kept elsewhere')
    .option('--anchor <RECORD:HASH...>', 'last record and hash that an earlier verify printed')
    .option('--from <RECORD>', 'begin at the last signed checkpoint before it', sequence)
    .option('--to <RECORD>', 'end there', sequence)
    .option('--index', 'also: every record is found by its own words')
    .option('--files', 'also: every kept file has its octets')
    .option('--read-only', 'leave no audit record that this was done')
    .option('--json', 'the report as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport archive verify --archive day.db
  $ sallyport archive verify --archive day.db --index --files
  $ sallyport archive verify --archive copy.db --public-key signing.pub.pem --read-only
  $ sallyport archive verify --archive day.db --from 100000

What is proven and how: docs/archive-evidence.md.

Exit codes: 0 nothing is wrong, 1 something is, or the archive cannot be read; 2 wrong usage;
130 interrupted.`,
    )
    .action(async (options: VerifyCommandOptions) => {
      const { verify } = await import('./verify-action.ts');
      exit(await verify(options, terminal));
    });
}
