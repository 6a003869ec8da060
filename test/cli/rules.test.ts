import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BuiltCli } from './built-cli.ts';
import { runHere } from './run-here.ts';

const OLD = `sallyport: 1
rules:
  - id: cards
    on: message
    if: { text: { pattern: payment-card } }
    then: redact
  - id: no-programs
    on: file.offer
    if: { file.extension: { in: [exe, scr] }, origin: server }
    then: drop
tests:
  - name: a program is refused
    event: { kind: file.offer, origin: server, file: { name: a.exe } }
    expect: { action: drop, rule: no-programs }
`;
const NEW = OLD.replace('then: redact', 'then: drop');
const FAILING = OLD.replace('name: a.exe', 'name: a.txt');
const WRONG = OLD.replace('on: message', 'on: massage').replace('then: drop', 'than: drop');
const EVENTS = `${[
  {
    kind: 'message',
    service: 'irc',
    account: 'al',
    from: 'al',
    to: 'bo',
    text: '4111 1111 1111 1111',
  },
  { kind: 'message', service: 'irc', account: 'al', from: 'al', to: 'bo', text: 'hello' },
  {
    kind: 'file.offer',
    service: 'irc',
    account: 'al',
    origin: 'server',
    from: 'eve\u001b[2J',
    file: { name: 'a.exe' },
  },
]
  .map((event) => JSON.stringify(event))
  .join('\n')}\n`;

let cli: BuiltCli;
let at: (name: string) => string;

beforeAll(() => {
  cli = new BuiltCli();
  at = (name) => join(cli.folder, name);
  writeFileSync(at('old.yaml'), OLD);
  writeFileSync(at('new.yaml'), NEW);
  writeFileSync(at('failing.yaml'), FAILING);
  writeFileSync(at('wrong.yaml'), WRONG);
  writeFileSync(at('events.jsonl'), EVENTS);
});

afterAll(() => cli?.remove());

describe('check', () => {
  test('rules that are right', async () => {
    const { code, stdout, stderr } = await runHere(['rules', 'check', at('old.yaml')]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('1 file, 2 rules: no errors');
  });

  test('every mistake with its place, exit code 2', async () => {
    const { code, stdout } = await runHere(['rules', 'check', at('wrong.yaml')]);
    expect(code).toBe(2);
    expect(stdout).toMatch(/wrong\.yaml:4:9: .*massage.*did you mean 'message'/);
    expect(stdout).toMatch(/wrong\.yaml:10:5: .*than/);
    expect(stdout).toContain('2 errors');
  });

  test('a file that is not there', async () => {
    const { code, stdout } = await runHere(['rules', 'check', at('none.yaml')]);
    expect(code).toBe(2);
    expect(stdout).toMatch(/none\.yaml:1:1: cannot read this \(no such file\)/);
  });

  test('what is no rule file at all: few lines, none of them long', async () => {
    const noise = Array.from({ length: 3000 }, (_, i) => `- \u0001 "${'x'.repeat(900)} ${i}: {`);
    writeFileSync(at('noise.yaml'), noise.join('\n'));
    const { code, stdout } = await runHere(['rules', 'check', at('noise.yaml')]);
    expect(code).toBe(2);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(52);
    for (const line of lines) expect(line.length).toBeLessThan(1000);
  });

  test('the shipped policies are right', async () => {
    const { code, stdout } = await runHere(['rules', 'check']);
    expect(stdout).toMatch(/ rules: no errors/);
    expect(code).toBe(0);
  });
});

test('check --mode proxy says that this version has no proxy', async () => {
  const proxy = await runHere(['rules', 'check', at('old.yaml'), '--mode', 'proxy']);
  expect(proxy.stdout).toContain('this version has no proxy');
  const inline = await runHere(['rules', 'check', at('old.yaml'), '--mode', 'inline']);
  expect(inline.stdout).not.toContain('this version');
});

test('check --mode for one service: what can be carried out for it, and what cannot', async () => {
  writeFileSync(
    at('media.yaml'),
    `sallyport: 1
rules:
  - { id: media, on: flow.identified, if: { activity: media }, then: drop }
  - { id: words, on: message, if: { text: { words: [falcon] } }, then: drop }
  - { id: typo, on: flow.identified, if: { service: whatsap }, then: drop }
`,
  );
  const args = ['rules', 'check', at('media.yaml'), '--mode', 'inline', '--service', 'whatsapp'];
  const { code, stdout } = await runHere(args);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /✓ enforced {2}whatsapp: the connection is refused at the message that tells it/,
  );
  expect(stdout).toMatch(/✗ not {7}whatsapp: 'message' cannot be seen in encrypted traffic/);
  expect(stdout).toMatch(/:5:\d+: .*no service is known as 'whatsap'.*did you mean 'whatsapp'/);
  expect(stdout).toContain('inline mode: 2 pairs of rule and service: 1 enforced, 0 partly, 1 not');
});

