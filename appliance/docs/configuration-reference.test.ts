import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { DEFAULT_LIMITS } from '../../src/limits.ts';
import { SETTING_NAMES } from '../config/changed-settings.ts';
import { configFile } from '../config/config-schema.ts';
import { DEFAULT_SETTINGS } from '../config/default-settings.ts';
import { LIMIT_BOUNDS } from '../config/limit-bounds.ts';
import { configFromText, readConfig } from '../config/read-config.ts';
import {
  CONFIGURATION_PATH,
  CONFIGURATION_SCHEMA_PATH,
  configurationJsonSchema,
  configurationReference,
  EXAMPLE_PATH,
} from './configuration-reference.ts';

const top = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, top), 'utf8');

test('the reference is up to date (npm run docs:config)', () => {
  expect(read(CONFIGURATION_PATH)).toBe(configurationReference());
});

test('the schema for editors is up to date (npm run docs:config)', () => {
  expect(read(CONFIGURATION_SCHEMA_PATH)).toBe(configurationJsonSchema());
});

test('the schema takes the example and refuses a mistake', () => {
  const schema = z.fromJSONSchema(JSON.parse(read(CONFIGURATION_SCHEMA_PATH)));
  const example: unknown = parse(read(EXAMPLE_PATH));
  expect(schema.safeParse(example).success).toBe(true);
  expect(schema.safeParse({ ...Object(example), mode: 'bridge' }).success).toBe(false);
  expect(schema.safeParse({ ...Object(example), wokers: 2 }).success).toBe(false);
  expect(
    schema.safeParse({ ...Object(example), inline: { 'hold-time': '5 apples' } }).success,
  ).toBe(false);
});

test('the example is right, without a doubt', () => {
  const { settings, diagnostics } = readConfig(new URL(EXAMPLE_PATH, top).pathname);
  expect(diagnostics).toEqual([]);
  expect(settings).toMatchObject({ mode: 'inline', interfaces: ['eth1', 'eth2'], workers: 1 });
});

/** Every setting of the schema with its default, as a file would have it. */
function presets(schema: z.core.JSONSchema.BaseSchema, whole = schema): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (typeof property !== 'object') continue;
    const ref = property.$ref ?? property.anyOf?.map((one) => Object(one).$ref).find(Boolean);
    const section = ref === undefined ? undefined : whole.$defs?.[ref.replace('#/$defs/', '')];
    if (typeof section === 'object') found[name] = presets(section, whole);
    else if (property.default !== undefined) found[name] = property.default;
  }
  return found;
}

test('the defaults that are told are those that hold', () => {
  const written = presets(z.toJSONSchema(configFile, { io: 'input' }));
  expect(Object.keys(Object(written.limits))).toHaveLength(Object.keys(DEFAULT_LIMITS).length);
  // An archive has a place, and encryption a key: those have no default.
  const section = Object(written.archive);
  const encryption = { ...Object(section.encryption), 'key-file': '/k' };
  const archive = { ...section, store: '/a.db', encryption };
  const file = { ...written, archive, sallyport: 1, mode: 'tap', interfaces: ['eth1'] };
  const { settings } = configFromText(JSON.stringify(file));
  expect(settings?.limits).toEqual(DEFAULT_LIMITS);
  const preset = DEFAULT_SETTINGS.archive;
  expect({ ...settings, limits: {} }).toEqual({
    ...DEFAULT_SETTINGS,
    interfaces: ['eth1'],
    archive: {
      ...preset,
      store: '/a.db',
      encryption: { ...preset.encryption, keyFile: '/k' },
    },
  });
});

test('every limit of the engine has its place', () => {
  expect(Object.keys(LIMIT_BOUNDS).sort()).toEqual(Object.keys(DEFAULT_LIMITS).sort());
});

/** Leaves of the schema, sections within sections too. */
function settingNames(
  of: z.core.JSONSchema.BaseSchema,
  whole: z.core.JSONSchema.BaseSchema,
  prefix: string,
): string[] {
  return Object.entries(of.properties ?? {}).flatMap(([name, property]) => {
    const ref =
      Object(property).$ref ??
      Object(property)
        .anyOf?.map((one: object) => Object(one).$ref)
        .find(Boolean);
    const section = ref === undefined ? undefined : whole.$defs?.[ref.replace('#/$defs/', '')];
    if (typeof section !== 'object') return [`${prefix}${name}`];
    return settingNames(section, whole, `${prefix}${name}.`);
  });
}

test('every setting is known to a reload by the name it has in the file', () => {
  const schema = z.toJSONSchema(configFile, { io: 'input' });
  const names = settingNames(schema, schema, '');
  expect(names.filter((name) => name !== 'sallyport').sort()).toEqual([...SETTING_NAMES].sort());
});
