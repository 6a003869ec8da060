import { expect, test } from 'vitest';
import { hkdfExpandLabel, hkdfExtract } from './hkdf.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex');

test('RFC 5869 A.1: extract', () => {
  const secret = hkdfExtract(bytes('000102030405060708090a0b0c'), bytes('0b'.repeat(22)));
  expect(hex(secret)).toBe('077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5');
});

test('RFC 9001 A.1: secrets and keys of a client and of a server', () => {
  const salt = bytes('38762cf7f55934b34d179ae6a4c80cadccbb7f0a');
  const initial = hkdfExtract(salt, bytes('8394c8f03e515708'));
  expect(hex(initial)).toBe('7db5df06e7a69e432496adedb00851923595221596ae2ae9fb8115c1e9ed0a44');
  const client = hkdfExpandLabel(initial, 'client in', 32);
  expect(hex(client)).toBe('c00cf151ca5be075ed0ebfb5c80323c42d6b7db67881289af4008f1f6c357aea');
  expect(hex(hkdfExpandLabel(client, 'quic iv', 12))).toBe('fa044b2f42a3fd3b46fb255c');
  const server = hkdfExpandLabel(initial, 'server in', 32);
  expect(hex(server)).toBe('3c199828fd139efd216c155ad844cc81fb82fa8d7446fa7d78be803acdda951b');
});
