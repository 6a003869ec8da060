/** The section `archive:` in base units, with defaults where it is silent. */
import { parseTimeOfDay } from '../../rules/source/quantity.ts';
import type { ArchiveSection } from './archive-schema.ts';
import type { BoundedValues } from './bounded-values.ts';
import { DEFAULT_ARCHIVE } from './default-settings.ts';
import type { ArchiveSettings } from './settings.ts';

const MiB = 2 ** 20;
const TiB = 2 ** 40;
const DAY = 86_400_000;
const THREAD_GAP = { least: 60_000, most: 30 * DAY, hint: '1m to 720h' };
const SPOOL = { least: 4 * MiB, most: 16 * TiB, hint: '4MiB to 16TiB' };
const EVERY = { least: 1000, most: DAY, hint: '1s to 24h' };
const FILES = { least: 1, most: 1024 * TiB, hint: 'at least 1' };

/** `resolve`: a path of the file as one of the process. */
export function readArchive(
  written: ArchiveSection = {},
  values: BoundedValues,
  resolve: (path: string) => string,
): ArchiveSettings {
  const preset = DEFAULT_ARCHIVE;
  const { store, home, spool = {}, checkpoints = {}, encryption = {}, files = {} } = written;
  const { 'key-file': keyFile } = encryption;
  const at = (...path: string[]) => ['archive', ...path];
  return {
    store: store === undefined || isAddress(store) ? store : resolve(store),
    home: home === undefined ? undefined : resolve(home),
    keep: written.keep ?? preset.keep,
    threadGap:
      values.milliseconds(written['thread-gap'], at('thread-gap'), THREAD_GAP) ?? preset.threadGap,
    spool: {
      size: values.octets(spool.size, at('spool', 'size'), SPOOL) ?? preset.spool.size,
      sync: spool.sync ?? preset.spool.sync,
    },
    checkpoints: {
      every:
        values.milliseconds(checkpoints.every, at('checkpoints', 'every'), EVERY) ??
        preset.checkpoints.every,
      records: checkpoints.records ?? preset.checkpoints.records,
    },
    encryption: {
      keyFile: keyFile === undefined ? undefined : resolve(keyFile),
      keyCommand: encryption['key-command'],
      index: encryption.index ?? preset.encryption.index,
    },
    retention: (written.retention ?? []).map(({ service, group, tag, days }) => {
      return { service, group, tag, days };
    }),
    purgeAt: written['purge-at'] === undefined ? undefined : parseTimeOfDay(written['purge-at']),
    files: {
      largest: values.octets(files.largest, at('files', 'largest'), FILES) ?? preset.files.largest,
      total: values.octets(files.total, at('files', 'total'), FILES) ?? preset.files.total,
    },
  };
}

function isAddress(store: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(store);
}
