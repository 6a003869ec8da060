/** `sallyport archive export`: records for somebody else, proven. */
import { Command, Option } from 'commander';
import { EXPORT_FORMATS } from '../../archive/export/export-format.ts';
import type { Terminal } from '../terminal.ts';
import { withArchive } from './archive-options.ts';
import type { ExportOptions } from './export-action.ts';
import { withRecordQuery } from './query-options.ts';

export function exportCommand(terminal: Terminal, exit: (code: number) => void): Command {
  return withRecordQuery(
    withArchive(new Command('export'))
      .summary('write records as JSONL, CSV, mail, load file or pages')
      .description(
        'Writes the records that are asked for into a new folder, with a signed manifest of what is in it, ' +
          'what was left out and why. What is interrupted is continued with --resume and ends the same.',
      )
      .argument('<OUT>', 'folder of the export: a new one, or an empty one')
      .addOption(
        new Option('--format <FORMAT>', 'how the records are written')
          .choices([...EXPORT_FORMATS])
          .makeOptionMandatory(),
      ),
    { text: true },
  )
    .option('--files', 'take kept files along (eml: attached)')
    .option('--bom', 'csv: begin with a byte order mark, for older spreadsheets')
    .option('--resume', 'continue an export that was interrupted')
    .option('--json', 'print the manifest as JSON')
    .addHelpText(
      'after',
      `
Formats:
  jsonl  the events as they were, and beside them what proves each against the chain
  csv    one line a record, for spreadsheets; formulas are defused
  eml    one mail message for each conversation and day, for archives of mail
  edrm   EDRM XML load file with messages and texts, for e-discovery
  html   pages to read and print, without scripts

Examples:
  $ sallyport archive export case-17 --format eml --person alice --from 2026-11-01 --why 'case 17'
  $ sallyport archive export all --format jsonl --archive day.db
  $ sallyport archive export all --format jsonl --archive day.db --resume
  $ sallyport archive verify-export case-17

Exit codes: 0 written, 1 it failed or the archive is not sound, 2 wrong usage; 130 interrupted.`,
    )
    .action(async (out: string, options: ExportOptions) => {
      const { exportArchive } = await import('./export-action.ts');
      exit(await exportArchive(out, options, terminal));
    });
}
