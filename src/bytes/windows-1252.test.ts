import { expect, test } from 'vitest';
import { utf8OrWindows1252 } from './text.ts';
import { windows1252 } from './windows-1252.ts';

test.each([
  [[0x80, 0x9f], '€Ÿ'],
  [[0x93, 0x51, 0x94, 0x95, 0x97], '“Q”•—'],
  [[0xe9, 0xff, 0xa0], 'éÿ\u00a0'],
  [[0x81, 0x8d, 0x8f, 0x90, 0x9d], '\u0081\u008d\u008f\u0090\u009d'],
])('%j is %s', (octets, text) => {
  expect(windows1252(Uint8Array.from(octets))).toBe(text);
});

test('every octet is one character, ASCII itself', () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  const text = windows1252(all);
  expect(text).toHaveLength(256);
  expect(text.slice(0, 128)).toBe(String.fromCharCode(...all.subarray(0, 128)));
  expect(new Set(text).size).toBe(256);
});

test('text that is not UTF-8 is read as windows-1252', () => {
  const octets = Uint8Array.from([0x41, 0x95, 0x42]);
  expect(utf8OrWindows1252(octets, 0, 3)).toBe('A•B');
});
