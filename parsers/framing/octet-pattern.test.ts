import { expect, test } from 'vitest';
import { hex } from '../../test/support/parser-harness.ts';
import { Probe } from '../contract.ts';
import { ANY, beginsWith, pattern } from './octet-pattern.ts';

test('what is written', () => {
  expect(pattern("57 . 'A.b' ff")).toEqual([0x57, ANY, 0x41, 0x2e, 0x62, 0xff]);
});

test.each([
  ['', Probe.More],
  ['57', Probe.More],
  ['57 00 41', Probe.Yes],
  ['57 ff 41 99', Probe.Yes],
  ['57 ff 42', Probe.No],
  ['58', Probe.No],
])('%s', (wire, want) => {
  expect(beginsWith(hex(wire), pattern('57 . 41'))).toBe(want);
});
