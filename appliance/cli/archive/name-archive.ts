/** Which archive a command line means, without opening it. */
import { type ArchiveTarget, readTarget } from '../../archive/target.ts';
import { readArchiveConfig } from '../../config/read-config.ts';
import type { ArchiveSettings } from '../../config/settings.ts';
import { counted } from '../../report/amounts.ts';
import { diagnosticLines } from '../diagnostic-lines.ts';
import type { Terminal } from '../terminal.ts';
import { UserError } from '../user-error.ts';
import type { ArchiveOptions } from './archive-options.ts';

export interface NamedArchive {
  readonly target: ArchiveTarget;
  /** As it was written: FILE.db or postgres://…; readTarget has refused passwords in it. */
  readonly where: string;
  /** Of --config; undefined: there was none, or it has no archive. */
  readonly settings: ArchiveSettings | undefined;
}

/**
 * What is written on the command line wins, then the file it names, then the environment.
 * Throws UserError.
 */
export function nameArchive(
  { archive, archiveHome, config }: Pick<ArchiveOptions, 'archive' | 'archiveHome' | 'config'>,
  terminal: Terminal,
  environment: string | null = process.env.SALLYPORT_ARCHIVE || null,
): NamedArchive {
  const settings = config === undefined ? undefined : archiveSettings(config, terminal);
  const where = archive ?? settings?.store ?? environment;
  if (where === null) {
    throw new UserError(
      config === undefined
        ? 'which archive?'
        : `${config}: has no archive (section archive:, store)`,
      'Name one with --archive FILE.db, --archive postgres://host/database or --config sallyport.yaml.',
    );
  }
  const configuredHome = archive === undefined ? settings?.home : undefined;
  return { target: readTarget(where, archiveHome ?? configuredHome), where, settings };
}

function archiveSettings(file: string, terminal: Terminal): ArchiveSettings {
  const { settings, diagnostics } = readArchiveConfig(file);
  if (settings !== undefined) return settings.archive;
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  for (const line of diagnosticLines(errors, terminal.errorPaint)) terminal.errors.line(line);
  terminal.errors.flush();
  throw new UserError(`the configuration is wrong: ${counted(errors.length, 'error')}`);
}
