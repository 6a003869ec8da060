import { describe, expect, test } from 'vitest';
import { readTextQuery } from './text-query.ts';

const shown = (text: string) => {
  const { wanted, unwanted } = readTextQuery(text);
  const one = (mark: string) => (phrase: { words: readonly string[]; open: boolean }) =>
    `${mark}${phrase.words.join(' ')}${phrase.open ? '*' : ''}`;
  return [...wanted.map(one('')), ...unwanted.map(one('-'))];
};

describe('a question', () => {
  test.each<[text: string, phrases: readonly string[]]>([
    ['falcon meeting', ['falcon', 'meeting']],
    ['"falcon meeting"', ['falcon meeting']],
    ['“falcon meeting” now', ['falcon meeting', 'now']],
    ['"falcon meeting', ['falcon meeting']],
    ['a"b c"d', ['a', 'b c', 'd']],
    ['falc* "the fal"* "the fal*"', ['falc*', 'the fal*', 'the fal*']],
    ['x -lunch -"at noon"', ['x', '-lunch', '-at noon']],
    ['e-mail', ['e mail']],
    ['- x', ['x']],
    ['bob@example.com', ['bob example com']],
    ['会議', ['会 議']],
    ['x OR y AND NOT NEAR(z)', ['x', 'or', 'y', 'and', 'not', 'near z']],
  ])('%j', (text, phrases) => {
    expect(shown(text)).toEqual(phrases);
  });

  test.each<[text: string, why: RegExp]>([
    ['', /no word/],
    ['"" * -', /no word/],
    ['-x', /must not occur/],
    ['x'.repeat(1e6), /longer than/],
    ['x '.repeat(40), /more than 32/],
  ])('%.20j is refused', (text, why) => {
    expect(() => readTextQuery(text)).toThrow(why);
  });
});
