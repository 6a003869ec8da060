/** `sallyport archive …`: what is done with the record. One file a subcommand. */
import { Command } from 'commander';
import type { Terminal } from '../terminal.ts';
import { auditCommand } from './audit-command.ts';
import { backupCommand, restoreCommand } from './backup-command.ts';
import { completenessCommand } from './completeness-command.ts';
import { eraseCommand } from './erase-command.ts';
import { exportCommand } from './export-command.ts';
import { filesCommand } from './files-command.ts';
import { holdCommand, holdsCommand, releaseCommand } from './hold-command.ts';
import { infoCommand } from './info-command.ts';
import { keysCommand } from './keys-command.ts';
import { listCommand } from './list-command.ts';
import { purgeCommand } from './purge-command.ts';
import { refusedLinesCommand } from './refused-lines-command.ts';
import { reportCommand } from './report-command.ts';
import { searchCommand } from './search-command.ts';
import { showCommand } from './show-command.ts';
import { verifyCommand } from './verify-command.ts';
import { verifyExportCommand } from './verify-export-command.ts';

export function archiveCommand(terminal: Terminal, exit: (code: number) => void): Command {
  const command = new Command('archive')
    .summary('search, prove, export, keep and delete the record')
    .description(
      'The record of what was said: conversations, verdicts and files, chained and signed. Whatever is ' +
        'done with it through these commands is itself recorded: who, when, what and, with --why, why.',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ sallyport replay day.pcap --archive day.db
  $ sallyport archive search falcon --archive day.db
  $ sallyport archive verify --archive day.db

Manual: docs/archive.md.`,
    );
  const subcommands: ((terminal: Terminal, exit: (code: number) => void) => Command)[] = [
    searchCommand,
    showCommand,
    listCommand,
    infoCommand,
    reportCommand,
    filesCommand,
    exportCommand,
    verifyExportCommand,
    verifyCommand,
    auditCommand,
    completenessCommand,
    refusedLinesCommand,
    holdCommand,
    holdsCommand,
    releaseCommand,
    purgeCommand,
    eraseCommand,
    keysCommand,
    backupCommand,
    restoreCommand,
  ];
  for (const make of subcommands) command.addCommand(make(terminal, exit));
  return command;
}
