/** What every `sallyport archive …` command is told: which archive, and why it is opened. */
import type { Command } from 'commander';

export interface ArchiveOptions {
  readonly archive?: string;
  readonly archiveHome?: string;
  readonly config?: string;
  readonly why?: string;
}

/** Adds --archive, --archive-home, --config and --why. */
export function withArchive(command: Command): Command {
  return command
    .option('--archive <WHERE>', 'FILE.db or postgres://host/database (or SALLYPORT_ARCHIVE)')
    .option('--archive-home <DIR>', 'folder of its keys, files and spool (default: FILE.db.d)')
    .option('--config <FILE>', "sallyport.yaml: its section 'archive:' says where and which key")
    .option('--why <TEXT>', 'reason, for the audit trail: a case number, a request');
}
