import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpuMilliseconds } from '../../test/support/cpu-time.ts';
import { rtfText } from './rtf-text.ts';

describe('what is seen of RTF', () => {
  test.each([
    [
      'a message of Windows Messenger',
      '{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Tahoma;}}{\\colortbl;\\red0\\green0\\blue0;}\r\n\\viewkind4\\uc1\\pard\\cf1\\f0\\fs20 hello \\b there\\b0\\par\r\n}',
      'hello there\n',
    ],
    ['a word split by markup', '{\\rtf1 pro{\\b ject} fal\\i con}', 'project falcon'],
    [
      'escapes',
      "{\\rtf1 \\{caf\\'e9\\} \\u8364? \\u26159\\'3f\\\\ a\\~b\\tab c\\line d}",
      '{café} € 是\\ a b\tc\nd',
    ],
    ['for programs that know it', '{\\rtf1 a{\\*\\generator x;}b{\\info{\\title t}}c}', 'abc'],
    ['none', 'hello {\\b}', 'hello {\\b}'],
    ['cut off', '{\\rtf1 a{\\b b\\', 'ab'],
  ])('%s', (_, rtf, text) => expect(rtfText(rtf)).toBe(text));
});

test('any text gives an answer, soon', () => {
  fc.assert(
    fc.property(fc.string(), (rest) => {
      expect(typeof rtfText(`{\\rtf1 ${rest}`)).toBe('string');
    }),
  );
  const before = cpuMilliseconds();
  for (const part of ['{', '}', '\\', "\\'", '\\u', '\\a', '{\\*'])
    rtfText(`{\\rtf1${part.repeat(60_000)}`);
  expect(cpuMilliseconds() - before).toBeLessThan(3000);
});
