/** What in `archive:` contradicts itself, is dangerous, or does nothing. */
import type { Diagnostics } from '../../rules/source/diagnostic.ts';
import type { YamlSource } from '../../rules/source/yaml-source.ts';
import { readTarget } from '../archive/target.ts';
import { UserError } from '../cli/user-error.ts';
import type { ConfigFile } from './config-schema.ts';
import type { GatewaySettings } from './settings.ts';

export function checkArchive(
  { archive: { store, home, encryption, retention, purgeAt, files } }: GatewaySettings,
  { archive: written }: ConfigFile,
  source: YamlSource,
  found: Diagnostics,
): void {
  if (written === undefined) return;
  const at = (...path: (string | number)[]) => source.place(['archive', ...path]);
  if (store === undefined) {
    const hint = 'store: /var/lib/sallyport/archive.db';
    found.error(source.keyPlace(['archive']), "the archive lacks 'store'", hint);
  } else {
    const fault = faultOf(store, home);
    if (fault !== undefined) found.error(at('store'), fault.message, fault.hint);
  }
  const { keyFile, keyCommand, index } = encryption;
  if (keyFile !== undefined && keyCommand !== undefined) {
    found.error(at('encryption', 'key-command'), 'there are two keys', 'key-file or key-command');
  }
  if (written.encryption !== undefined && keyFile === undefined && keyCommand === undefined) {
    const hint = 'write key-file or key-command, or leave it out';
    found.error(at('encryption'), `there is no key: nothing would be encrypted`, hint);
  }
  if (index === 'off') {
    const hint = 'blind finds words without storing them';
    found.warn(at('encryption', 'index'), 'text will not be found by searching', hint);
  }
  const all = retention.findIndex(
    ({ service, group, tag }) => service === undefined && group === undefined && tag === undefined,
  );
  if (all !== -1 && all < retention.length - 1) {
    const hint = 'the first that fits holds: put it last';
    found.error(at('retention', all), 'the rules after this one never apply', hint);
  }
  if (written['purge-at'] !== undefined && purgeAt === undefined) {
    const what = `'${written['purge-at']}' is not a time of day`;
    found.error(at('purge-at'), what, "write '03:00'");
  }
  if (purgeAt !== undefined && retention.length === 0) {
    const hint = 'write retention, or leave it out';
    found.warn(at('purge-at'), 'there is no retention: nothing is ever purged', hint);
  }
  if (files.largest > files.total) {
    const hint = 'raise total, or lower largest';
    found.error(at('files'), 'the largest file is larger than all together', hint);
  }
}

function faultOf(store: string, home: string | undefined): UserError | undefined {
  try {
    readTarget(store, home);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}
