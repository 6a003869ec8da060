/** `sallyport.yaml` to settings, and everything that is wrong or doubtful in it, with its place. */
import { closeSync, openSync, readSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { withoutBroken } from '../../rules/policy/salvage.ts';
import { type Diagnostic, Diagnostics, inOrder } from '../../rules/source/diagnostic.ts';
import { readShape } from '../../rules/source/shape.ts';
import { notText } from '../../rules/source/text-file.ts';
import { readYaml } from '../../rules/source/yaml-source.ts';
import { systemErrorText } from '../cli/user-error.ts';
import { checkArchive } from './check-archive.ts';
import { checkConfig, type Host } from './check-config.ts';
import { ConfigReader } from './config-reader.ts';
import { configFile } from './config-schema.ts';
import type { GatewaySettings } from './settings.ts';

/** Octets: a configuration is a page. */
const MAX_CONFIG_OCTETS = 1 << 20;

export interface ReadConfig {
  /** Absent when there is an error. */
  readonly settings?: GatewaySettings;
  /** By line and column. */
  readonly diagnostics: readonly Diagnostic[];
}

/** `host`: what is known of the machine that it is to run on; undefined: nothing is asked of it. */
export function readConfig(file: string, host?: Host): ReadConfig {
  return read(file, (text) => configFromText(text, file, host));
}

/** For who works on an archive alone: a file that is no whole configuration of a gateway will do. */
export function readArchiveConfig(file: string): ReadConfig {
  return read(file, (text) => configFromText(text, file, undefined, checkArchive));
}

function read(file: string, parse: (text: string) => ReadConfig): ReadConfig {
  const opened = open(file);
  if ('text' in opened) return parse(opened.text);
  const found = new Diagnostics();
  found.error({ file, line: 1, column: 1 }, 'cannot read this configuration', opened.fault);
  return { diagnostics: found.all };
}

export function configFromText(
  text: string,
  file = 'sallyport.yaml',
  host?: Host,
  check: typeof checkConfig = checkConfig,
): ReadConfig {
  const found = new Diagnostics();
  const source = readYaml(file, text, found);
  const top = 'the configuration';
  const written = source && readShape(configFile, source, found, { top, salvage: withoutBroken });
  if (source === undefined || written === undefined) return { diagnostics: inOrder(found.all) };
  if (!isMap(source.value)) return { diagnostics: found.all }; // it says nothing at all
  const resolve = (path: string) => (isAbsolute(path) ? path : join(dirname(file), path));
  const settings = new ConfigReader(written, source, found, resolve).read();
  check(settings, written, source, found, host);
  const diagnostics = inOrder(found.all);
  return found.failed ? { diagnostics } : { settings, diagnostics };
}

function open(file: string): { readonly text: string } | { readonly fault: string } {
  try {
    const octets = beginningOf(file);
    if (octets.length > MAX_CONFIG_OCTETS) return { fault: 'larger than 1 MiB' };
    const fault = notText(octets);
    return fault === undefined ? { text: octets.toString('utf8') } : { fault };
  } catch (error) {
    return { fault: systemErrorText(error) ?? String(error) };
  }
}

/** Whatever it is, and however long: no more than shows that it is too long. */
function beginningOf(file: string): Buffer {
  const octets = Buffer.alloc(MAX_CONFIG_OCTETS + 1);
  const fd = openSync(file, 'r');
  try {
    let length = 0;
    for (;;) {
      const read = readSync(fd, octets, length, octets.length - length, null);
      length += read;
      if (read === 0 || length === octets.length) return octets.subarray(0, length);
    }
  } finally {
    closeSync(fd);
  }
}

function isMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
