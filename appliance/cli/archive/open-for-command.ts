/** Opens the archive that a command line names, for as long as the command needs it. */
import { AlreadyThere } from '../../archive/already-there.ts';
import type { Archive, OpenOptions } from '../../archive/archive.ts';
import { ArchiveError } from '../../archive/archive-error.ts';
import { recordAudit } from '../../archive/evidence/audit.ts';
import { openArchive } from '../../archive/open-archive.ts';
import { openVault } from '../../archive/vault/open-vault.ts';
import type { Terminal } from '../terminal.ts';
import { Exit, UserError } from '../user-error.ts';
import type { ArchiveOptions } from './archive-options.ts';
import { type NamedArchive, nameArchive } from './name-archive.ts';

export interface OpenedArchive extends NamedArchive {
  readonly archive: Archive;
  /**
   * Records who did what, with --why. To be awaited before anything of the archive is shown or done: where it
   * cannot be recorded it throws, and the command ends.
   */
  audit(action: string, details?: Readonly<Record<string, unknown>>): Promise<void>;
}

/**
 * Opens it, does `work`, and closes it, whatever happens. Throws UserError: exit code 2 where the command line
 * or the configuration is wrong, 1 where the archive is.
 */
export async function withOpenArchive<T>(
  options: ArchiveOptions,
  terminal: Terminal,
  work: (opened: OpenedArchive) => Promise<T>,
  open: OpenOptions = {},
): Promise<T> {
  const named = nameArchive(options, terminal);
  try {
    const vault = openVault(named.target, named.settings?.encryption, {
      create: open.create === true,
    });
    const archive = await openArchive(named.target, { ...open, vault });
    try {
      const audit = (action: string, details?: Readonly<Record<string, unknown>>) =>
        recordAudit(archive, action, details, options.why);
      return await work({ ...named, archive, audit });
    } finally {
      await archive.close();
    }
  } catch (error) {
    throw told(error);
  }
}

/** An ArchiveError as the command line tells it; others as they are. */
export function told(error: unknown): unknown {
  if (!(error instanceof ArchiveError)) return error;
  const code = error instanceof AlreadyThere ? Exit.Usage : Exit.Failed;
  return new UserError(error.message, error.advice, code);
}
