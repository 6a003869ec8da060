/** Planted mistakes in values: told at their place, all of a file in one round. */
import { describe, expect, test } from 'vitest';
import { rulesFromText } from './load.ts';
import { formatDiagnostic } from './source/diagnostic.ts';

const told = (text: string) =>
  rulesFromText(text).diagnostics.map((d) => formatDiagnostic(d).replace(/^rules\.yaml:/, ''));
const rule = (body: string) => `sallyport: 1\nrules:\n  - id: a\n${body.replace(/^/gm, '    ')}\n`;
const testOf = (event: string, expectation = '{ action: pass }') =>
  `sallyport: 1
rules: [{ id: files, on: file.offer, then: drop }]
tests:
  - name: t
    event: ${event}
    expect: ${expectation}
`;

/** [what, file, all that is told] */
const MISTAKES: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'an alert that does not exist',
    rule('on: message\nalso: [{ alert: critical }]'),
    ["5:21: 'alert' cannot be 'critical' (one of: low, medium, high)"],
  ],
  [
    'the same without a list around it',
    rule('on: message\nalso: { alert: hihg }'),
    ["5:20: 'alert' cannot be 'hihg' (did you mean 'high'?)"],
  ],
  [
    'an archive that does not exist, beside what is right',
    rule('on: message\nalso: [log, { archive: all }]'),
    ["5:28: 'archive' cannot be 'all' (one of: full, metadata, none)"],
  ],
  [
    'a tag that is a number',
    rule('on: message\nalso: [log, { tag: 5 }]'),
    ["5:24: 'tag': expected a name or a list of names"],
  ],
  [
    'an outcome that does not exist',
    rule('on: message\nalso: [{ alret: high }]'),
    ["5:14: 'also' knows no 'alret' (did you mean 'alert'?)"],
  ],
  [
    'a word that is no outcome',
    rule('on: message\nalso: [quarantin]'),
    ["5:12: 'also' cannot be 'quarantin' (did you mean 'quarantine'?)"],
  ],
  [
    'keys where an action is needed',
    rule('on: message\nthen: { drop: true }'),
    [
      "5:11: 'then': expected one of: pass, drop, reset, redact, strip, hold (keys and values are there)",
    ],
  ],
  [
    'a day written out',
    'sallyport: 1\nschedules: { s: { timezone: UTC, days: [monday] } }\n',
    ["2:41: 'days' cannot be 'monday' (did you mean 'mon'?)"],
  ],
  [
    'a port that no flow has',
    rule('on: flow.end\nif: { flow.port: 70000 }\nthen: drop'),
    ["5:22: '70000' is no flow.port (0 to 65535)"],
  ],
  [
    'a VLAN that does not exist',
    rule('on: message\nif: { vlan: { between: [1, 4096] } }\nthen: drop'),
    ["5:32: '4096' is no vlan (0 to 4095)"],
  ],
  [
    'a word of which folding leaves nothing',
    rule('on: message\nif: { text: { words: [falcon, "\\u200b"] } }\nthen: drop'),
    ["5:35: '\u200b' is not a word or phrase of up to 200 letters"],
  ],
  [
    'a word where a list is named',
    rule('on: message\nif: { text: { words: idiot } }\nthen: drop'),
    ["5:26: no list is called 'idiot' (for the word itself write [idiot])"],
  ],
  [
    'no words',
    rule('on: message\nif: { text: { words: [] } }\nthen: drop'),
    ["5:26: 'words' is too small or empty (at least 1)"],
  ],
  [
    'a kind of event in a test',
    testOf('{ kind: massage }'),
    ["5:20: 'kind' cannot be 'massage' (did you mean 'message'?)"],
  ],
  [
    'a kind of event that is near to none',
    testOf('{ kind: zzz }'),
    ["5:20: 'kind' cannot be 'zzz' (see docs/rules.md)"],
  ],
  ['no kind of event', testOf('{ text: hi }'), ["5:12: the event lacks 'kind'"]],
  [
    'a kind that is no name',
    testOf('{ kind: [message] }'),
    ["5:20: 'kind' must be a name (see docs/rules.md)"],
  ],
  [
    'a choice in the event of a test',
    testOf('{ kind: message, origin: clinet }'),
    ["5:37: 'origin' cannot be 'clinet' (did you mean 'client'?)"],
  ],
  [
    'a test that expects a rule that is not there',
    testOf('{ kind: message }', '{ action: drop, rule: file }'),
    ["6:35: no rule is called 'file' (did you mean 'files'?)"],
  ],
  [
    'a test that expects the shadow of a rule that is not there',
    testOf('{ kind: message }', '{ shadow: fiels }'),
    ["6:23: no rule is called 'fiels' (did you mean 'files'?)"],
  ],
];

test.each(MISTAKES)('%s', (_what, text, expected) => {
  expect(rulesFromText(text).rules).toBeUndefined();
  expect(told(text)).toEqual(expected);
});

