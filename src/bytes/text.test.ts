import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ascii, spells, startsWith, utf8, utf8OrWindows1252, utf8Prefix } from './text.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function isUtf8(octets: Uint8Array): boolean {
  try {
    strict.decode(octets);
    return true;
  } catch {
    return false;
  }
}

describe('utf8Prefix', () => {
  test.each([
    ['ASCII', [0x61, 0x7f], 2],
    ['two, three and four octets', [0xc2, 0x80, 0xe0, 0xa0, 0x80, 0xf0, 0x90, 0x80, 0x80], 9],
    ['the last character of all', [0xf4, 0x8f, 0xbf, 0xbf], 4],
    ['beyond it', [0xf4, 0x90, 0x80, 0x80], 0],
    ['overlong', [0x61, 0xc0, 0x80], 1],
    ['overlong in three', [0xe0, 0x9f, 0xbf], 0],
    ['a surrogate', [0xed, 0xa0, 0x80], 0],
    ['a lone continuation', [0x61, 0x80], 1],
    ['cut off', [0x61, 0xe2, 0x82], 1],
  ])('%s', (_name, octets, want) => {
    expect(utf8Prefix(Uint8Array.from(octets), 0, octets.length)).toBe(want);
  });

  test('agrees with the decoder, and what it leaves is no character', () => {
    const octet = fc.oneof(
      fc.constantFrom(0x61, 0x80, 0xbf, 0xc3, 0xe2, 0xed, 0xf0, 0xf4),
      fc.nat(255),
    );
    fc.assert(
      fc.property(fc.array(octet, { maxLength: 12 }), (list) => {
        const octets = Uint8Array.from(list);
        const end = utf8Prefix(octets, 0, octets.length);
        expect(end === octets.length).toBe(isUtf8(octets));
        expect(isUtf8(octets.subarray(0, end))).toBe(true);
      }),
    );
  });
});

test('text that is no UTF-8 is windows-1252; a byte order mark stays', () => {
  const range = (...octets: number[]) =>
    utf8OrWindows1252(Uint8Array.from(octets), 0, octets.length);
  expect([range(0xc3, 0xa9), range(0xe9), range(0x80)]).toEqual(['é', 'é', '€']);
  expect(utf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61), 0, 4)).toBe('\ufeffa');
});

test('words', () => {
  const buffer = ascii('xPrivMsg ');
  expect(spells(buffer, 1, 8, ascii('PRIVMSG'))).toBe(true);
  expect(spells(buffer, 1, 9, ascii('PRIVMSG'))).toBe(false);
  expect(startsWith(buffer, 1, ascii('Priv'))).toBe(true);
  expect(startsWith(buffer, 6, ascii('sg x'))).toBe(false);
});
