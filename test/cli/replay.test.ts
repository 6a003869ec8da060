import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventSchema } from '../../src/event/schema.ts';
import { BuiltCli } from './built-cli.ts';
import { IRC_HELLO, ircCapture } from './capture-octets.ts';
import { runHere } from './run-here.ts';

let cli: BuiltCli;
let day: string;
let broken: string;
let hostile: string;
let long: string;

const CHAT = { toServer: true, text: 'PRIVMSG #ops :build is green\r\n' };

beforeAll(() => {
  cli = new BuiltCli();
  const file = (name: string, octets: Uint8Array) => {
    const path = join(cli.folder, name);
    writeFileSync(path, octets);
    return path;
  };
  const octets = ircCapture([...IRC_HELLO, CHAT]);
  day = file('day.pcap', octets);
  broken = file('broken.pcap', octets.subarray(0, octets.length - 7));
  const trick = { toServer: true, text: 'PRIVMSG #ops :\u001b[2J\u202eevil\u009b31m\r\n' };
  hostile = file('hostile.pcap', ircCapture([...IRC_HELLO, trick]));
  const many = Array.from({ length: 4000 }, (_, i) => ({
    toServer: true,
    text: `PRIVMSG #ops :line ${i}\r\n`,
  }));
  long = file('long.pcap', ircCapture([...IRC_HELLO, ...many]));
  mkdirSync(join(cli.folder, 'captures'));
  writeFileSync(join(cli.folder, 'captures', 'a.pcap'), octets);
});

afterAll(() => cli?.remove());

