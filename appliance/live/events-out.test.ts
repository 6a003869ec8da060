import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needs } from '../../test/support/need.ts';
import { UserError } from '../cli/user-error.ts';
import type { Log } from '../log/log.ts';
import { EventsOut } from './events-out.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sp-events-out-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function heard(): { log: Log; lines: string[] } {
  const lines: string[] = [];
  const log: Log = {
    debug: (line) => lines.push(line),
    info: (line) => lines.push(line),
    warn: (line) => lines.push(line),
    error: (line) => lines.push(line),
    with: () => log,
  };
  return { log, lines };
}

const octets = (text: string) => Buffer.from(text);

test('events are added to what the file has', async () => {
  const path = join(folder, 'added.jsonl');
  writeFileSync(path, '{"yesterday":1}\n');
  const out = new EventsOut(path, { log: heard().log, onReaderGone: () => undefined });
  await out.write(octets('{"a":1}\n{"b":2}\n'));
  out.close();
  expect(readFileSync(path, 'utf8')).toBe('{"yesterday":1}\n{"a":1}\n{"b":2}\n');
});

test('a line that a killed run left half is ended first', async () => {
  const path = join(folder, 'torn.jsonl');
  writeFileSync(path, '{"half');
  const out = new EventsOut(path, { log: heard().log, onReaderGone: () => undefined });
  await out.write(octets('{"a":1}\n'));
  out.close();
  expect(readFileSync(path, 'utf8')).toBe('{"half\n{"a":1}\n');
});

test('a file that was renamed away is opened anew', async () => {
  const path = join(folder, 'rotated.jsonl');
  const out = new EventsOut(path, { log: heard().log, onReaderGone: () => undefined });
  await out.write(octets('{"a":1}\n'));
  renameSync(path, `${path}.1`);
  await out.write(octets('{"b":2}\n'));
  out.reopen();
  await out.write(octets('{"c":3}\n'));
  out.close();
  expect(readFileSync(`${path}.1`, 'utf8')).toBe('{"a":1}\n{"b":2}\n');
  expect(readFileSync(path, 'utf8')).toBe('{"c":3}\n');
});

test('what cannot be opened is one line for the user', () => {
  const path = join(folder, 'nowhere', 'events.jsonl');
  const open = () => new EventsOut(path, { log: heard().log, onReaderGone: () => undefined });
  expect(open).toThrow(UserError);
  expect(open).toThrow(`${path}: events cannot be written there: no such file or directory`);
});

test('a pipe is written to where somebody reads it, and not waited for where nobody does', async () => {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const open = () => new EventsOut(path, { log: heard().log, onReaderGone: () => undefined });
  expect(open).toThrow(`${path}: events cannot be written there: nobody reads this pipe`);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const out = open();
  await out.write(octets('{"a":1}\n'));
  out.close();
  expect(readFileSync(reader, 'utf8')).toBe('{"a":1}\n');
  closeSync(reader);
});

const root = needs({ root: true });

describe.skipIf(root.skip)(`for another account${root.why}`, () => {
  const owner = { uid: 65534, gid: 65534 };
  const open = (path: string) =>
    new EventsOut(path, { log: heard().log, onReaderGone: () => undefined, owner });

  test('a file that is made is its', () => {
    const path = join(folder, 'given.jsonl');
    open(path).close();
    expect(statSync(path)).toMatchObject({ uid: 65534, gid: 65534 });
  });

  test('a link that it left where events go makes root make no file elsewhere', () => {
    const target = join(folder, 'elsewhere');
    const path = join(folder, 'link.jsonl');
    symlinkSync(target, path);
    expect(() => open(path)).toThrow(/is a symbolic link/);
    expect(existsSync(target)).toBe(false);
  });
});

describe('a full disk', () => {
  test('is said once; lines are waited for, then counted as lost, and writing goes on', async () => {
    const { log, lines } = heard();
    const out = new EventsOut('/dev/full', { log, onReaderGone: () => undefined, patience: 120 });
    const began = performance.now();
    await out.write(octets('{"a":1}\n{"b":2}\n'));
    expect(performance.now() - began).toBeGreaterThanOrEqual(100);
    await out.write(octets('{"c":3}\n'));
    out.close();
    expect(out.lost).toBe(3);
    expect(lines).toEqual(['/dev/full: events cannot be written: no space left on the device']);
  });
});
