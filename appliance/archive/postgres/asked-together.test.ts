import { expect, test } from 'vitest';
import { askTogether } from './asked-together.ts';

test('a query that is asked with many lists of values names their columns', () => {
  const { sql, values } = askTogether("SELECT id FROM t WHERE a = ? AND b > ? AND c <> '?'", [
    ['x', 1],
    ['a "quoted", \\ name', -2],
  ]);
  expect(sql).toContain('unnest(?::text[], ?::bigint[]) WITH ORDINALITY AS asked (v0, v1, n)');
  expect(sql).toContain(
    `(SELECT id FROM t WHERE a = asked.v0 COLLATE "C" AND b > asked.v1 AND c <> '?' OFFSET 0)`,
  );
  expect(values).toEqual([String.raw`{"x","a \"quoted\", \\ name"}`, '{1,-2}']);
});
