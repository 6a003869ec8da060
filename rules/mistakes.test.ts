/** Planted mistakes: each must be told at its exact place, with what was probably meant. */
import { describe, expect, test } from 'vitest';
import { EMPTY_CATALOGUE } from './catalogue/catalogue.ts';
import { checkRules } from './check/check-rules.ts';
import { knownServices } from './check/services.ts';
import { rulesFromSources, rulesFromText } from './load.ts';
import { formatDiagnostic } from './source/diagnostic.ts';

const rule = (body: string) =>
  `sallyport: 1
lists:
  trusted: { contacts: ['xmpp:*@partner.example'] }
  programs: { extensions: [exe] }
  terms: { words: [falcon] }
schedules:
  office: { timezone: Europe/Paris, from: '08:00', until: '18:00' }
rules:
  - id: a
${body.replace(/^/gm, '    ')}
`;

/** [what, file, line:column, message with hint] */
const MISTAKES: readonly (readonly [string, string, string, string])[] = [
  [
    'a key that does not exist',
    rule('on: message\nthne: drop'),
    '11:5',
    "a rule knows no 'thne' (did you mean 'then'?)",
  ],
  [
    'a kind that does not exist',
    rule('on: [message, file.ofer]\nthen: drop'),
    '10:19',
    "no event is of kind 'file.ofer' (did you mean 'file.offer'?)",
  ],
  [
    'an action that does not exist',
    rule('on: message\nthen: dorp'),
    '11:11',
    "'then' cannot be 'dorp' (did you mean 'drop'?)",
  ],
  [
    'a list that does not exist',
    rule('on: message\nif: { peer: { not-in: trustd } }\nthen: drop'),
    '11:27',
    "no list is called 'trustd' (did you mean 'trusted'?)",
  ],
  [
    'a list of the wrong kind',
    rule('on: message\nif: { peer: { in: programs } }\nthen: drop'),
    '11:23',
    "list 'programs' holds extensions, contacts are needed here",
  ],
  [
    'words where a list of values is needed',
    rule('on: message\nif: { text: { in: terms } }\nthen: drop'),
    '11:23',
    "list 'terms' holds words, values are needed here (write { words: terms })",
  ],
  [
    'a condition that does not exist',
    rule('on: message\nif: { form: notice, txt: hello }\nthen: drop'),
    '11:25',
    "a condition knows no 'txt' (did you mean 'text'?)",
  ],
  [
    'an operator that does not exist',
    rule('on: message\nif:\n  text: { contain: x }\nthen: drop'),
    '12:15',
    "'text' knows no 'contain' (did you mean 'contains'?)",
  ],
  [
    'a pattern that does not exist',
    rule('on: message\nif: { text: { pattern: payment-crad } }\nthen: drop'),
    '11:28',
    "'pattern' cannot be 'payment-crad' (did you mean 'payment-card'?)",
  ],
  [
    'a regular expression that is none',
    rule("on: message\nif: { text: { regex: 'fal(con' } }\nthen: drop"),
    '11:27',
    "the regular expression is not valid: missing closing ) (at 'fal(con')",
  ],
  [
    'a look-ahead, which RE2 does not have',
    rule("on: message\nif: { text: { regex: 'ab(?!c)' } }\nthen: drop"),
    '11:29',
    "the regular expression is not valid: invalid or unsupported Perl syntax (at '(?!')",
  ],
  [
    'a size that is no number',
    rule('on: file.offer\nif: { file.size: { over: 10XB } }\nthen: drop'),
    '11:30',
    "'10XB' is not a number (write 512, 10kB, 10MB (10^6 octets) or 10MiB (2^20))",
  ],
  [
    'a range the wrong way round',
    rule('on: file.offer\nif: { file.size: { between: [10MB, 1MB] } }\nthen: drop'),
    '11:33',
    "'between' has its ends the wrong way round",
  ],
  [
    'a schedule that does not exist',
    rule('on: message\nif: { when: { not: ofice } }\nthen: drop'),
    '11:24',
    "no schedule is called 'ofice' (did you mean 'office'?)",
  ],
  [
    'a time zone that does not exist',
    "sallyport: 1\nschedules:\n  s: { timezone: Europe/Pariss, from: '08:00' }\n",
    '3:18',
    "no time zone is called 'Europe/Pariss' (did you mean 'Europe/Paris'?)",
  ],
  [
    'a time of day that is none',
    "sallyport: 1\nschedules:\n  s: { timezone: UTC, from: '08:75' }\n",
    '3:29',
    "'08:75' is not a time of day (write '08:30')",
  ],
  [
    'a value that is not among the choices',
    rule('on: message\nif: { origin: clinet }\nthen: drop'),
    '11:19',
    "'origin' cannot be 'clinet' (did you mean 'client'?)",
  ],
  [
    'the same key twice',
    rule('on: message\nthen: drop\nthen: pass'),
    '12:5',
    "the key 'then' is there twice",
  ],
  [
    'a rule without an id',
    'sallyport: 1\nrules:\n  - on: message\n    then: drop\n',
    '3:5',
    "a rule lacks 'id'",
  ],
  [
    'a rule that does nothing',
    rule('on: message\nif: { origin: client }'),
    '9:9',
    "rule 'a' does nothing (it needs then:, also: or tell:)",
  ],
  [
    'two rules of one id',
    `${rule('on: message\nthen: pass')}  - id: a\n    on: typing\n    then: drop\n`,
    '12:9',
    "another rule is called 'a' (rules.yaml:9)",
  ],
  [
    'redact without anything to mask',
    rule('on: message\nif: { origin: client }\nthen: redact'),
    '12:11',
    "rule 'a' has nothing to mask (redact masks what text: words, pattern, contains or regex found)",
  ],
  [
    'a rate inside a choice',
    rule('on: message\nif:\n  any:\n    - rate: { more-than: 3, in: 1m, by: account }\nthen: drop'),
    '13:11',
    "'rate' may not stand inside 'any' or 'not'",
  ],
  [
    'a period that is none',
    rule('on: message\nif: { rate: { more-than: 3, in: soon, by: account } }\nthen: drop'),
    '11:37',
    "'soon' is not a duration (write 30s, 10m, 2h or 1d)",
  ],
  [
    'a placeholder that does not exist',
    rule("on: message\nthen: drop\ntell: 'no {fiel} here'"),
    '12:15',
    "'tell' knows no {fiel} (did you mean 'file'?)",
  ],
  [
    'a network that is none',
    rule('on: message\nif: { flow.client: { in: [10.0.0.0/33] } }\nthen: drop'),
    '11:30',
    "'10.0.0.0/33' is not an address or network (10.0.0.0/8)",
  ],
  [
    'a list of two kinds',
    'sallyport: 1\nlists:\n  l: { contacts: [a], words: [b] }\n',
    '3:23',
    "list 'l' already holds contacts",
  ],
  [
    'a list file that is not there',
    'sallyport: 1\nlists:\n  l: { file: missing.txt }\n',
    '3:14',
    'cannot read missing.txt (no such file)',
  ],
  [
    'a section that does not exist',
    'sallyport: 1\nruls: []\n',
    '2:1',
    "a rule file knows no 'ruls' (did you mean 'rules'?)",
  ],
  [
    'another version of the language',
    'sallyport: 2\n',
    '1:12',
    "'sallyport': the language version is 1: sallyport: 1",
  ],
  [
    'YAML that is none',
    'sallyport: 1\nrules:\n  - id: [a\n',
    '4:1',
    'Flow sequence in block collection must be sufficiently indented and end with a ]',
  ],
  [
    'a text where keys are needed',
    rule('on: message\nif: always\nthen: drop'),
    '11:9',
    "'if': expected keys and values ('always' is there)",
  ],
  [
    'a field of a test event that does not exist',
    'sallyport: 1\ntests:\n  - name: t\n    event: { kind: message, txet: hi }\n    expect: { action: pass }\n',
    '4:29',
    "'txet': there is no such field (did you mean 'text'?)",
  ],
  [
    'an expectation that does not exist',
    'sallyport: 1\ntests:\n  - name: t\n    event: { kind: message }\n    expect: { acton: pass }\n',
    '5:15',
    "'expect' knows no 'acton' (did you mean 'action'?)",
  ],
];

