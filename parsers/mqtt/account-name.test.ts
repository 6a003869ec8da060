import { expect, test } from 'vitest';
import { cpuMilliseconds } from '../../test/support/cpu-time.ts';
import { accountName } from './account-name.ts';

const UUID = '5f2c1a9e-0b7d-4c3e-9a51-2f6d8e7b4c10';

test.each<[string, boolean, string | undefined]>([
  ['ann', true, 'ann'],
  ['ann', false, 'ann'],
  ['temperature-sensor-in-room-0042', false, 'temperature-sensor-in-room-0042'],
  ['hub.azure-devices.net/ann/?api-version=2021-04-12', true, 'hub.azure-devices.net/ann/'],
  ['ann?x-amz-customauthorizer-name=a&x-amz-customauthorizer-signature=s3cr3t', true, 'ann'],
  ['?x-amz-customauthorizer-signature=s3cr3t', false, undefined],
  ['SharedAccessSignature sr=hub&sig=s3cr3t&se=1', false, undefined],
  ['ann;token=s3cr3t', true, undefined],
  ['Bearer s3cr3t', true, undefined],
  ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.s3cr3t', true, undefined],
  ['FlespiToken s3cr3t', false, undefined],
  ['Q7tTzP0cBq3mVw9aLk2R', false, undefined],
  ['Q7tTzP0cBq3mVw9aLk2R', true, 'Q7tTzP0cBq3mVw9aLk2R'],
  [UUID, false, undefined],
  [UUID, true, UUID],
  ['', true, undefined],
])('%s (password: %s)', (user, hasPassword, name) => {
  expect(accountName(user, hasPassword)).toBe(name);
});

test('a long one costs little', () => {
  const started = cpuMilliseconds();
  for (const user of ['a'.repeat(65_535), 'token'.repeat(13_000), 'A1a'.repeat(21_000)])
    accountName(user, false);
  expect(cpuMilliseconds() - started).toBeLessThan(500);
});
