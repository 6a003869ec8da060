import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../config/default-settings.ts';
import { type Changeable, changedBy, changeOver } from './change-over.ts';

function parts(...faults: (string | undefined)[]) {
  const done: string[] = [];
  const made = faults.map((fault, i): Changeable => {
    return {
      prepare: async () => {
        done.push(`prepare ${i}`);
        if (fault !== undefined) throw new Error(fault);
        return {
          commit: () => void done.push(`commit ${i}`),
          discard: async () => void done.push(`discard ${i}`),
        };
      },
    };
  });
  return { made, done };
}

test('nobody goes over before all are ready', async () => {
  const { made, done } = parts(undefined, undefined);
  expect(await changeOver(made, DEFAULT_SETTINGS)).toEqual([]);
  expect(done).toEqual(['prepare 0', 'prepare 1', 'commit 0', 'commit 1']);
});

test('where one cannot, those before it undo what they did, the last first, and nobody goes over', async () => {
  const { made, done } = parts(undefined, undefined, 'the port is in use', undefined);
  expect(await changeOver(made, DEFAULT_SETTINGS)).toEqual(['the port is in use']);
  expect(done).toEqual(['prepare 0', 'prepare 1', 'prepare 2', 'discard 1', 'discard 0']);
});

test('what can change at any time changes last', async () => {
  const { made } = parts('no');
  const seen: string[] = [];
  const simple = changedBy(({ mode }) => void seen.push(mode));
  await changeOver([simple, ...made], DEFAULT_SETTINGS);
  expect(seen).toEqual([]);
  await changeOver([simple], DEFAULT_SETTINGS);
  expect(seen).toEqual(['tap']);
});
