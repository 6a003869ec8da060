import { expect, test } from 'vitest';
import { Order, type WatchdogSettings } from './watchdog-protocol.ts';
import { readSettings, SETTINGS_OCTETS, settingsOrder } from './watchdog-settings.ts';

const cases: readonly WatchdogSettings[] = [
  { onFailure: 'open', onStop: 'closed', timeout: 100, logFormat: 'json' },
  { onFailure: 'closed', onStop: 'open', timeout: 10_000, logFormat: 'text' },
  { onFailure: 'open', onStop: 'open', timeout: 256, logFormat: 'text' },
  { onFailure: 'closed', onStop: 'closed', timeout: 511, logFormat: 'json' },
];

test.each(cases)('%j comes out as it went in', (settings) => {
  const [order, ...octets] = settingsOrder(settings);
  expect(order).toBe(Order.Settings);
  expect(octets).toHaveLength(SETTINGS_OCTETS);
  expect(readSettings(octets)).toEqual(settings);
});
