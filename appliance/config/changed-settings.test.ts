import { expect, test } from 'vitest';
import { AT_ONCE, changedSettings, SETTING_NAMES, settingsAtOnce } from './changed-settings.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';
import { LIMIT_BOUNDS } from './limit-bounds.ts';
import type { GatewaySettings } from './settings.ts';

/** Every limit is set, so that each can be changed. */
const ALL: GatewaySettings = {
  ...DEFAULT_SETTINGS,
  limits: Object.fromEntries(Object.keys(LIMIT_BOUNDS).map((name) => [name, 1])),
};

test('nothing has changed where nothing has, whatever the order of keys', () => {
  const running = { ...DEFAULT_SETTINGS, limits: { flows: 1, sessions: 2 } };
  const next = structuredClone({ ...running, limits: { sessions: 2, flows: 1 } });
  expect(changedSettings(running, next)).toEqual([]);
});

test('a limit that is no longer written is a change', () => {
  const running = { ...DEFAULT_SETTINGS, limits: { sessions: 2 } };
  expect(changedSettings(running, DEFAULT_SETTINGS)).toEqual(['limits.sessions']);
  expect(settingsAtOnce(running, DEFAULT_SETTINGS).limits).toEqual({});
});

/** Every leaf of the settings, changed by itself. */
function* changes(of: object, path: readonly string[] = []): Generator<[string, GatewaySettings]> {
  for (const [key, value] of Object.entries(of)) {
    const here = [...path, key];
    const leaf =
      typeof value !== 'object' || value === null || Array.isArray(value) || key === 'listen';
    if (leaf) yield [here.join('.'), withChange(here)];
    else yield* changes(value, here);
  }
}

function withChange(path: readonly string[]): GatewaySettings {
  const next = structuredClone(ALL);
  let owner = next as unknown as Record<string, unknown>;
  for (const step of path.slice(0, -1)) owner = owner[step] as Record<string, unknown>;
  owner[path.at(-1) ?? ''] = ['changed'];
  return next;
}

test.each([...changes(ALL)])('a change of %s is one change, under its name', (_, next) => {
  const names = changedSettings(ALL, next);
  expect(names).toHaveLength(1);
  expect(changedSettings(next, ALL)).toEqual(names);
  // It is taken over exactly where the documentation says that it is.
  const inForce = settingsAtOnce(ALL, next);
  const takes = AT_ONCE.has(names[0] ?? '');
  expect(changedSettings(inForce, next)).toEqual(takes ? [] : names);
  expect(changedSettings(ALL, inForce)).toEqual(takes ? names : []);
});

test('what can change at once is a setting', () => {
  for (const name of AT_ONCE) expect(SETTING_NAMES).toContain(name);
});
