import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../cli/package-root.ts';
import { eventJsonSchema, eventReference } from './event-reference.ts';

const docs = join(packageRoot(), 'docs');

describe('generated files are up to date (npm run docs:events)', () => {
  test('docs/events.md', () => {
    expect(readFileSync(join(docs, 'events.md'), 'utf8')).toBe(eventReference());
  });

  test('docs/schema/event.v1.schema.json', () => {
    const file = join(docs, 'schema', 'event.v1.schema.json');
    expect(readFileSync(file, 'utf8')).toBe(eventJsonSchema());
  });
});

test('every field has a meaning and every kind a line', () => {
  const reference = eventReference();
  expect(reference).not.toMatch(/\|\s+\|$/m);
  expect(reference).not.toContain('undefined');
  expect(reference).toContain('| `file.complete` |');
});
