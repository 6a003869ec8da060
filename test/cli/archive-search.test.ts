import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BuiltCli } from './built-cli.ts';
import { IRC_HELLO, ircCapture } from './capture-octets.ts';
import { runHere } from './run-here.ts';

const cli = new BuiltCli();
const DAY = join(cli.folder, 'day.db');
/** In this process: what is tested is not how it starts. */
const archive = (...args: string[]) => runHere(['archive', ...args, '--archive', DAY]);

const says = (text: string) => ({ toServer: true, text: `PRIVMSG #ops :${text}\r\n` });

beforeAll(async () => {
  const day = join(cli.folder, 'day.pcap');
  const talk = ['the falcon lands', 'lunch?', 'red \u001b[31m alert \u009b2J', '=falcon()'];
  writeFileSync(day, ircCapture([...IRC_HELLO, ...talk.map(says)]));
  const { code } = await cli.run(['replay', day, '--archive', DAY, '--summary']);
  expect(code).toBe(0);
});
afterAll(() => cli.remove());

describe('archive search', () => {
  test('finds words, marks them, and says how to read on', async () => {
    const args = ['archive', 'search', 'Fálcon', '--limit', '1'];
    const { code, stdout } = await cli.run(args, { env: { SALLYPORT_ARCHIVE: DAY } });
    expect(code).toBe(0);
    expect(stdout).toMatch(/@\d+ {2}conversation \d+ {2}irc .* → #ops\n {4}=\[falcon\]\(\)\n/);
    expect(stdout).toMatch(/1 record; there are more: --before \d+/);
    const next = /--before (\d+)/.exec(stdout)?.[1] ?? '';
    expect((await archive('search', 'falcon', '--before', next)).stdout).toContain(
      'the [falcon] lands',
    );
  });

  test('is a record itself, made before anything is shown', async () => {
    await archive('search', 'lunch', '--why', 'case 17');
    const { stdout } = await archive('audit', '--json');
    expect(stdout).toContain('"case 17"');
    expect(stdout).toContain('"text":"lunch"');
  });

  test('what was on the wire cannot steer the terminal', async () => {
    for (const args of [
      ['search', 'alert'],
      ['search', 'alert', '--json'],
      ['show', '1'],
    ]) {
      const { code, stdout } = await archive(...args);
      expect(code).toBe(0);
      expect(stdout).toContain('alert');
      expect(/[^\n\P{Cc}]/u.test(stdout)).toBe(false);
    }
  });

  test('counts, and finds nothing, without an error', async () => {
    expect((await archive('search', 'falcon', '--count')).stdout).toBe(
      '2 records in 1 conversation\n',
    );
    const { code, stdout } = await archive('search', "x' OR 1=1 --", '--count', '--json');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '{"records":0,"conversations":0}\n' });
  });

  test.each<[args: string[], message: RegExp]>([
    [['search', '"'], /there is no word in the text to search for/],
    [['search', 'x'.repeat(1001)], /longer than 1000 characters/],
    [['search', '-lunch'], /unknown option/],
    [['search', 'x', '--from', '2026-02-31'], /Expected 2026-11-25/],
    [['search', 'x', '--from', '2026-11-26', '--to', '2026-11-25'], /--from is not before --to/],
    [['search', 'x', '--verdict', 'hang'], /Expected one of pass, drop/],
    [['search', 'x', '--kind', 'smoke'], /Expected a kind of event/],
    [['show', 'everything'], /is neither a conversation nor a record/],
  ])('%j: exit code 2', async (args, message) => {
    const { code, stdout, stderr } = await archive(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('without an archive it asks for one; of one that is not there it says so', async () => {
    const none = await runHere(['archive', 'search', 'x']);
    expect(none.code).toBe(2);
    expect(none.stderr).toMatch(/which archive\?/);
    for (const name of ['no.db', 'nowhere/no.db', 'day.db/no.db']) {
      const where = join(cli.folder, name);
      const missing = await runHere(['archive', 'search', 'x', '--archive', where]);
      expect(missing.code).toBe(1);
      expect(missing.stderr).toContain(`${where}: there is no such archive\n`);
    }
    const folder = await runHere(['archive', 'search', 'x', '--archive', cli.folder]);
    expect(folder.code).toBe(1);
    expect(folder.stderr).toContain(`${cli.folder}: is a folder, and no archive\n`);
  });

  test('a name that nobody has is told', async () => {
    const { code, stdout, stderr } = await archive('search', '--person', 'Nobody');
    expect(code).toBe(0);
    expect(stdout).toBe('nothing found\n');
    expect(stderr).toMatch(/nobody in this archive is called Nobody/);
  });
});

test('archive show tells a conversation, and a record by its sequence', async () => {
  const conversation = await archive('show', '1');
  expect(conversation.stdout).toMatch(/CONVERSATION 1/);
  expect(conversation.stdout).toMatch(/\d\d:\d\d:\d\d {2}\S+: the falcon lands/);
  expect(conversation.stdout).toMatch(/end of conversation 1\n$/);
  const found = /"sequence":(\d+)/.exec((await archive('search', 'lunch', '--json')).stdout)?.[1];
  const record = await archive('show', `@${found}`);
  expect(record.stdout).toContain('"text": "lunch?"');
  const none = await archive('show', '4711');
  expect(none.code).toBe(1);
  expect(none.stderr).toMatch(/there is no conversation 4711/);
});

test('archive completeness: from then until now', async () => {
  const { code, stdout } = await archive('completeness', '--from', '2020-01-01');
  expect(stdout).toMatch(/COMPLETE.*: 2020-01-01 00:00:00 to 20\d\d-/);
  expect(code).toBe(stdout.startsWith('NOT') ? 1 : 0);
});

test('archive list and info tell what there is', async () => {
  expect((await archive('list', '--room', '#OPS')).stdout).toMatch(/#ops: .*\n1 conversation\n/);
  expect((await archive('list', '--service', 'msn')).stdout).toMatch(/0 conversations/);
  expect((await archive('list', '--before', '1')).stdout).toMatch(/\n0 conversations\n/);
  const unknown = await archive('list', '--before', '4711');
  expect([unknown.code, unknown.stderr]).toEqual([
    2,
    expect.stringContaining('no such conversation'),
  ]);
  const { stdout } = await archive('info');
  expect(stdout).toMatch(/^archive +\S+day\.db \(SQLite\)/);
  expect(JSON.parse((await archive('info', '--json')).stdout)).toMatchObject({ conversations: 1 });
});
