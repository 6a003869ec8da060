import { expect, test } from 'vitest';
import { AT_ONCE, changedSettings, SETTING_NAMES } from './changed-settings.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';
import type { GatewaySettings } from './settings.ts';

test('nothing has changed where nothing has, whatever the order of keys', () => {
  const running = { ...DEFAULT_SETTINGS, limits: { flows: 1, sessions: 2 } };
  const next = structuredClone({ ...running, limits: { sessions: 2, flows: 1 } });
  expect(changedSettings(running, next)).toEqual([]);
});

/** Every leaf of the settings, changed by itself. */
function* changes(of: object, path: readonly string[] = []): Generator<[string, GatewaySettings]> {
  for (const [key, value] of Object.entries(of)) {
    const here = [...path, key];
    const leaf =
      typeof value !== 'object' ||
      value === null ||
      Array.isArray(value) ||
      key === 'listen' ||
      key === 'limits';
    if (leaf) yield [here.join('.'), withChange(here)];
    else yield* changes(value, here);
  }
}

function withChange(path: readonly string[]): GatewaySettings {
  const next = structuredClone(DEFAULT_SETTINGS);
  let owner = next as unknown as Record<string, unknown>;
  for (const step of path.slice(0, -1)) owner = owner[step] as Record<string, unknown>;
  owner[path.at(-1) ?? ''] = ['changed'];
  return next;
}

test.each([...changes(DEFAULT_SETTINGS)])(
  'a change of %s is one change, under its name',
  (_, next) => {
    const names = changedSettings(DEFAULT_SETTINGS, next);
    expect(names).toHaveLength(1);
    expect(changedSettings(next, DEFAULT_SETTINGS)).toEqual(names);
  },
);

test('what can change at once is a setting', () => {
  for (const name of AT_ONCE) expect(SETTING_NAMES).toContain(name);
});
