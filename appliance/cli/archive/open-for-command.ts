/** Opens the archive that a command line names, for as long as the command needs it. */
import { AlreadyThere } from '../../archive/already-there.ts';
import type { Archive, OpenOptions } from '../../archive/archive.ts';
import { ArchiveError } from '../../archive/archive-error.ts';
import { recordAudit } from '../../archive/evidence/audit.ts';
import { openArchive } from '../../archive/open-archive.ts';
import { openVault } from '../../archive/vault/open-vault.ts';
import { complain, type Terminal } from '../terminal.ts';
import { Exit, UserError } from '../user-error.ts';
import type { ArchiveOptions } from './archive-options.ts';
import { type NamedArchive, nameArchive } from './name-archive.ts';
import { isOnReadOnlyMedium } from './read-only-medium.ts';

export interface OpenedArchive extends NamedArchive {
  readonly archive: Archive;
  /**
   * Records who did what, with --why. To be awaited before anything of the archive is shown or done: where it
   * cannot be recorded it throws, and the command ends.
   */
  audit(action: string, details?: Readonly<Record<string, unknown>>): Promise<void>;
}

export interface OpenForCommand extends OpenOptions {
  /** It changes nothing, and records that it read. */
  readonly reads?: true;
}

/**
 * Opens it, does `work`, and closes it, whatever happens. Throws UserError: exit code 2 where the command line
 * or the configuration is wrong, 1 where the archive is.
 */
export async function withOpenArchive<T>(
  options: ArchiveOptions,
  terminal: Terminal,
  work: (opened: OpenedArchive) => Promise<T>,
  { reads, ...open }: OpenForCommand = {},
): Promise<T> {
  const named = nameArchive(options, terminal);
  try {
    const vault = openVault(named.target, named.settings?.encryption, {
      create: open.create === true,
    });
    const unrecorded = reads === true && isOnReadOnlyMedium(named.target);
    const readOnly = unrecorded ? { readOnly: true } : {};
    const archive = await openArchive(named.target, { ...open, ...readOnly, vault });
    try {
      const audit = unrecorded
        ? sayUnrecorded(named, terminal)
        : (action: string, details?: Readonly<Record<string, unknown>>) =>
            recordAudit(archive, action, details, options.why);
      return await work({ ...named, archive, audit });
    } finally {
      await archive.close();
    }
  } catch (error) {
    throw told(error);
  }
}

/** For what is only read: on a medium where nothing can be written it is read all the same, and that is said. */
export function withReadArchive<T>(
  options: ArchiveOptions,
  terminal: Terminal,
  work: (opened: OpenedArchive) => Promise<T>,
): Promise<T> {
  return withOpenArchive(options, terminal, work, { reads: true });
}

/** Instead of recording it; once. */
function sayUnrecorded({ where }: NamedArchive, terminal: Terminal): OpenedArchive['audit'] {
  let said = false;
  return async () => {
    if (said) return;
    said = true;
    complain(terminal, `${where}: is on a read-only medium: that it is read is recorded nowhere`);
  };
}

/** An ArchiveError as the command line tells it; others as they are. */
export function told(error: unknown): unknown {
  if (!(error instanceof ArchiveError)) return error;
  const code = error instanceof AlreadyThere ? Exit.Usage : Exit.Failed;
  return new UserError(error.message, error.advice, code);
}