describe('test', () => {
  test('all hold', async () => {
    const { code, stdout } = await runHere(['rules', 'test', at('old.yaml')]);
    expect(stdout).toBe('✓ a program is refused\n1 test, all hold\n');
    expect(code).toBe(0);
  });

  test('one does not: what was expected, where it stands, exit code 1', async () => {
    const { code, stdout } = await runHere(['rules', 'test', at('failing.yaml')]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ a program is refused {2}.*failing\.yaml:12:/);
    expect(stdout).toContain('action: expected drop, got pass (no rule)');
    expect(stdout).toContain('1 test, 1 failed');
  });

  test('the tests of the shipped policies hold', async () => {
    const { code, stdout } = await runHere(['rules', 'test']);
    expect(stdout).toMatch(/\d+ tests, all hold\n$/);
    expect(code).toBe(0);
  });
});

describe('explain', () => {
  test('each rule about such events, and which condition did not hold', async () => {
    const input = '{"kind":"file.offer","service":"irc","origin":"client","file":{"name":"a.exe"}}';
    const { code, stdout } = await cli.run(['rules', 'explain', '-', '--rules', at('old.yaml')], {
      input,
    });
    expect(code).toBe(0);
    expect(stdout).toContain('verdict: pass · no rule');
    expect(stdout).toMatch(/no-programs: did not match/);
    expect(stdout).toMatch(/ {2}✓ file\.extension .*exe/);
    expect(stdout).toMatch(/ {2}✗ origin is server {2}client/);
    expect(stdout).toContain('1 rule not about file.offer');
  });

  test('several events of a JSONL file', async () => {
    const { stdout } = await runHere([
      'rules',
      'explain',
      at('events.jsonl'),
      '--rules',
      at('old.yaml'),
    ]);
    expect(stdout).toContain('verdict: redact · cards');
    expect(stdout).toContain('verdict: drop · no-programs');
    expect(stdout).toContain('eve␛[2J');
    expect(stdout).not.toContain('\u001b');
  });

  test('what the user is told', async () => {
    writeFileSync(
      at('tell.yaml'),
      `${OLD.slice(0, OLD.indexOf('tests:'))}    tell: 'No programs ({rule}).'\n`,
    );
    const { stdout } = await runHere([
      'rules',
      'explain',
      at('events.jsonl'),
      '--rules',
      at('tell.yaml'),
    ]);
    expect(stdout).toContain('verdict: drop · no-programs · tells "No programs (no-programs)."');
  });

  test.each([
    ['what is no JSON', '{', /standard input: this is not JSON/],
    [
      'what is no event',
      '{"kind":"message","txt":"x"}',
      /this is no event: txt: there is no such field/,
    ],
    ['nothing', '', /standard input: is empty/],
  ])('%s: exit code 2', async (_what, input, message) => {
    const { code, stderr } = await cli.run(['rules', 'explain', '-'], { input });
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe('diff', () => {
  test('whose verdict changes', async () => {
    const { code, stdout, stderr } = await runHere([
      ...['rules', 'diff', at('old.yaml'), at('new.yaml'), '--on', at('events.jsonl')],
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^al ↔ bo {2}1 event\n {2}- redact · cards\n {2}\+ drop · cards\n {2}first: /,
    );
    expect(stdout).toMatch(/3 events judged, 1 with another verdict\n$/);
  });

  test('what either set hides is not shown', async () => {
    const paths = [at('old.yaml'), at('new.yaml'), at('events.jsonl')] as const;
    const { stdout } = await runHere(['rules', 'diff', paths[0], paths[1], '--on', paths[2]]);
    expect(stdout).toContain('"**** **** **** ****"');
    expect(stdout).not.toContain('4111');
  });

  test('nobody is called "?"', async () => {
    const events = at('alone.jsonl');
    writeFileSync(
      events,
      '{"kind":"message","service":"irc","account":"al","text":"4111 1111 1111 1111"}\n',
    );
    const { stdout } = await runHere([
      'rules',
      'diff',
      at('old.yaml'),
      at('new.yaml'),
      '--on',
      events,
    ]);
    expect(stdout).toMatch(/^al {2}1 event\n/);
  });

  test('nothing changes', async () => {
    const { stdout } = await cli.run(
      [...['rules', 'diff', at('old.yaml'), at('old.yaml'), '--on', '-']],
      { input: EVENTS },
    );
    expect(stdout).toBe('3 events judged, 0 with another verdict\n');
  });

  test.each([
    ['no events named', ['rules', 'diff', 'a', 'b'], /required option '--on <FILE>'/],
    [
      'rules that are wrong',
      ['rules', 'diff', 'WRONG', 'WRONG', '--on', 'x'],
      /the rules were not loaded: 2 errors/,
    ],
    [
      'events that are not there',
      ['rules', 'diff', 'OLD', 'OLD', '--on', 'none'],
      /none: no such file/,
    ],
  ])('%s: exit code 2', async (_what, args, message) => {
    const named: Record<string, string> = { WRONG: at('wrong.yaml'), OLD: at('old.yaml') };
    const { code, stderr } = await runHere(args.map((arg) => named[arg] ?? arg));
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
