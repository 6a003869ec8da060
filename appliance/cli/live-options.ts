/** Options that `tap`, `inline` and `queue` share, and the settings that follow from them. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { readTarget } from '../archive/target.ts';
import { DEFAULT_ADMIN, DEFAULT_ARCHIVE, DEFAULT_SETTINGS } from '../config/default-settings.ts';
import { DEFAULT_OUTPUT } from '../config/outputs-reader.ts';
import type { ArchiveSettings, GatewaySettings, LogSettings } from '../config/settings.ts';
import { ARCHIVE_HELP, ARCHIVE_HOME_HELP } from './archive-help.ts';
import { wholeNumber } from './numbers.ts';
import { type ServiceOptions, serviceSettings } from './service-options.ts';
import { UserError } from './user-error.ts';

export const ECS_HELP =
  'add events to FILE in the Elastic Common Schema, for a SIEM (docs/siem.md)';

/** As commander hands them over. */
export interface LiveOptions extends ServiceOptions {
  /** False: --no-rules. */
  readonly rules?: readonly string[] | false;
  readonly directory?: string;
  readonly watch: boolean;
  readonly events?: string;
  readonly ecs?: string;
  readonly archive?: string;
  readonly archiveHome?: string;
  /** False: --no-admin. */
  readonly admin?: { readonly address: string; readonly port: number } | false;
  readonly tokenFile?: string;
  readonly workers?: number;
  readonly pin?: true;
  readonly user?: string;
  readonly logLevel?: LogSettings['level'];
  readonly logFormat?: LogSettings['format'];
}

/** Milliseconds: a bridge looks every 10 for what has waited too long. */
export const LEAST_HOLD = 10;
const MOST_WORKERS = 64;
export const MOST_RING = 4 * 2 ** 30 - 1;

/** Before the options of the command itself. */
export function addPolicyOptions(command: Command): Command {
  return command
    .option('--rules <PATH...>', 'rule files, or directories of them, instead of the shipped ones')
    .option('--no-rules', 'no policy: everything passes')
    .option(
      '--services <PATH...>',
      'service files, or directories of them, besides the shipped ones',
    )
    .option('--no-shipped-services', 'without the services that ship with Sallyport')
    .option('--no-services', 'no services: what cannot be read is not named')
    .option('--directory <FILE>', 'people and their accounts (YAML or CSV), for user conditions')
    .option(
      '--no-watch',
      'do not load rules and services again when a file changes (SIGHUP still does)',
    )
    .option('--events <FILE>', "add events as JSONL to FILE; '-' is standard output")
    .option('--ecs <FILE>', ECS_HELP)
    .option('--archive <WHERE>', ARCHIVE_HELP)
    .option('--archive-home <DIR>', ARCHIVE_HOME_HELP);
}

/** After them. */
export function addRunningOptions(command: Command): Command {
  const { address, port } = DEFAULT_ADMIN;
  return command
    .option('--workers <N>', 'threads that read packets', wholeNumber(1, MOST_WORKERS))
    .option('--pin', 'keep each worker on a CPU of its own (inline always does)')
    .addOption(
      new Option(
        '--admin <ADDR:PORT>',
        `address of metrics, health, reload (${address}:${port})`,
      ).argParser(listenAddress),
    )
    .option('--no-admin', 'no admin server')
    .option('--token-file <FILE>', 'file with the token that the admin server asks for')
    .option('--user <NAME>', 'become this user once everything is open')
    .addOption(
      new Option('--log-level <LEVEL>', 'what is logged').choices([
        'debug',
        'info',
        'warn',
        'error',
      ]),
    )
    .addOption(new Option('--log-format <FORMAT>', 'how it is logged').choices(['text', 'json']));
}

/** Settings but for what belongs to one mode. */
export function commonSettings(options: LiveOptions): GatewaySettings {
  const defaults = DEFAULT_SETTINGS;
  return {
    ...defaults,
    workers: options.workers ?? defaults.workers,
    pinWorkers: options.pin ?? defaults.pinWorkers,
    policy: {
      rules: options.rules === false ? [] : options.rules,
      directory: options.directory,
      services: serviceSettings(options),
      watch: options.watch,
    },
    eventsFile: options.events,
    outputs: options.ecs === undefined ? [] : [{ ...DEFAULT_OUTPUT, ...ecsFile(options.ecs) }],
    archive: archiveSettings(options),
    admin: {
      ...defaults.admin,
      listen: options.admin === false ? undefined : (options.admin ?? defaults.admin.listen),
      tokenFile: options.tokenFile,
    },
    user: options.user,
    log: {
      level: options.logLevel ?? defaults.log.level,
      // A terminal is read by people, everything else by programs.
      format: options.logFormat ?? defaults.log.format,
    },
  };
}

function ecsFile(file: string) {
  return { file, format: 'ecs' } as const;
}

/** Throws UserError. */
function archiveSettings({ archive, archiveHome }: LiveOptions): ArchiveSettings {
  if (archive !== undefined) readTarget(archive, archiveHome);
  else if (archiveHome !== undefined) {
    throw new UserError('--archive-home: there is no archive', 'Name it with --archive.');
  }
  return { ...DEFAULT_ARCHIVE, store: archive, home: archiveHome };
}

/** `127.0.0.1:9580`, `[::1]:9580`, `9580` (of 127.0.0.1). */
export function listenAddress(text: string): { address: string; port: number } {
  const parts = /^(?:\[([\da-fA-F:.]+)\]:|([^:[\]\s]+):)?(\d{1,5})$/.exec(text);
  const port = Number(parts?.[3]);
  if (parts === null || port < 1 || port > 65535) {
    throw new InvalidArgumentError('Expected address:port, such as 127.0.0.1:9580 or [::1]:9580.');
  }
  return { address: parts[1] ?? parts[2] ?? DEFAULT_ADMIN.address, port };
}
