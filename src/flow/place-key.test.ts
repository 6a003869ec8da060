import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAddress } from './address-text.ts';
import { addressKeyOf } from './place-key.ts';

test('addresses have the keys of their words', () => {
  expect(addressKeyOf('192.0.2.1')).toBe(`${0xc0000201 | 0}`);
  expect(addressKeyOf('::ffff:192.0.2.1')).toBe(addressKeyOf('192.0.2.1'));
  expect(addressKeyOf('2001:db8::5')).toBe(`${0x20010db8} 0 0 5`);
  for (const none of ['', '1', '1.2.3', '1.2.3.4.5', '1..2.3', '256.0.0.1', '1.2.3.x', '.1.2.3']) {
    expect(addressKeyOf(none), none).toBeUndefined();
  }
});

test('property: every IPv4 address, as the library reads it', () => {
  const words = new Int32Array(4);
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      readAddress(address, words);
      return addressKeyOf(address) === `${words[3]}`;
    }),
  );
});
