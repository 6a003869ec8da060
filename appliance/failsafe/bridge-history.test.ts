import { expect, test } from 'vitest';
import { NO_HISTORY, readHistory, writeHistory } from './bridge-history.ts';
import { bridgeName } from './bridge-name.ts';

test('what was written is read', () => {
  const history = { failovers: 12, last: 1_790_000_000_123, reason: 'handed-over' };
  expect(writeHistory(history)).toBe(
    'sallyport failovers=12 last=2026-09-21T14:13:20.123Z reason=handed-over',
  );
  expect(readHistory(writeHistory(history))).toEqual(history);
  expect(readHistory(writeHistory(NO_HISTORY))).toEqual(NO_HISTORY);
});

test.each(['', 'uplink to the office', 'sallyport failovers=x last=never reason='])(
  'anything else is no history: %j',
  (alias) => expect(readHistory(alias)).toEqual(NO_HISTORY),
);

test('a bridge is named after its ends, in at most 15 octets', () => {
  expect(bridgeName('eth1', 'eth2')).toBe('sp-eth1-eth2');
  expect(bridgeName('eth2', 'eth1')).toBe('sp-eth1-eth2');
  const long = bridgeName('enp129s0f0np0', 'enp129s0f1np1');
  expect(long).toMatch(/^sp-[0-9a-f]{12}$/);
  expect(bridgeName('enp129s0f0np0', 'enp129s0f1np2')).not.toBe(long);
});
