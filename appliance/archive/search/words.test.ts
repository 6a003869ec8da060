import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { locateWords, TEXT_WORDS, WORD_CHARACTERS, words } from './words.ts';

describe('words', () => {
  test.each<[text: string, expected: string]>([
    ['Hello, World!', 'hello world'],
    ["Don't e-mail bob@example.com", 'don t e mail bob example com'],
    ['FALCÓN Ｆａｌｃｏｎ fal\u200bcon fal\u00adcon', 'falcon falcon falcon falcon'],
    ['Straße STRASSE ẞ', 'strasse strasse ss'],
    ['ΟΔΟΣ οδος', 'οδοσ οδοσ'],
    ['İstanbul ısı Søren Łódź', 'istanbul isi soren lodz'],
    ['Йод Ёж', 'иод еж'],
    ['שָׁלוֹם', 'שלום'],
    ['مُحَمَّد', 'محمد'],
    ['हिन्दी', 'हिन्दी'],
    ['会議は明日', '会 議 は 明 日'],
    ['ｶﾞ が', 'ガ が'],
    ['한국어 ok', '한 국 어 ok'],
    ['buy 🚀 now', 'buy 🚀 now'],
    ['a\ud800b', 'a b'],
    ['x²+½', 'x2 1 2'],
    ['', ''],
    ['\0\u001b[31m', '31m'],
  ])('%j', (text, expected) => {
    expect(words(text).join(' ')).toBe(expected);
    expect([...locateWords(text)].map(({ word }) => word).join(' ')).toBe(expected);
  });

  test('a long word is cut into words in a row, and nothing is lost', () => {
    for (const letter of ['a', 'ж']) {
      const found = words(letter.repeat(WORD_CHARACTERS * 2 + 3));
      expect(found.map(({ length }) => length)).toEqual([WORD_CHARACTERS, WORD_CHARACTERS, 3]);
    }
  });

  test('ends after TEXT_WORDS words, whatever the script', () => {
    expect(words('a '.repeat(TEXT_WORDS + 5))).toHaveLength(TEXT_WORDS);
    expect(words('議'.repeat(TEXT_WORDS + 5))).toHaveLength(TEXT_WORDS);
    expect([...locateWords('ж '.repeat(TEXT_WORDS + 5))]).toHaveLength(TEXT_WORDS);
  });

  test('folded words are their own words, and places give the same words', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const found = words(text);
        expect(words(found.join(' '))).toEqual(found);
        expect([...locateWords(text)].map(({ word }) => word)).toEqual(found);
      }),
    );
  });
});

describe('locateWords', () => {
  test.each<[text: string, word: string, place: string]>([
    ['say Falcón!', 'falcon', 'Falcón'],
    ['会議は明日', '議', '議'],
    ['fal\u200bcon', 'falcon', 'fal\u200bcon'],
    ['die Straße', 'strasse', 'Straße'],
    ['a-ＢＣ-d', 'bc', 'ＢＣ'],
  ])('%j has %j', (text, word, place) => {
    const found = [...locateWords(text)].find((located) => located.word === word);
    expect(text.slice(found?.start, found?.end)).toBe(place);
  });
});
