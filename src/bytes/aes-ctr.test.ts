import { expect, test } from 'vitest';
import { aesCtrDecrypt } from './aes-ctr.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
const PLAIN = '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51';
const COUNTER = bytes('f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff');
const KEY_256 = bytes('603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4');

test.each([
  [
    'F.5.2, AES-128',
    '2b7e151628aed2a6abf7158809cf4f3c',
    '874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff',
  ],
  [
    'F.5.6, AES-256',
    '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
    '601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5',
  ],
])('NIST SP 800-38A %s', (_, key, cipher) => {
  const open = aesCtrDecrypt(bytes(key), COUNTER, bytes(cipher));
  expect(Buffer.from(open ?? []).toString('hex')).toBe(PLAIN);
});

test('any number of octets, no padding', () => {
  const cipher = bytes('601ec313775789a5b7a7f504bbf3d228f443e3ca');
  expect(Buffer.from(aesCtrDecrypt(KEY_256, COUNTER, cipher) ?? []).toString('hex')).toBe(
    PLAIN.slice(0, 40),
  );
  expect(aesCtrDecrypt(KEY_256, COUNTER, new Uint8Array(0))).toHaveLength(0);
});

test.each([
  [0, 16],
  [24, 16],
  [33, 16],
  [32, 15],
  [32, 17],
])('a key of %i octets with a counter of %i is refused', (key, iv) => {
  expect(aesCtrDecrypt(new Uint8Array(key), new Uint8Array(iv), new Uint8Array(4))).toBeUndefined();
});
