/** Words in the condition itself, and extensions with their dot. */
import { describe, expect, test } from 'vitest';
import { ImEvent } from '../src/event/event.ts';
import { checkRules } from './check/check-rules.ts';
import { rulesFromText } from './load.ts';
import { formatDiagnostic } from './source/diagnostic.ts';

function load(conditions: readonly string[], then = 'drop') {
  const rules = conditions.map(
    (condition, i) =>
      `  - { id: r${i}, on: [message, file.offer], if: ${condition}, then: ${then} }\n`,
  );
  const {
    rules: judge,
    policy,
    diagnostics,
  } = rulesFromText(`sallyport: 1\nrules:\n${rules.join('')}`);
  if (judge === undefined || policy === undefined) {
    throw new Error(diagnostics.map(formatDiagnostic).join('\n'));
  }
  return { judge, policy };
}
const say = (text: string) => Object.assign(new ImEvent('message'), { text });
const offer = (name: string) => Object.assign(new ImEvent('file.offer'), { file: { name } });

describe('words in the condition', () => {
  test.each([
    ['what an idiot', 'drop'],
    ['what an I.d.i.o.t', 'drop'],
    ['he harassed me', 'drop'],
    ['idiotic', 'pass'],
  ])('%s', (text, action) => {
    const { judge } = load(["{ text: { words: [idiot, 'harass*'] } }"]);
    expect(judge.judge(say(text)).action).toBe(action);
  });
  test('as many as at-least says', () => {
    const { judge } = load(['{ text: { words: [red, green, blue], at-least: 2 } }']);
    expect(judge.judge(say('red red')).action).toBe('pass');
    expect(judge.judge(say('red, blue')).action).toBe('drop');
  });
  test('the verdict names them', () => {
    const { judge } = load(['{ text: { words: [red, green] } }']);
    expect(judge.judge(say('so green')).matched).toEqual(['text has words of [red, green]: green']);
  });
  test('they are masked', () => {
    const { judge } = load(['{ text: { words: [idiot] } }'], 'redact');
    const event = say('you idiot');
    expect(judge.redactions(event, judge.judge(event))).toEqual([{ start: 4, end: 9 }]);
  });
  test('other words are another condition, the same words the same', () => {
    const one = '{ text: { words: [red, blue] } }';
    expect(checkRules(load([one, '{ text: { words: [green] } }']).policy)).toEqual([]);
    expect(checkRules(load([one, '{ text: { words: [blue, red] } }']).policy)).toHaveLength(1);
  });
});

describe('extensions with their dot', () => {
  test.each([
    ['.exe'],
    ['[.scr, .EXE]'],
    ['{ is: .exe }'],
    ['{ in: [.exe] }'],
    ['{ glob: .ex? }'],
    ['{ starts: .ex }'],
    ['exe'],
  ])('%s', (extension) => {
    const { judge } = load([`{ file.extension: ${extension} }`]);
    expect(judge.judge(offer('game.exe')).action).toBe('drop');
    expect(judge.judge(offer('game.txt')).action).toBe('pass');
  });
});
