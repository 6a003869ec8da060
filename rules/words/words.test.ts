import { describe, expect, test } from 'vitest';
import { Hits } from '../match/hits.ts';
import { WordRecogniser } from '../match/word-recogniser.ts';
import { finish } from '../steps.ts';
import { fold } from './fold.ts';

function finds(words: readonly string[], text: string): boolean {
  const recogniser = new WordRecogniser();
  for (const word of words) recogniser.addWord(word, 0);
  finish(recogniser.building());
  const hits = new Hits(1);
  hits.begin();
  recogniser.recognise(text, hits);
  return hits.count(0) > 0;
}

describe('a word is found however it is spelled', () => {
  test.each([
    ['plain', 'the falcon flies'],
    ['upper case', 'FALCON'],
    ['full-width letters', 'ｆａｌｃｏｎ'],
    ['mathematical letters', '𝐟𝐚𝐥𝐜𝐨𝐧 and 𝒻𝒶𝓁𝒸ℴ𝓃'],
    ['circled letters', 'ⓕⓐⓛⓒⓞⓝ'],
    ['regional indicators', '🇫🇦🇱🇨🇴🇳'],
    ['accents', 'fálcön'],
    ['combining marks', 'f\u0336a\u0336l\u0336c\u0336o\u0336n\u0336'],
    ['zero-width spaces', 'fal\u200bc\u200don'],
    ['a soft hyphen', 'fal\u00adcon'],
    ['a word joiner and a variation selector', 'fal\u2060c\ufe0fon'],
    ['a right-to-left mark', 'fa\u200flcon'],
    ['Cyrillic look-alikes', 'fаlсоn'],
    ['Greek look-alikes', 'fαlcοn'],
    ['small capitals', 'ꜰᴀʟᴄᴏɴ'],
    ['spaces between letters', 'it is f a l c o n they say'],
    ['dots', 'f.a.l.c.o.n'],
    ['dashes', 'f-a-l-c-o-n'],
    ['underscores and stars', 'f_a_l_c_o_n f*a*l*c*o*n'],
    ['mixed separators', 'f.a-l c.o-n'],
    ['wide gaps', 'f - a - l - c - o - n'],
    ['a single letter before', 'a f a l c o n'],
    ['no-break spaces', 'f\u00a0a\u00a0l\u00a0c\u00a0o\u00a0n'],
    ['tags and look-alikes and spaces at once', 'F\u200b а.L с.О.N'.replace(' ', '.')],
  ])('%s', (_how, text) => expect(finds(['falcon'], text)).toBe(true));

  test.each([
    ['two words', 'project falcon', 'Project   FALCON'],
    ['across lines', 'project falcon', 'project\n\tfalcon'],
    ['written in one', 'project falcon', 'ProjectFalcon'],
    ['spaced out, words apart', 'project falcon', 'p r o j e c t  f a l c o n'],
    ['spaced out, in one', 'project falcon', 'p r o j e c t f a l c o n'],
    ['the beginning of a word', 'harass*', 'harassment'],
    ['the end of a word', '*port', 'export'],
    ['German sharp s', 'straße', 'STRASSE'],
    ['a Russian word', 'секрет', 'СЕКРЕТ!'],
    ['marks in a word', 'c++', 'I like c++ a lot'],
  ])('%s', (_how, word, text) => expect(finds([word], text)).toBe(true));
});

describe('a word is not found', () => {
  test.each([
    ['inside another', 'ass', 'class'],
    ['at the beginning of another', 'falcon', 'falconer'],
    ['at the end of another', 'falcon', 'gyrfalcon'],
    ['where it is another', 'falcon', 'falkon'],
    ['in two letters set apart', 'ab', 'a b'],
    ['cut by a letter', 'falcon', 'falxcon'],
    ['in nothing', 'falcon', ''],
  ])('%s', (_how, word, text) => expect(finds([word], text)).toBe(false));
});

test('folding each character alone or all together is the same', () => {
  for (let code = 0x20; code < 0x30000; code += code < 0x2200 ? 1 : 23) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const c = String.fromCodePoint(code);
    expect(fold(`x${c}y`)).toBe(`x${fold(c)}y`);
    expect(fold(c.toLowerCase()), `U+${code.toString(16)}`).toBe(fold(c));
  }
});

test('places of words are those of the original text', () => {
  const recogniser = new WordRecogniser();
  recogniser.addWord('falcon', 0);
  finish(recogniser.building());
  const at = (text: string) =>
    recogniser.find(text, 0, 10).map(({ start, end }) => text.slice(start, end));
  expect(at('a FALCON, a f\u200balcon\u200b and f a l c o n!')).toEqual([
    'FALCON',
    'f\u200balcon\u200b',
    'f a l c o n',
  ]);
  expect(at('𝐟𝐚𝐥𝐜𝐨𝐧')).toEqual(['𝐟𝐚𝐥𝐜𝐨𝐧']);
});
