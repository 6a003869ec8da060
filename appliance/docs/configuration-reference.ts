/** The reference of `sallyport.yaml` and its JSON Schema, from what the reader knows. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../cli/package-root.ts';
import { AT_ONCE } from '../config/changed-settings.ts';
import { configFile } from '../config/config-schema.ts';

/** Relative to the repository. */
export const CONFIGURATION_PATH = 'docs/configuration.md';
export const CONFIGURATION_SCHEMA_PATH = 'docs/schema/sallyport.v1.schema.json';
export const EXAMPLE_PATH = 'appliance/deploy/sallyport.example.yaml';

type Schema = z.core.JSONSchema.BaseSchema;

export function configurationJsonSchema(): string {
  const schema = z.toJSONSchema(configFile, { io: 'input', target: 'draft-2020-12' });
  const required = ['sallyport', 'mode'];
  return `${JSON.stringify({ ...schema, required }, undefined, 2)}\n`;
}

export function configurationReference(): string {
  const schema = z.toJSONSchema(configFile, { io: 'input' });
  const sections = Object.entries(schema.properties ?? {}).map(
    ([name, property]) => [name, sectionOf(property, schema)] as const,
  );
  const plain = sections.filter(([, section]) => section === undefined);
  const top = plain.map(([name]) => row(name, name, schema.properties?.[name]));
  return [
    introduction(),
    '## Top level\n',
    HEAD,
    ...top,
    ...sections.flatMap(([name, section]) =>
      section === undefined ? [] : sectionLines(name, section, schema),
    ),
    '',
  ].join('\n');
}

const HEAD = '| setting | takes | default | at once | meaning |\n| --- | --- | --- | --- | --- |';

function sectionLines(name: string, section: Schema, whole: Schema): string[] {
  const rows = sectionRows('', name, section, whole);
  return [`\n## ${name}\n`, `${section.description ?? ''}\n`, HEAD, ...rows];
}

/** A section within a section is rows whose names say so: `spool.size`. */
function sectionRows(prefix: string, path: string, section: Schema, whole: Schema): string[] {
  return Object.entries(section.properties ?? {}).flatMap(([key, property]) => {
    const inner = sectionOf(property, whole);
    return inner === undefined
      ? [row(`${prefix}${key}`, `${path}.${key}`, property)]
      : sectionRows(`${prefix}${key}.`, `${path}.${key}`, inner, whole);
  });
}

/** The object that a property is, through its reference and beside `false`; undefined for a value. */
function sectionOf(
  property: Schema | boolean | undefined,
  whole: z.core.JSONSchema.BaseSchema,
): Schema | undefined {
  if (typeof property !== 'object') return undefined;
  if (property.$ref !== undefined) {
    const target = whole.$defs?.[property.$ref.replace('#/$defs/', '')];
    return typeof target === 'object' ? target : undefined;
  }
  const inner = property.anyOf
    ?.map((one) => sectionOf(one, whole))
    .find((one) => one !== undefined);
  if (inner !== undefined) return inner;
  return property.properties === undefined ? undefined : property;
}

function row(key: string, path: string, property: Schema | boolean | undefined): string {
  if (typeof property !== 'object') return '';
  const preset = property.default === undefined ? '–' : `\`${presetText(property.default, key)}\``;
  const atOnce = AT_ONCE.has(path) ? 'yes' : '–';
  return `| \`${key}\` | ${takes(property, key)} | ${preset} | ${atOnce} | ${property.description ?? ''} |`;
}

function presetText(preset: unknown, key: string): string {
  return key === 'mark' ? `0x${Number(preset).toString(16)}` : String(preset);
}

function takes(property: Schema, key: string): string {
  if (property.const !== undefined) return `\`${String(property.const)}\``;
  if (property.enum !== undefined) return property.enum.map((value) => `\`${value}\``).join(', ');
  if (property.type === 'boolean') return '`true`, `false`';
  if (property.type === 'array') return 'a list';
  if (property.type === 'integer') return numbers(property, key);
  const branches = branchesOf(property);
  const patterns = branches.flatMap(({ pattern }) => pattern ?? []);
  if (patterns.some((pattern) => pattern.includes('(ms|'))) return 'a duration';
  if (patterns.length > 0) return 'a size';
  if (branches.some(({ type }) => type === 'array')) return 'a path, or a list of them';
  if (key === 'listen') return 'address and port';
  if (key === 'store') return 'a path, or `postgres://…`';
  if (key === 'purge-at') return 'a time of day';
  return PATHS.has(key) ? 'a path' : 'a text';
}

const PATHS = new Set(['directory', 'events', 'token-file', 'home', 'encryption.key-file']);

function branchesOf(property: Schema): Schema[] {
  const branches = property.anyOf?.filter((one) => typeof one === 'object');
  return branches === undefined ? [property] : branches.flatMap(branchesOf);
}

function numbers({ minimum, maximum }: Schema, key: string): string {
  if (key === 'mark') return 'a number such as `0x10000000`';
  if (minimum === undefined || maximum === undefined || maximum === Number.MAX_SAFE_INTEGER) {
    return 'a number';
  }
  return `${minimum} to ${maximum}`;
}

function introduction(): string {
  const example = readFileSync(join(packageRoot(), EXAMPLE_PATH), 'utf8');
  return `# Configuration

*This page is made by \`npm run docs:config\` from what the program knows.*

\`sallyport run sallyport.yaml\` runs what one file says; \`sallyport check sallyport.yaml\` says first whether it
is right, what would run, and which rules that deployment cannot carry out. Every mistake is told at once, with
its line and column; an unknown key with the one that was probably meant. Paths are relative to the file.

Sizes are written \`64MiB\` (2^20 octets), \`14kB\` (10^3) or \`4096\`; durations \`200ms\`, \`1.5s\`, \`2m\`.

Editors complete and check the file with [its JSON Schema](schema/sallyport.v1.schema.json).

\`\`\`yaml
${example.trimEnd()}
\`\`\`

## Changing a running gateway

Configuration, rules, lists and directory are loaded again on SIGHUP (\`systemctl reload\`), through the admin
server, and, unless \`watch: false\`, when one of these files changes: also when it is replaced by renaming, and when
a folder appears later. A file counts as changed once it has stood still for a quarter of a second.

- It is all or nothing: with one mistake anywhere, what was in force stays in force, and the log says what is wrong.
- Files are read and checked in a thread of their own. Each worker compiles the new rules between its packets, in
  slices of half a millisecond that leave packets at least half of the time, and begins to judge by them between
  two packets. No packet is dropped and no connection reset; known contacts, rates and room members go on.
- Settings marked *at once* hold after a reload. What they need is made ready beside what runs: the new events file
  or port is open before the old one is closed, and where it cannot be had (a port in use, a folder that is not
  there) everything stays as it was. The log, and the answer of the admin server, name the settings that are in
  force now.
- Others choose interfaces, rings, threads and accounts and need a restart; they are named too, at every reload until
  there was one.
- Once a gateway has become another \`user\`, new files and ports must be open to that account.
`;
}
