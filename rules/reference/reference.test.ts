import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { rulesJsonSchema, SCHEMA_PATH } from './json-schema.ts';
import { REFERENCE_PATH, rulesReference } from './reference.ts';

const top = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, top), 'utf8');

test('the reference is up to date (npm run docs:rules)', () => {
  expect(read(REFERENCE_PATH)).toBe(rulesReference());
});

test('the schema for editors is up to date (npm run docs:rules)', () => {
  expect(read(SCHEMA_PATH)).toBe(rulesJsonSchema());
});

test('the schema takes the shipped policies and refuses a mistake', () => {
  const schema = z.fromJSONSchema(JSON.parse(rulesJsonSchema()));
  const packs = readdirSync(new URL('rules/packs/', top)).filter((name) => name.endsWith('.yaml'));
  expect(packs.length).toBeGreaterThan(0);
  for (const name of packs) {
    const result = schema.safeParse(parse(read(`rules/packs/${name}`)));
    expect(result.success ? [] : result.error.issues, name).toEqual([]);
  }
  expect(schema.safeParse({ sallyport: 1, rulez: [] }).success).toBe(false);
  const rule = { id: 'a', on: 'mesage', also: 'log' };
  expect(schema.safeParse({ sallyport: 1, rules: [rule] }).success).toBe(false);
});

test('the example of the reference is right', async () => {
  const example = /```yaml\n(sallyport: 1[\s\S]*?)```/.exec(rulesReference())?.[1] ?? '';
  const { rulesFromSources } = await import('../load.ts');
  const people = 'people: [{ name: Alice, accounts: ["xmpp:a@corp.example"] }]';
  const attached = [
    { name: 'people.yaml', text: people },
    { name: 'lists/blocked.txt', text: '*@evil.example # all of them' },
  ].map(({ name, text }) => ({ from: 'x.yaml', name, opened: { file: name, text } }));
  const { diagnostics } = rulesFromSources({
    files: [{ file: 'x.yaml', text: example }],
    attached,
  });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
});
