import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { SERVICES_SCHEMA_PATH, servicesJsonSchema } from './json-schema.ts';
import { loadServices, servicesFromText } from './load-services.ts';
import { SERVICES_REFERENCE_PATH, servicesReference } from './reference.ts';

const top = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, top), 'utf8');

test('docs/services.md is up to date (npm run docs:services)', () => {
  const { catalogue } = loadServices([new URL('rules/services', top).pathname]);
  expect(catalogue && servicesReference(catalogue)).toBe(read(SERVICES_REFERENCE_PATH));
});

test('the schema for editors is up to date (npm run docs:services)', () => {
  expect(read(SERVICES_SCHEMA_PATH)).toBe(servicesJsonSchema());
});

test('the schema takes the shipped services and refuses a mistake', () => {
  const schema = z.fromJSONSchema(JSON.parse(servicesJsonSchema()));
  for (const name of readdirSync(new URL('rules/services/', top))) {
    const result = schema.safeParse(parse(read(`rules/services/${name}`)));
    expect(result.success ? [] : result.error.issues, name).toEqual([]);
  }
  expect(schema.safeParse({ sallyport: 1, services: [{ service: 'a', entry: [] }] }).success).toBe(
    false,
  );
});

test('the example of the reference is right', () => {
  const example = /```yaml\n# \/etc[^\n]*\n(sallyport: 1[\s\S]*?)```/.exec(
    read(SERVICES_REFERENCE_PATH),
  );
  const { catalogue, diagnostics } = servicesFromText(example?.[1] ?? '');
  expect(diagnostics).toEqual([]);
  expect(catalogue?.entries.map(({ activity }) => activity)).toEqual(['chat', 'media']);
});