describe('report', () => {
  test('says who said what, and ends well', async () => {
    const { code, stdout, stderr } = await cli.run(['replay', day]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/irc\s+#ops/);
    expect(stdout).toMatch(/✓ 09:00:00 alice\s+build is green/);
    expect(stdout).toMatch(/policy: as shipped in rules\/packs \(\d+ rules\)/);
    expect(stdout).toMatch(/10 packets/);
  });

  test('--summary has totals, no conversations', async () => {
    const { code, stdout } = await runHere(['replay', day, '--summary']);
    expect(code).toBe(0);
    expect(stdout).toContain('TOTALS');
    expect(stdout).not.toContain('build is green');
  });

  test('--no-rules says so', async () => {
    const { stdout } = await runHere(['replay', day, '--no-rules']);
    expect(stdout).toContain('policy: none');
  });

  test('text from the network cannot drive the terminal', async () => {
    const { stdout } = await runHere(['replay', hostile]);
    expect(stdout).toContain('␛[2J\\u{202e}evil');
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  });

  test('standard input', async () => {
    const { code, stdout } = await cli.run(['replay', '-'], { input: readFileSync(day) });
    expect(code).toBe(0);
    expect(stdout).toContain('replay of standard input');
    expect(stdout).toContain('build is green');
  });

  test('--events writes the events beside the report', async () => {
    const path = join(cli.folder, 'events.jsonl');
    const { stdout } = await runHere(['replay', day, '--events', path]);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(stdout).toContain(`${lines.length} events as JSONL in `);
    expect(lines.map((line) => JSON.parse(line).kind)).toContain('message');
  });
});

describe('policy', () => {
  const write = (name: string, text: string) => {
    const path = join(cli.folder, name);
    writeFileSync(path, text);
    return path;
  };

  test('verdicts say what would be done, and which rule decided', async () => {
    const rules = write(
      'green.yaml',
      `sallyport: 1
rules:
  - id: no-green
    on: message
    if: { text: { contains: green }, user: { name: Alice } }
    then: drop
    also: [{ alert: low }]
`,
    );
    const people = write('people.csv', 'name,department,groups,accounts\nAlice,ops,,irc:alice\n');
    const { code, stdout, stderr } = await cli.run([
      ...['replay', day, '--rules', rules, '--directory', people],
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/✗ 09:00:00 alice +build is green +would drop · no-green · alert low/);
    expect(stdout).toMatch(/ 1 {2}would drop · no-green\n/);
    const without = await cli.run(['replay', day, '--rules', rules]);
    expect(without.stdout).toMatch(/✓ 09:00:00 alice +build is green/);
  });

  test('what redact hides is masked in the report, and kept in the events', async () => {
    const card = { toServer: true, text: 'PRIVMSG #ops :card 4111 1111 1111 1111\r\n' };
    const capture = join(cli.folder, 'card.pcap');
    writeFileSync(capture, ircCapture([...IRC_HELLO, card]));
    const rules = write(
      'redact.yaml',
      'sallyport: 1\nrules: [{ id: cards, on: message, if: { text: { pattern: payment-card } }, then: redact }]\n',
    );
    const args = ['replay', capture, '--rules', rules];
    const report = await runHere(args);
    const events = await runHere([...args, '--json']);
    expect(report.stdout).toMatch(/~ .* card \*{4} \*{4} \*{4} \*{4} .*would redact · cards/);
    expect(report.stdout).not.toContain('4111');
    expect(events.stdout).toContain('"text":"card 4111 1111 1111 1111"');
  });

  test('a mistake in a rule file is told with its place; nothing is replayed; exit code 2', async () => {
    const rules = write(
      'wrong.yaml',
      'sallyport: 1\nrules:\n  - id: x\n    on: massage\n    then: drop\n',
    );
    const { code, stdout, stderr } = await cli.run(['replay', day, '--rules', rules]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/wrong\.yaml:4:9: .*massage/);
    expect(stderr).toMatch(/sallyport: the rules were not loaded: 1 error\n$/);
  });
});

describe('--json', () => {
  test('standard output is events that fit the schema, and nothing else', async () => {
    const { code, stdout, stderr } = await runHere(['replay', day, hostile, '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    for (const line of lines) {
      expect(eventSchema.safeParse(JSON.parse(line)).error).toBeUndefined();
      expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
    }
    const texts = lines.map((line) => JSON.parse(line).text).filter((text) => text !== undefined);
    expect(texts).toContain('build is green');
  });

  test('a broken capture: its events on standard output, the fault on standard error', async () => {
    const { code, stdout, stderr } = await runHere(['replay', broken, '--json']);
    expect(code).toBe(1);
    expect(stdout).toContain('build is green');
    expect(stderr).toMatch(/^sallyport: .*broken\.pcap: after packet 9, at octet \d+: .+\n$/);
    for (const line of stdout.trimEnd().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
  });

  test('cannot be had together with a report', async () => {
    const { code, stderr } = await runHere(['replay', day, '--json', '--summary']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/'--json' cannot be used with option '--summary'/);
  });
});

describe('faults', () => {
  test('a broken capture: what came before is reported, exit code 1', async () => {
    const { code, stdout, stderr } = await runHere(['replay', broken]);
    expect(code).toBe(1);
    expect(stdout).toContain('build is green');
    expect(stdout).toMatch(/incomplete: .*broken\.pcap: after packet 9/);
    expect(stderr).toMatch(/broken\.pcap: after packet 9/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test('an unknown link type: one line with the packet, exit code 1', async () => {
    const octets = Buffer.from(readFileSync(day));
    octets.writeUInt32LE(105, 20); // 802.11
    const path = join(cli.folder, 'wireless.pcap');
    writeFileSync(path, octets);
    const { code, stdout, stderr } = await runHere(['replay', path, day]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^sallyport: .*wireless\.pcap: packet 1 is .*\(105\).*10 packets .*\n$/);
    expect(stdout).toContain('build is green'); // the next file is read all the same
    expect(stdout).toMatch(/incomplete: .*wireless\.pcap: packet 1 is/);
  });

  test('what is no capture: one line, exit code 1', async () => {
    const { code, stderr } = await runHere(['replay', join(import.meta.dirname, 'replay.test.ts')]);
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test.each([
    ['nothing to do', () => [], /^Usage: sallyport/],
    ['a missing file', () => ['replay', 'no-such.pcap'], /no-such\.pcap: no such file/],
    ['an unmatched pattern', () => ['replay', 'none*.pcap'], /the shell expands patterns/],
    [
      'a directory',
      () => ['replay', join(cli.folder, 'captures')],
      /is a directory.*\n.*captures\/\*\.pcap\*/,
    ],
    ['no file', () => ['replay'], /no capture file given/],
    [
      'a capture taken for rules',
      () => ['replay', '--rules', 'a.yaml', 'day.pcap'],
      /name captures before --rules/,
    ],
    ['standard input twice', () => ['replay', '-', '-'], /only once/],
    [
      'an unknown option',
      () => ['replay', '--jsno', 'x'],
      /unknown option '--jsno'.*Did you mean --json/s,
    ],
    ['an unknown command', () => ['reply', 'x'], /unknown command 'reply'.*Did you mean replay/s],
    ['a number that is none', () => ['replay', 'x', '--max-flows', 'many'], /whole number from 1/],
    [
      'events into a missing folder',
      () => ['replay', day, '--events', '/no/such/x.jsonl'],
      /events cannot be written/,
    ],
    ['escapes in an argument', () => ['replay', 'a\u001b[2Jb'], /a␛\[2Jb/],
    ['escapes in an option', () => ['replay', '--a\u001b[2Jb'], /--a␛\[2Jb/],
  ])('%s: exit code 2, a message, no stack trace', async (_what, args, message) => {
    const { code, stdout, stderr } = await runHere(args());
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stderr).not.toContain('\u001b');
  });

  test('SALLYPORT_DEBUG=1 shows the stack', async () => {
    const { stderr } = await cli.run(['replay', 'no-such.pcap'], { env: { SALLYPORT_DEBUG: '1' } });
    expect(stderr).toMatch(/\n\s+at /);
  });
});

describe('pipes and signals', () => {
  test.each([
    ['events', ['--json']],
    ['a report', ['--show', '100000']],
  ])('a reader of %s that goes away is no fault', async (_what, options) => {
    const { code, stderr } = await cli.run(['replay', long, ...options], { closeEarly: true });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('an interrupt ends the run with what was seen so far, exit code 130', async () => {
    const { code, stdout } = await cli.run(['replay', '-', '--progress'], {
      input: readFileSync(day),
      interruptAt: /10 packets/,
    });
    expect(code).toBe(130);
    expect(stdout).toContain('build is green');
    expect(stdout).toContain('interrupted');
  });

  test('a slow reader gets every event', async () => {
    const { stdout } = await cli.run(['replay', long, '--json']);
    const texts = stdout
      .trimEnd()
      .split('\n')
      .filter((line) => line.includes('"kind":"message"'));
    expect(texts).toHaveLength(4000);
  });
});

describe('colour', () => {
  test('none into a pipe', async () => {
    expect((await cli.run(['replay', day])).stdout).not.toContain('\u001b');
  });

  test('FORCE_COLOR asks for it, NO_COLOR wins', async () => {
    const plain = await cli.run(['replay', day, '--summary']);
    const forced = await cli.run(['replay', day, '--summary'], { env: { FORCE_COLOR: '1' } });
    const both = await cli.run(['replay', day], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } });
    expect(forced.stdout).toContain('\u001b[1m');
    expect(stripVTControlCharacters(forced.stdout).split('\n')[1]).toBe(
      plain.stdout.split('\n')[1],
    );
    expect(both.stdout).not.toContain('\u001b');
  });
});
