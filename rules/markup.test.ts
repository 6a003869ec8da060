/** Rules on `text` see what stands in `markup` as well. */
import { describe, expect, test } from 'vitest';
import { ImEvent } from '../src/event/event.ts';
import { type CompiledRules, IN_MARKUP } from './compile.ts';
import { rulesFromText } from './load.ts';
import { redact } from './match/redact.ts';
import { formatDiagnostic } from './source/diagnostic.ts';

const LISTS =
  'lists: { terms: { words: [falcon, kite] }, allowed: { values: ["hello", "good *"] } }\n';

function load(condition: string, action = 'drop'): CompiledRules {
  const text = `sallyport: 1\n${LISTS}rules:\n  - { id: r, on: message, if: ${condition}, then: ${action} }\n`;
  const { rules, diagnostics } = rulesFromText(text);
  if (rules === undefined) throw new Error(diagnostics.map(formatDiagnostic).join('\n'));
  return rules;
}

function say(text: string | undefined, markup?: string): ImEvent {
  return Object.assign(new ImEvent('message'), { text, markup });
}

const CARD = '4111 1111 1111 1111';

describe('positive conditions hold if any of it fits', () => {
  test.each<[string, string]>([
    ['{ text: { words: terms } }', 'fal<b>con</b>'],
    ['{ text: { words: terms } }', 'f a l c o n'],
    ['{ text: { words: terms, at-least: 2 } }', 'a kite and a falc&#111;n'],
    ['{ text: { pattern: payment-card } }', '4111<i> 1111</i> 1111 1111'],
    ['{ text: { pattern: payment-card } }', `<a title="${CARD}">x</a>`],
    ['{ text: { regex: "evil[.]example/[0-9]+" } }', '<a href="https://evil.example/42">here</a>'],
    ['{ text: { contains: "evil.example" } }', '<a href="https://evil.example/42">here</a>'],
    ['{ text: { starts: "https://" } }', '<a href="https://evil.example/42">here</a>'],
    ['{ text: { ends: "/42" } }', '<a href="https://evil.example/42">here</a>'],
    ['{ text: { glob: "*evil*" } }', 'an e<b>vil</b> thing'],
    ['{ text: "sell now" }', '<p>sell now</p>'],
    ['{ text: { in: [sell, buy] } }', '<b>buy</b>'],
    ['{ text: { contains: "now" , case: true } }', 'sell <b>now</b>'],
  ])('%s sees %s', (condition, markup) => {
    const rules = load(condition);
    expect(rules.judge(say('hello')).action).toBe('pass');
    expect(rules.judge(say('hello', markup)).action).toBe('drop');
    expect(rules.judge(say(undefined, markup)).action).toBe('drop');
    expect(rules.judge(say('hello', '<b>hello</b>')).action).toBe('pass');
  });

  test('two words count once each, wherever they stand', () => {
    const rules = load('{ text: { words: terms, at-least: 2 } }');
    expect(rules.judge(say('a falcon', 'FALCON')).action).toBe('pass');
    expect(rules.judge(say('a falcon', 'kite')).action).toBe('drop');
  });

  test('a phrase does not reach from the text into the markup', () => {
    const rules = load('{ text: { contains: "hello world" } }');
    expect(rules.judge(say('hello', 'world')).action).toBe('pass');
  });
});

describe('negative conditions are safe to deny by and, with not:, to allow by', () => {
  test('not-in holds as soon as something that is shown is not in the list', () => {
    const deny = load('{ text: { not-in: allowed } }');
    expect(deny.judge(say('hello')).action).toBe('pass');
    expect(deny.judge(say('hello', '<b>hello</b>')).action).toBe('pass');
    expect(deny.judge(say('hello', 'good morning')).action).toBe('pass');
    expect(deny.judge(say('hello', 'secret')).action).toBe('drop');
    expect(deny.judge(say('hello', '<a href="x:y">hello</a>')).action).toBe('drop');
  });
  test('not: holds only where nothing that is shown fits', () => {
    const allow = load('{ not: { text: { contains: secret } } }', 'reset');
    expect(allow.judge(say('hello')).action).toBe('reset');
    expect(allow.judge(say('hello', 'sec<b>ret</b>')).action).toBe('pass');
    expect(allow.judge(say('secret', 'hello')).action).toBe('pass');
  });
});

describe('redaction', () => {
  const rules = load('{ text: { pattern: payment-card } }', 'redact');

  test('in the text alone', () => {
    const event = say(`pay ${CARD}`, 'the same in another language');
    const verdict = rules.judge(event);
    expect(verdict.why).toBeUndefined();
    expect(rules.masksAll(event, verdict)).toBe(true);
    expect(redact(`pay ${CARD}`, rules.redactions(event, verdict))).toBe('pay **** **** **** ****');
  });
  test.each([
    ['another body', 'hello', CARD],
    ['both', CARD, `<b>${CARD}</b>`],
    ['formatting codes', CARD, `4111\u0002 1111 1111 1111`],
    ['nothing else', undefined, CARD],
  ])('says that masking the text is not enough: %s', (_where, text, markup) => {
    const event = say(text, markup);
    const verdict = rules.judge(event);
    expect(verdict).toMatchObject({ action: 'redact', why: IN_MARKUP });
    expect(verdict.matched).toEqual(['text holds payment-card ••••1111']);
    expect(rules.masksAll(event, verdict)).toBe(false);
  });
  test('a verdict that is the same each time is one record, with the reason and without', () => {
    const same = load('{ text: { contains: falcon } }', 'redact');
    const first = same.judge(say('falcon', 'falcon'));
    expect(first.why).toBe(IN_MARKUP);
    expect(same.judge(say('falcon')).why).toBeUndefined();
    expect(same.judge(say('falcon', '<b>falcon</b>'))).toBe(first);
  });
});
