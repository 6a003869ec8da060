import { expect, test } from 'vitest';
import { onlyWindows1250, toWindows1250, windows1250 } from './windows-1250.ts';

const ALL = Uint8Array.from({ length: 256 }, (_, i) => i);

test('every octet is what ICU says, where it says something', () => {
  expect(windows1250(ALL)).toBe(new TextDecoder('windows-1250').decode(ALL));
});

test('Polish letters and punctuation', () => {
  const text = 'zażółć gęślą jaźń, ZAŻÓŁĆ „…” – €';
  const octets = toWindows1250(text);
  expect(octets.slice(0, 6)).toEqual(Uint8Array.of(0x7a, 0x61, 0xbf, 0xf3, 0xb3, 0xe6));
  expect(windows1250(octets)).toBe(text);
  expect(onlyWindows1250(text)).toBe(text);
});

test('what it does not have is a question mark, one for a character', () => {
  expect(windows1250(toWindows1250('a⚓🙂b'))).toBe('a??b');
  expect(onlyWindows1250('a⚓🙂b')).toBe('ab');
});
