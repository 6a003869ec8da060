import { describe, expect, test } from 'vitest';
import { addWords, foldChecksum } from './checksum.ts';

const checksum = (...octets: number[]): number =>
  foldChecksum(addWords(Uint8Array.from(octets), 0, octets.length, 0));

describe('Internet checksum', () => {
  test.each([
    ['the example of RFC 1071 §3', [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7], 0x220d],
    ['nothing', [], 0xffff],
    ['an odd octet is padded with 0', [0x12], 0xedff],
    ['carries are added twice', [0xff, 0xff, 0xff, 0xff, 0x00, 0x01], 0xfffe],
    ['octets with their checksum', [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7, 0x22, 0x0d], 0],
  ])('%s', (_name, octets, expected) => {
    expect(checksum(...octets)).toBe(expected);
  });

  test('64 KiB of ones do not overflow', () => {
    expect(foldChecksum(addWords(new Uint8Array(65536).fill(255), 0, 65536, 0))).toBe(0);
  });

  test('a range and a sum to go on from', () => {
    const octets = Uint8Array.from([9, 9, 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7, 9]);
    const half = addWords(octets, 2, 6, 0);
    expect(foldChecksum(addWords(octets, 6, 10, half))).toBe(0x220d);
  });
});
