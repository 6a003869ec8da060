import { expect, test } from 'vitest';
import type { ArchiveDatabase } from '../contract.ts';
import { Parties } from './parties.ts';

test('what changes while parties are looked up stays as it was changed', async () => {
  let answer = (_: { id: number; person: string }[][]) => {};
  const written: unknown[] = [];
  const database = {
    rowsOfEach: () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
    rows: async () => [{ id: 7, person: 'Ann' }],
    run: async (_: string, ...values: unknown[]) => written.push(values),
  } as unknown as ArchiveDatabase;
  const parties = new Parties();
  const looking = parties.prepare(database, [['irc', 'falcon']]);
  expect(await parties.find(database, 'irc', 'falcon', 'Ben')).toBe(7);
  await parties.flush(database);
  answer([[{ id: 7, person: 'Ann' }]]);
  await looking;
  await parties.find(database, 'irc', 'falcon', 'Ann');
  await parties.flush(database);
  expect(written).toEqual([
    ['Ben', 7],
    ['Ann', 7],
  ]);
});
