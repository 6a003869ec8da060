import { expect, test } from 'vitest';
import type { VerdictRecord } from '../event/event.ts';
import { Enforcement } from './enforcement.ts';
import { PASS } from './judge.ts';

test('replay stops nothing, and says so', () => {
  const wanted: VerdictRecord = Object.freeze({ action: 'drop', enforced: true, rule: 'r' });
  const enforcement = new Enforcement('replay');
  const record = enforcement.carryOut(wanted);
  expect(record).toEqual({
    action: 'drop',
    enforced: false,
    rule: 'r',
    why: 'replay reads a recording: nothing can be stopped',
  });
  expect(enforcement.carryOut(wanted)).toBe(record);
});

test('what the policy says of itself stays beside what the mode says', () => {
  const wanted: VerdictRecord = {
    action: 'redact',
    enforced: true,
    why: 'the markup shows it too',
  };
  expect(new Enforcement('replay').carryOut(wanted).why).toBe(
    'replay reads a recording: nothing can be stopped; the markup shows it too',
  );
});

test('what passes is as it was', () => {
  expect(new Enforcement('replay').carryOut(PASS)).toBe(PASS);
});
