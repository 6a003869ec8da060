/** `sallyport archive verify-export`: whether an export is what it was. Needs no archive. */
import { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import type { VerifyExportOptions } from './verify-export-action.ts';

export function verifyExportCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return new Command('verify-export')
    .summary('is this export signed, complete and unchanged?')
    .description(
      'Checks an export without the archive: the signature of its manifest, every file of it, and that no ' +
        'file was added. In JSONL every record is proven against the chain. Names the first that is not as it was.',
    )
    .argument('<DIR>', 'folder of the export')
    .option(
      '--public-key <FILE>',
      'signing.pub.pem of the archive, got by another way than the export',
    )
    .option('--json', 'the result as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport archive verify-export case-17 --public-key signing.pub.pem
  $ sallyport archive verify-export case-17 --json

Without --public-key the key beside the export is believed: that shows damage, not forgery.

Exit codes: 0 it is what it was, 1 it is not, 2 wrong usage.`,
    )
    .action(async (folder: string, options: VerifyExportOptions) => {
      const { verifyExportFolder } = await import('./verify-export-action.ts');
      exit(await verifyExportFolder(folder, options, terminal));
    });
}
