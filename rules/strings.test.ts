/** How strings are compared: folded, as written, and expressions on both. */
import { describe, expect, test } from 'vitest';
import { ImEvent } from '../src/event/event.ts';
import { rulesFromText } from './load.ts';
import { redact } from './match/redact.ts';
import { formatDiagnostic } from './source/diagnostic.ts';

function load(condition: object) {
  const rule = { id: 'r', on: 'message', if: condition, [THEN]: 'drop' };
  const { rules, diagnostics } = rulesFromText(JSON.stringify({ sallyport: 1, rules: [rule] }));
  if (rules === undefined) throw new Error(diagnostics.map(formatDiagnostic).join('\n'));
  return rules;
}
const THEN = 'then'; // not written as a key: a linter takes such objects for promises

function holds(condition: object, fields: Partial<ImEvent>): boolean {
  return load(condition).judge(Object.assign(new ImEvent('message'), fields)).action === 'drop';
}

describe('contains, glob, starts and ends read the folded text', () => {
  test.each<[object, string, boolean]>([
    [{ contains: 'secret plan' }, 'the SEC\u200bRET  plan', true],
    [{ contains: 'secret plan' }, 'ｓｅｃｒｅｔ\u00a0plan', true],
    [{ contains: 'secret' }, 's\u00adecret', true],
    [{ contains: 'secret' }, 'sécret', true],
    [{ contains: 'secret' }, 's e c r e t', false], // that is for words
    [{ contains: 'résumé' }, 'my resume', true],
    [{ contains: '\u200b' }, 'a\u200bb', true], // folds to nothing: as written
    [{ contains: '\u200b' }, 'ab', false],
    [{ starts: 'buy' }, '\u2060ＢＵＹ now', true],
    [{ starts: 'what?' }, 'WHAT? why', true],
    [{ starts: 'what?' }, 'whatever', false],
    [{ ends: '.exe' }, 'setup.e\u200bxe', true],
    [{ ends: '*' }, 'ends with ＊', true],
    [{ glob: 'buy * now' }, '𝐛𝐮𝐲 it now', true],
    [{ glob: 'buy ?? now' }, 'buy it today', false],
  ])('%j on %j: %s', (operators, text, wanted) => {
    expect(holds({ text: operators }, { text })).toBe(wanted);
    expect(holds({ 'file.name': operators }, { file: { name: text } })).toBe(wanted);
  });

  test.each<[object, string, boolean]>([
    [{ contains: 'Secret', case: true }, 'a Secret', true],
    [{ contains: 'Secret', case: true }, 'a secret', false],
    [{ contains: 'Secret', case: true }, 'a Sec\u200bret', false],
    [{ starts: 'Buy', case: true }, 'Buy', true],
    [{ starts: 'Buy', case: true }, 'Ｂuy', false],
    [{ glob: 'B*y', case: true }, 'Buy', true],
    [{ glob: 'B*y', case: true }, 'buy', false],
  ])('case: true compares as written: %j on %j: %s', (operators, text, wanted) => {
    expect(holds({ text: operators }, { text })).toBe(wanted);
  });

  test('identities are never folded: one that looks alike is somebody else', () => {
    const peer = { peer: { glob: '*@partner.example' } };
    const from = (name: string) => ({ service: 'xmpp', origin: 'server', from: name }) as const;
    expect(holds(peer, from('Bob@partner.example'))).toBe(true);
    expect(holds(peer, from('bob@pаrtner.example'))).toBe(false); // Cyrillic а
  });

  test('equality only ignores the case', () => {
    expect(holds({ text: 'yes' }, { text: 'YES' })).toBe(true);
    expect(holds({ text: 'yes' }, { text: 'y\u200bes' })).toBe(false);
  });
});

describe('expressions see the text as written, and in NFKC without zero-width characters', () => {
  test.each<[object, string, boolean]>([
    [{ regex: 'pin \\d{4}' }, 'PIN １２３４', true],
    [{ regex: 'pin \\d{4}' }, 'p\u200bin 1\u00ad234', true],
    [{ regex: '\u200b' }, 'a\u200bb', true], // as written
    [{ regex: '１' }, 'nr １', true],
    [{ regex: '^caf\u00e9$' }, 'cafe\u0301', true],
    [{ regex: 'PIN', case: true }, 'ＰＩＮ', true],
    [{ regex: 'PIN', case: true }, 'pin', false],
  ])('%j on %j: %s', (operators, text, wanted) => {
    expect(holds({ text: operators }, { text })).toBe(wanted);
  });
});

test.each([
  [{ contains: 'secret' }, 'a sé\u200bcret!', 'a *******!'],
  [{ contains: 'Secret', case: true }, 'Secret secret', '****** secret'],
  [{ regex: 'pin \\d{4}' }, 'my pi\u200bn １2３４.', 'my **** ****.'],
  [
    { pattern: 'payment-card' },
    'no ４１１１\u00a01111\u200b 1111 1111.',
    'no ****\u00a0***** **** ****.',
  ],
])('redaction of %j masks the characters as written', (text, said, masked) => {
  const rule = { id: 'r', on: 'message', if: { text }, [THEN]: 'redact' };
  const { rules } = rulesFromText(JSON.stringify({ sallyport: 1, rules: [rule] }));
  const event = Object.assign(new ImEvent('message'), { text: said });
  const verdict = rules?.judge(event);
  expect(verdict && redact(said, rules?.redactions(event, verdict) ?? [])).toBe(masked);
});