test('a test may expect no rule', () => {
  expect(told(testOf('{ kind: message }', '{ rule: none, shadow: none }'))).toEqual([]);
});

describe('an unknown key hides no wrong value', () => {
  test('in the same rule, list, schedule and test', () => {
    const text = `sallyport: 1
lists:
  l: { wrods: [a], cidrs: [10.0.0.999] }
schedules:
  s: { timezone: Mars/Olympus, form: '08:00' }
rules:
  - id: a
    on: mesage
    if:
      file.size: { ovre: 3, over: ten, between: [5, 3] }
      all: [{ txet: x, peer: { in: nobody } }, { vlan: 9999 }]
    than: drop
    also: [{ alert: critical, tga: x }]
  - on: messages
    then: drpo
tests:
  - name: t
    event: { kind: massage }
    expect: { acton: drop }
`;
    expect(told(text)).toEqual([
      "3:8: a list knows no 'wrods' (did you mean 'words'?)",
      "3:28: '10.0.0.999' is not an address or network (10.0.0.0/8)",
      "5:18: no time zone is called 'Mars/Olympus' (Europe/Paris, UTC, …)",
      "5:32: a schedule knows no 'form' (did you mean 'from'?)",
      "8:9: no event is of kind 'mesage' (did you mean 'message'?)",
      "10:20: 'file.size' knows no 'ovre' (did you mean 'over'?)",
      "10:35: 'ten' is not a number (write 512, 10kB, 10MB (10^6 octets) or 10MiB (2^20))",
      "10:49: 'between' has its ends the wrong way round",
      "11:15: a condition knows no 'txet' (did you mean 'text'?)",
      "11:36: no list is called 'nobody' (one of: l)",
      "11:56: '9999' is no vlan (0 to 4095)",
      "12:5: a rule knows no 'than' (did you mean 'then'?)",
      "13:21: 'alert' cannot be 'critical' (one of: low, medium, high)",
      "13:31: 'also' knows no 'tga' (did you mean 'tag'?)",
      "14:5: a rule lacks 'id'",
      "14:9: no event is of kind 'messages' (did you mean 'message'?)",
      "15:11: 'then' cannot be 'drpo' (did you mean 'drop'?)",
      "18:20: 'kind' cannot be 'massage' (did you mean 'message'?)",
      "19:15: 'expect' knows no 'acton' (did you mean 'action'?)",
    ]);
  });
  test.each([
    ['entries that are no rules', 'rules: [5, { id: b, on: mesage, then: drop }]', ['2:9', '2:25']],
    [
      'a condition that is none',
      'rules: [{ id: b, on: message, if: { any: [5] }, then: drop }]',
      ['2:43'],
    ],
    ['tests that are none', 'tests: [x, { name: t, event: 5, expect: {} }]', ['2:9', '2:30']],
    ['a list that is none', 'lists: { l: 5 }', ['2:13']],
    ['all of it', 'rules: 5\nlists: 6\ntests: 7', ['2:8', '3:8', '4:8']],
  ])('%s', (_what, text, places) => {
    const { diagnostics } = rulesFromText(`sallyport: 1\n${text}\n`);
    expect(diagnostics.map(({ line, column }) => `${line}:${column}`)).toEqual(places);
  });
});

describe('values that look like patterns', () => {
  const warned = (body: string) => told(rule(`on: [message, file.offer]\nif: ${body}\nthen: drop`));
  test.each([
    [
      "{ file.name: '*.scr' }",
      "5:22: warning: '*.scr' is compared as it is, the '*' included (for a pattern write { glob: '*.scr' }, for the character itself { is: '*.scr' })",
    ],
    [
      "{ text: [a, '*secret*'] }",
      "5:21: warning: '*secret*' is compared as it is, the '*' included (for patterns use { glob: … } or a list's values)",
    ],
    [
      "{ file.name: { not: '*.txt' } }",
      "5:29: warning: '*.txt' is compared as it is, the '*' included (for a pattern write not: { file.name: { glob: '*.txt' } })",
    ],
    [
      '{ file.extension: tar.gz }',
      "5:27: warning: no file has the extension 'tar.gz' (an extension is what follows the last dot: 'gz')",
    ],
  ])('%s', (body, expected) => expect(warned(body)).toEqual([expected]));
  test.each(["{ peer: 'xmpp:*@x' }", "{ text: { is: '***' } }", "{ text: 'why?' }"])(
    '%s is as it should be',
    (body) => expect(warned(body)).toEqual([]),
  );
});

test('a file of nothing but mistakes takes no time', () => {
  const rules = Array.from({ length: 8000 }, (_, i) => `{ id: r${i}, on: typing, than: drop }`);
  const start = performance.now();
  const { diagnostics } = rulesFromText(`sallyport: 1\nrules: [${rules.join()}]\n`);
  expect(diagnostics).toHaveLength(8000);
  expect(performance.now() - start).toBeLessThan(10_000);
});
