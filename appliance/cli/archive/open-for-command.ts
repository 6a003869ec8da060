/** Opens the archive that a command line names, for as long as the command needs it. */
import type { Archive, OpenOptions } from '../../archive/archive.ts';
import { ArchiveError } from '../../archive/archive-error.ts';
import { recordAudit } from '../../archive/evidence/audit.ts';
import { openArchive } from '../../archive/open-archive.ts';
import { type ArchiveTarget, readTarget } from '../../archive/target.ts';
import { openVault } from '../../archive/vault/open-vault.ts';
import { readConfig } from '../../config/read-config.ts';
import type { ArchiveSettings } from '../../config/settings.ts';
import { counted } from '../../report/amounts.ts';
import { diagnosticLines } from '../diagnostic-lines.ts';
import type { Terminal } from '../terminal.ts';
import { Exit, UserError } from '../user-error.ts';
import type { ArchiveOptions } from './archive-options.ts';

export interface NamedArchive {
  readonly target: ArchiveTarget;
  /** Of --config; undefined: there was none, or it has no archive. */
  readonly settings: ArchiveSettings | undefined;
}

export interface OpenedArchive extends NamedArchive {
  readonly archive: Archive;
  /**
   * Records who did what, with --why. To be awaited before anything of the archive is shown or done: where it
   * cannot be recorded it throws, and the command ends.
   */
  audit(action: string, details?: Readonly<Record<string, unknown>>): Promise<void>;
}

/** Which archive is meant, without opening it. Throws UserError. */
export function nameArchive(options: ArchiveOptions, terminal: Terminal): NamedArchive {
  const settings =
    options.config === undefined ? undefined : archiveSettings(options.config, terminal);
  // What is written on the command line wins, then the file it names, then the environment.
  const environment = process.env.SALLYPORT_ARCHIVE || undefined;
  const where = options.archive ?? settings?.store ?? environment;
  if (where === undefined) {
    throw new UserError(
      options.config === undefined
        ? 'which archive?'
        : `${options.config}: has no archive (section archive:, store)`,
      'Name one with --archive FILE.db, --archive postgres://host/database or --config sallyport.yaml.',
    );
  }
  const configuredHome = options.archive === undefined ? settings?.home : undefined;
  return { target: readTarget(where, options.archiveHome ?? configuredHome), settings };
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
  return new UserError(error.message, error.advice, Exit.Failed);
}

function archiveSettings(file: string, terminal: Terminal): ArchiveSettings {
  const { settings, diagnostics } = readConfig(file);
  if (settings !== undefined) return settings.archive;
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  for (const line of diagnosticLines(errors, terminal.errorPaint)) terminal.errors.line(line);
  terminal.errors.flush();
  throw new UserError(`the configuration is wrong: ${counted(errors.length, 'error')}`);
}
