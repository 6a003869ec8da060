import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { harmless } from './harmless.ts';

describe('what a terminal would obey, or would not show, is made visible', () => {
  test.each([
    ['colour', '\u001b[31mred', '␛[31mred'],
    ['title', '\u001b]0;pwned\u0007', '␛]0;pwned␇'],
    ['C1 control sequence introducer', '\u009b2J', '\\u{9b}2J'],
    ['line breaks', 'a\r\nb', 'a␍␊b'],
    ['tab', 'a\tb', 'a␉b'],
    ['delete', 'a\u007f', 'a␡'],
    ['bidirectional override', 'a\u202egpj.exe', 'a\\u{202e}gpj.exe'],
    ['isolate', '\u2066x\u2069', '\\u{2066}x\\u{2069}'],
    ['arabic letter mark', '\u061cx', '\\u{61c}x'],
    ['zero-width space', 'a\u200bb', 'a\\u{200b}b'],
    ['zero-width joiner between letters', 'a\u200db', 'a\\u{200d}b'],
    ['byte order mark', '\ufeffa', '\\u{feff}a'],
    ['line separator', 'a\u2028b', 'a\\u{2028}b'],
    ['soft hyphen', 'a\u00adb', 'a\\u{ad}b'],
    ['tag characters', 'a\u{e0041}', 'a\\u{e0041}'],
    ['lone surrogate', 'a\ud800', 'a\ufffd'],
    ['hangul filler', 'a\u3164b', 'a\\u{3164}b'],
  ])('%s', (_what, text, shown) => expect(harmless(text)).toBe(shown));
});

describe('what people write stays', () => {
  test.each([
    ['accents', 'Žluťoučký kůň'],
    ['right to left', 'שלום مرحبا'],
    ['wide', '你好'],
    ['emoji', '😀❤️👍🏽'],
    ['joined emoji', '👩‍💻👨‍👩‍👧'],
  ])('%s', (_what, text) => expect(harmless(text)).toBe(text));
});

const FORBIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}]/u;

test('no control, separator or bidirectional control ever comes out, and twice is once', () => {
  const hazard = fc.constantFrom(
    '\u001b',
    '\u009b',
    '\u202e',
    '\u2066',
    '\u200d',
    '\u2028',
    '\ud800',
    '😀',
    'a',
  );
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(hazard).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(hostile, (text) => {
      const shown = harmless(text);
      expect(shown).not.toMatch(FORBIDDEN);
      expect(harmless(shown)).toBe(shown);
    }),
    { numRuns: 1000 },
  );
});
