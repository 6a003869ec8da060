import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase64 } from './base64.ts';

const octets = (text: string) => new TextEncoder().encode(text);
const decode = (text: string) => decodeBase64(octets(text), 0, text.length);

test('RFC 4648 §10', () => {
  const rows = { '': '', 'Zg==': 'f', 'Zm8=': 'fo', Zm9v: 'foo', 'Zm9vYg==': 'foob' };
  for (const [text, want] of Object.entries(rows)) expect(decode(text)).toEqual(octets(want));
});

test('white space is read over, padding may be missing, "=" alone is nothing', () => {
  expect(decode(' Zm9v\r\n\tYmE= ')).toEqual(octets('fooba'));
  expect(decode('Zm8')).toEqual(octets('fo'));
  expect(decode('=')).toEqual(octets(''));
});

test('what is not base64 is undefined', () => {
  for (const text of ['Z', 'Zm9v!', 'Zg==Zg==', 'Zm9\0']) expect(decode(text)).toBeUndefined();
});

test('any octets come back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (whole) => {
      expect(decode(Buffer.from(whole).toString('base64'))).toEqual(whole);
    }),
  );
});