test('there are more than twenty', () => expect(MISTAKES.length).toBeGreaterThan(20));

describe('a mistake is told at its place', () => {
  test.each(MISTAKES)('%s', (_what, text, place, message) => {
    const { rules, diagnostics } = rulesFromText(text);
    expect(rules).toBeUndefined();
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.map(formatDiagnostic)).toEqual([`rules.yaml:${place}: ${message}`]);
  });
});

test('every mistake of a file is told, by line', () => {
  const text = `sallyport: 1
lists:
  l: { wrods: [a] }
rules:
  - id: a
    on: mesage
    then: drop
  - id: b
    on: message
    then: drpo
  - id: c
    on: message
    if: { text: { words: l }, peer: { in: nobody } }
    then: drop
`;
  const told = rulesFromText(text).diagnostics.map(({ line, column }) => `${line}:${column}`);
  expect(told).toEqual(['3:8', '6:9', '10:11', '13:43']);
});

test('an unknown group is told where there is a directory', () => {
  const text =
    'sallyport: 1\nrules:\n  - id: a\n    on: message\n    if: { user: { group: trianees } }\n    then: drop\n';
  const people = [{ name: 'A', groups: ['trainees'], department: 'x', accounts: ['xmpp:a@b'] }];
  const { diagnostics } = rulesFromText(text, 'r.yaml', people);
  expect(diagnostics.map(formatDiagnostic)).toEqual([
    "r.yaml:5:26: the directory has no group 'trianees' (did you mean 'trainees'?)",
  ]);
});

