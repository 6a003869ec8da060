import { expect, test } from 'vitest';
import { crc32 } from './crc32.ts';
import { ascii } from './text.ts';

test.each([
  ['', 0],
  ['123456789', 0xcbf43926],
  ['The quick brown fox jumps over the lazy dog', 0x414fa339],
])('%j', (text, want) => {
  expect(crc32(ascii(text), 0, text.length) >>> 0).toBe(want);
  expect(crc32(ascii(`--${text}--`), 2, 2 + text.length) >>> 0).toBe(want);
});
