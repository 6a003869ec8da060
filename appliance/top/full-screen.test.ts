import { EventEmitter } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FullScreen, type TerminalEnds } from './full-screen.ts';

const LEAVES = '\u001b[?1049l';

class FakeInput extends EventEmitter {
  readonly isTTY = true;
  raw = false;
  paused = true;
  setRawMode(raw: boolean): void {
    this.raw = raw;
  }
  setEncoding(): void {}
  resume(): void {
    this.paused = false;
  }
  pause(): void {
    this.paused = true;
  }
}

class FakeOutput extends EventEmitter {
  readonly fd: number;
  columns = 80;
  rows = 24;
  writableNeedDrain = false;
  written = '';
  constructor(fd: number) {
    super();
    this.fd = fd;
  }
  write(text: string): void {
    this.written += text;
  }
}

let folder = '';
let keys = '';
let resizes = 0;
let input = new FakeInput();
let output = new FakeOutput(0);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-screen-'));
  keys = '';
  resizes = 0;
  input = new FakeInput();
  output = new FakeOutput(openSync(join(folder, 'tty'), 'w'));
});
afterEach(() => {
  closeSync(output.fd);
  rmSync(folder, { recursive: true });
});

function open(): FullScreen {
  const ends = { input, output } as unknown as TerminalEnds;
  const screen = new FullScreen(
    ends,
    (key) => {
      keys += key;
    },
    () => {
      resizes += 1;
    },
  );
  screen.enter();
  return screen;
}
const atTheEnd = () => readFileSync(join(folder, 'tty'), 'latin1');

test('takes the terminal and gives it back as it was, once', () => {
  const before = process.listenerCount('exit');
  const screen = open();
  expect(input).toMatchObject({ raw: true, paused: false });
  expect(output.written).toContain('\u001b[?1049h');
  screen.leave();
  screen.leave();
  expect(input).toMatchObject({ raw: false, paused: true });
  expect(atTheEnd().split(LEAVES)).toHaveLength(2);
  expect(atTheEnd()).toContain('\u001b[?25h');
  expect(process.listenerCount('exit')).toBe(before);
  expect(input.listenerCount('data') + output.listenerCount('resize')).toBe(0);
});

test('also when the process ends without having left it', () => {
  const before = process.listeners('exit');
  const screen = open();
  const added = process.listeners('exit').filter((listener) => !before.includes(listener));
  for (const listener of added) listener.call(process, 1);
  expect(input.raw).toBe(false);
  expect(atTheEnd()).toContain(LEAVES);
  for (const listener of added) process.off('exit', listener);
  screen.draw(['late']);
  expect(output.written).not.toContain('late');
});

test('keys come one by one; sequences of arrow keys are none', () => {
  const screen = open();
  for (const chunk of ['qp', '\u001b[A', '\u001bOP', '\u0003']) input.emit('data', chunk);
  expect(keys).toBe('qp\u0003');
  output.emit('resize');
  expect(resizes).toBe(1);
  screen.leave();
});

test('a picture is one write; a terminal that takes nothing gets no more', () => {
  const screen = open();
  output.written = '';
  screen.draw(['one', 'two']);
  expect(output.written).toMatch(/one.*two/s);
  expect(output.written.match(/\n/g)).toHaveLength(1);
  output.written = '';
  output.writableNeedDrain = true;
  screen.draw(['three']);
  expect(output.written).toBe('');
  output.columns = 0;
  expect(screen.size).toEqual({ width: 79, height: 24 });
  screen.leave();
});