test('a mistake in a list file is told there', () => {
  const text =
    'sallyport: 1\nlists:\n  l: { file: nets.txt }\nrules:\n  - id: a\n    on: message\n    if: { flow.client: { in: l } }\n    then: drop\n';
  const opened = { file: 'lists/nets.txt', text: '# ours\n10.0.0.0/8\n  10.0.0.999 # typo\n' };
  const sources = {
    files: [{ file: 'r.yaml', text }],
    attached: [{ from: 'r.yaml', name: 'nets.txt', opened }],
  };
  expect(rulesFromSources(sources).diagnostics.map(formatDiagnostic)).toEqual([
    "lists/nets.txt:3:3: '10.0.0.999' is not an address or network (10.0.0.0/8)",
  ]);
});

describe('hostile YAML is refused, not suffered', () => {
  const bomb = [...'abcdefghij']
    .map(
      (name, i, all) => `${name}: &${name} [${Array(10).fill(i === 0 ? 'x' : `*${all[i - 1]}`)}]`,
    )
    .join('\n');
  test.each([
    ['a billion laughs', `sallyport: 1\n${bomb}\n`],
    ['absurd nesting', `sallyport: 1\nrules: ${'['.repeat(20_000)}`],
    ['deep nesting', `sallyport: 1\nrules: ${'['.repeat(100)}${']'.repeat(100)}`],
    ['an alias of itself', 'sallyport: 1\nrules: &a [*a]\n'],
    ['nothing at all', ''],
    ['binary', '\u0000\u0001\u0002'],
    ['a scalar', 'just words'],
  ])('%s', (_what, text) => {
    const start = performance.now();
    const { rules, diagnostics } = rulesFromText(text);
    expect(rules).toBeUndefined();
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

describe('checks over the whole set', () => {
  const check = (rules: string) => {
    const { policy, diagnostics } = rulesFromText(`sallyport: 1\nrules:\n${rules}`);
    if (policy === undefined) throw new Error(diagnostics.map(formatDiagnostic).join('\n'));
    return checkRules(policy, knownServices(EMPTY_CATALOGUE)).map(formatDiagnostic);
  };
  const one = (id: string, body: string) => `  - { id: ${id}, ${body} }\n`;

  test('a rule after an unconditional one is never reached', () => {
    expect(
      check(one('a', "on: 'file.*', then: drop") + one('b', 'on: file.offer, then: pass')),
    ).toEqual([
      "rules.yaml:4:11: warning: rule 'b' is never reached ('a' at rules.yaml:3 comes first and takes all of its events)",
    ]);
  });
  test('a rule that repeats another is never reached', () => {
    const text = 'on: message, if: { origin: client, text: { contains: x } }, then: drop';
    expect(check(one('a', text) + one('b', text))).toEqual([
      "rules.yaml:4:11: warning: rule 'b' is never reached ('a' at rules.yaml:3 comes first and has the same conditions)",
    ]);
  });
  test('a narrower rule after a wider one is never reached; the other way round it is', () => {
    const wide = one('w', 'on: message, if: { origin: client }, then: drop');
    const narrow = one('n', 'on: message, if: { text: x, origin: client }, then: pass');
    expect(check(wide + narrow)).toHaveLength(1);
    expect(check(narrow + wide)).toEqual([]);
  });
  test('rules in shadow mode, rules that only add and rates hide nothing', () => {
    const later = one('z', 'on: message, then: pass');
    expect(check(one('a', 'on: message, then: drop, mode: shadow') + later)).toEqual([]);
    expect(check(one('a', 'on: message, also: log') + later)).toEqual([]);
    const rate = 'if: { rate: { more-than: 3, in: 1m, by: account } }';
    expect(check(one('a', `on: message, ${rate}, then: drop`) + later)).toEqual([]);
  });
  test('a condition that no such event has', () => {
    expect(check(one('a', 'on: typing, if: { file.size: 10 }, then: drop'))).toEqual([
      "rules.yaml:3:32: warning: no typing event has 'file.size' (rule 'a' can never match)",
    ]);
  });
  test('two things at once', () => {
    const text = 'on: message, if: { all: [{ origin: client }, { origin: server }] }, then: drop';
    expect(check(one('a', text))[0]).toContain("'origin' cannot be two things at once");
  });
  test('an unknown service', () => {
    expect(check(one('a', 'on: message, if: { service: yaho }, then: drop'))[0]).toContain(
      "no service is known as 'yaho' (did you mean 'yahoo'?)",
    );
  });
  test('a list that nobody uses', () => {
    const { diagnostics } = rulesFromText('sallyport: 1\nlists: { l: { words: [a] } }\n');
    expect(diagnostics.map(formatDiagnostic)).toEqual([
      "rules.yaml:2:10: warning: no rule uses list 'l'",
    ]);
  });
});
