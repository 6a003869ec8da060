/** Hostile texts: ten times the text costs about ten times the time, never a hundred. */
import { describe, expect, test } from 'vitest';
import { ImEvent } from '../src/event/event.ts';
import { cpuMilliseconds } from '../test/support/cpu-time.ts';
import { PATTERN_NAMES, type PatternName } from './fields.ts';
import { globMatches } from './lists/glob.ts';
import { rulesFromText } from './load.ts';
import { findPattern } from './patterns/pattern.ts';

const SHORT = 100_000; // characters
const LONG = 1_000_000;
const TIMES = 40; // a quadratic cost is 100
const SPARE = 30; // milliseconds: what a busy machine may add

const FAST = 100; // milliseconds for the long text: no need to ask about the short one

function milliseconds(run: () => void): number {
  const start = cpuMilliseconds();
  run();
  return cpuMilliseconds() - start;
}

function expectLinear(run: (length: number) => void): void {
  const first = milliseconds(() => run(LONG));
  if (first < FAST) return;
  const short = Math.min(
    milliseconds(() => run(SHORT)),
    milliseconds(() => run(SHORT)),
  );
  const long = Math.min(
    first,
    milliseconds(() => run(LONG)),
  );
  expect(long, `${short.toFixed(1)} ms, then ${long.toFixed(1)} ms`).toBeLessThan(
    short * TIMES + SPARE,
  );
}

const HOSTILE: Readonly<Record<PatternName, readonly string[]>> = {
  'payment-card': ['4', '4 ', '41111111 ', '1\u200b'],
  iban: ['DE89 ', 'DE', 'DE 8 '],
  'us-ssn': ['1-', '123-45-', '41111111 '],
  email: ['@', 'a@', 'a.', 'a@b.'],
  phone: ['+1 ', '00 1', '1-'],
  'api-key': ['eyJ', 'xoxb-', 'sk-a', '-----BEGIN '],
};

describe.each(PATTERN_NAMES)('%s', (pattern) => {
  test.each(HOSTILE[pattern])('of %j', (piece) => {
    const text = piece.repeat(LONG / piece.length);
    expectLinear((length) => findPattern(pattern, text.slice(0, length), 1));
  });
});

const set = rulesFromText(`sallyport: 1
lists:
  terms: { words: [a, aa, aaa, 'a a', 'a a a', aaaaaaaa*, '*b', falcon] }
rules:
  - { id: words, on: message, if: { text: { words: terms, at-least: 8 } }, then: drop }
  - { id: nested, on: message, if: { text: { regex: '(a+)+\\$' } }, then: drop }
  - { id: literal, on: message, if: { text: { regex: 'aaa(a*)*b\\d' } }, then: drop }
  - { id: glob, on: message, if: { text: { glob: '*a*a*a*b' } }, then: drop }
  - { id: contains, on: message, if: { text: { contains: 'aaaaaaab' } }, then: drop }
`);

describe('words, expressions and globs', () => {
  test.each(['a', 'a ', 'á', '𝐚', 'aaa b'])('over %j', (piece) => {
    const { rules } = set;
    if (rules === undefined) throw new Error(JSON.stringify(set.diagnostics));
    const text = piece.repeat(LONG / piece.length);
    const event = new ImEvent('message');
    expectLinear((length) => {
      event.text = text.slice(0, length);
      rules.judge(event);
    });
  });
});

test('a glob of many stars gives up in bounded time', () => {
  const glob = `${'*a'.repeat(50)}b`;
  expect(milliseconds(() => globMatches(glob, 'a'.repeat(10_000)))).toBeLessThan(500);
});
