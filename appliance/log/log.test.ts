import { spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openLog } from './open-log.ts';
import { Repeated } from './repeated.ts';

function logTo(format: 'json' | 'text', level: 'debug' | 'info' = 'info') {
  const lines: string[] = [];
  const log = openLog({ level, format }, { write: (line) => lines.push(line) });
  return { log, lines };
}

describe('JSON', () => {
  test('one object a line, with time, level, facts and message', () => {
    const { log, lines } = logTo('json');
    log.with({ worker: 1 }).info('ready', { interfaces: ['veth0'] });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.endsWith('}\n')).toBe(true);
    const line = JSON.parse(lines[0] ?? '');
    expect(line).toMatchObject({
      level: 'info',
      worker: 1,
      interfaces: ['veth0'],
      msg: 'ready',
    });
    expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(Object.keys(line)).not.toContain('hostname');
  });

  test('what a terminal could obey is escaped, and means the same', () => {
    const { log, lines } = logTo('json');
    const hostile = 'a\u001b[2J\u009b2J\u202egnp\u2028\ud800';
    log.warn(hostile, { name: hostile });
    expect(lines[0]).toMatch(/^[\x20-\x7e]*\n$/);
    const line = JSON.parse(lines[0] ?? '');
    expect(line.name).toBe(hostile);
    expect(line.msg).toBe(hostile);
  });
});

describe('text', () => {
  test('time, level, message, facts', () => {
    const { log, lines } = logTo('text');
    log.warn('interface is down', { interface: 'veth0', times: 2, note: 'two words' });
    expect(lines[0]).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:.]+Z WARN {2}interface is down {2}interface=veth0 times=2 note="two words"\n$/,
    );
  });

  test('hostile text stays on its line and cannot forge a fact', () => {
    const { log, lines } = logTo('text');
    log.info('login', { account: 'eve\n2026 ERROR hacked', other: 'a b=c', plain: '\u001b[31m' });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd()).not.toContain('\n');
    expect(lines[0]).not.toContain('\u001b');
    expect(lines[0]).toContain('other="a b=c"');
  });

  test('a long value is cut', () => {
    const { log, lines } = logTo('text');
    log.info('x', { text: 'y'.repeat(100_000) });
    expect(lines[0]?.length).toBeLessThan(1200);
  });
});

test('levels: those below are not written; a change reaches logs made before', () => {
  const { log, lines } = logTo('json');
  const child = log.with({ part: 'x' });
  child.debug('no');
  log.setLevel('debug');
  child.debug('yes');
  log.debug('also');
  log.setLevel('error');
  child.warn('no');
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['yes', 'also']);
});

test('secrets are not written, errors are one line', () => {
  const { log, lines } = logTo('json');
  log.error('failed', {
    token: 'abc123',
    request: { authorization: 'Bearer abc123' },
    error: new Error('no such file'),
  });
  expect(lines[0]).not.toContain('abc123');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ error: 'no such file' });
});

describe('repeated lines', () => {
  test('the first at once, the others as a count', () => {
    let now = 0;
    const { log, lines } = logTo('json');
    const repeated = new Repeated(log, { period: 1000, now: () => now });
    for (let i = 0; i < 500; i++) repeated.say('warn', 'ring', 'the ring is full', { i });
    now = 999;
    repeated.tell();
    expect(lines).toHaveLength(1);
    now = 1000;
    repeated.say('warn', 'ring', 'the ring is full', { i: 500 });
    repeated.say('warn', 'ring', 'the ring is full', { i: 501 });
    repeated.tell(true);
    repeated.tell(true);
    const facts = lines.map((line) => JSON.parse(line));
    expect(facts.map(({ i, suppressed }) => [i, suppressed])).toEqual([
      [0, undefined],
      [500, 499],
      [undefined, 1],
    ]);
  });

  test('kinds that a stranger chooses are bounded', () => {
    const { log, lines } = logTo('json');
    const repeated = new Repeated(log, { mostKinds: 3 });
    for (let i = 0; i < 1000; i++) repeated.say('warn', `kind ${i}`, 'odd');
    expect(lines).toHaveLength(4);
  });
});

test('a descriptor gets every line, in order, once the log is flushed', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'sallyport-log-')), 'log');
  const fd = openSync(file, 'w');
  const log = openLog({ level: 'info', format: 'text' }, fd);
  for (let round = 0; round < 100; round++) {
    log.info('first', { round });
    log.info('second', { round });
    // The first may be under way.
    await (round % 2 === 0 ? log.flush() : new Promise((resolve) => setImmediate(resolve)));
  }
  await log.flush();
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  rmSync(dirname(file), { recursive: true });
  const expected = Array.from({ length: 100 }, (_, round) => [
    `first  round=${round}`,
    `second  round=${round}`,
  ]);
  expect(lines.map((line) => line.replace(/^.*INFO {2}/, ''))).toEqual(expected.flat());
  expect(log.lost).toBe(0);
});

test('a reader who stays away is not waited for without end', async () => {
  const { stdin, child } = silentReader();
  const log = openLog({ level: 'info', format: 'text' }, stdin);
  for (let i = 0; i < 500; i++) log.info('x'.repeat(900));
  const began = performance.now();
  await log.flush();
  expect(performance.now() - began).toBeLessThan(10_000);
  child.kill('SIGKILL');
});

/** A program that never reads: `stdin` is our end of its pipe. */
function silentReader() {
  const child = spawn('sleep', ['60'], { stdio: ['pipe', 'ignore', 'ignore'] });
  const { fd } = (child.stdin as unknown as { _handle: { fd: number } })._handle;
  return { child, stdin: fd };
}
