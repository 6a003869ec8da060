import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpuMilliseconds } from '../../test/support/cpu-time.ts';
import { canonicalAddress, isAnonymous, nameAddress } from './sip-address.ts';

describe('the identity that a URI names', () => {
  test.each([
    ['sip:%41nn@Harbor.example:5060;transport=tcp?subject=x', 'ann@harbor.example'],
    ['im:ann@harbor.example', 'ann@harbor.example'],
    ['sips:ann:secret@harbor.example.', 'ann@harbor.example'],
    ['sip:ann;day=monday@harbor.example', 'ann@harbor.example'],
    ['sip:ann@[2001:DB8::1]:5060', 'ann@[2001:db8::1]'],
    ['sip:harbor.example', 'harbor.example'],
    ['sip:[fd01::183];lr', '[fd01::183]'],
    ['tel:+1-201-555-0123;phone-context=x', '+12015550123'],
    ['tel:122', '122'],
    ['urn:service:sos', 'urn:service:sos'],
    ['sip:a%zz@e', 'a%zz@e'],
    ['ann@e', 'ann@e'],
    ['sip:@e', 'e'],
    ['', undefined],
    ['sip:', undefined],
  ])('%s', (uri, address) => expect(canonicalAddress(uri)).toBe(address));
});

describe('a name and an address', () => {
  test.each([
    ['"Ann \\"A\\" <x>" <sip:ann@e>;tag=1;x="a;b"', 'ann@e', 'Ann "A" <x>', '1'],
    ['Ann Arbor <sip:ann@e;user=phone>', 'ann@e', 'Ann Arbor', undefined],
    ['sip:ann@e;tag=2', 'ann@e', undefined, '2'],
    ['<sip:ann@e', 'ann@e', undefined, undefined],
    ['nobody', 'nobody', undefined, undefined],
  ])('%s', (written, address, name, tag) => {
    const found = nameAddress(written);
    expect([found.address, found.name, found.parameters.get('tag')]).toEqual([address, name, tag]);
  });
});

test('nobody is nobody', () => {
  expect(isAnonymous('anonymous@anonymous.invalid')).toBe(true);
  expect(isAnonymous(undefined)).toBe(true);
  expect(isAnonymous('ann@e.example')).toBe(false);
});

test('any text gives an answer of bounded length, soon', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (text) => {
      expect((nameAddress(text).address ?? '').length).toBeLessThanOrEqual(513);
    }),
  );
  const before = cpuMilliseconds();
  for (const bad of ['<', '"', '\\"', ';a="', '@', ':', '%', ' ']) nameAddress(bad.repeat(60_000));
  expect(cpuMilliseconds() - before).toBeLessThan(3000);
});
