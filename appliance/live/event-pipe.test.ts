import { once } from 'node:events';
import { mkdtempSync, readSync, rmSync } from 'node:fs';
import { createServer, type Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { EventPipeWriter } from './event-pipe.ts';

const OCTETS = 256 * 1024;
const LINE = 'x'.repeat(999);

/** Handles of net.Socket know their descriptors; its types do not. */
const fdOf = (socket: Socket) => (socket as unknown as { _handle: { fd: number } })._handle.fd;

let folder: string;
let server: Server;
let far: Socket;
let near: Socket;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-pipe-'));
  server = createServer({ pauseOnConnect: true }).listen(join(folder, 'socket'));
  await once(server, 'listening');
});
beforeEach(async () => {
  near?.destroy();
  far?.destroy();
  near = new Socket().connect(join(folder, 'socket'));
  [far] = (await once(server, 'connection')) as [Socket];
});
afterAll(() => {
  near.destroy();
  far.destroy();
  server.close();
  rmSync(folder, { recursive: true });
});

/** All that is there, without waiting. */
function readAll(): string {
  const octets = Buffer.alloc(1 << 20);
  let text = '';
  for (;;) {
    try {
      const length = readSync(fdOf(far), octets);
      if (length === 0) return text;
      text += octets.toString('utf8', 0, length);
    } catch {
      return text;
    }
  }
}

test('lines arrive whole and in order', () => {
  const writer = new EventPipeWriter(fdOf(near), OCTETS);
  const lines = Array.from({ length: 100 }, (_, i) => `{"n":${i},"text":"Grüße"}`);
  for (const line of lines) expect(writer.push(line)).toBe(true);
  expect(writer.flush()).toBe(true);
  expect(readAll()).toBe(`${lines.join('\n')}\n`);
});

test('with a reader who stays away lines wait, then are lost and counted; whole ones alone go on', () => {
  const writer = new EventPipeWriter(fdOf(near), OCTETS);
  let kept = 0;
  for (let n = 0; n < 2000; n++) if (writer.push(`${n} ${LINE}`)) kept++;
  expect(kept).toBeGreaterThan(OCTETS / 1010);
  expect(writer.shed).toBe(2000 - kept);
  expect(writer.flush()).toBe(false);
  let read = '';
  while (!writer.flush()) read += readAll();
  read += readAll();
  const numbers = read.trimEnd().split('\n');
  expect(numbers).toHaveLength(kept);
  expect(numbers.every((line, i) => line === `${i} ${LINE}`)).toBe(true);
  expect(writer.push('room again')).toBe(true);
});

test('patience is time, and ends', () => {
  const writer = new EventPipeWriter(fdOf(near), OCTETS);
  while (writer.push(LINE));
  writer.patience = 50;
  const began = performance.now();
  expect(writer.drain()).toBe(false);
  expect(performance.now() - began).toBeGreaterThanOrEqual(49);
});

test('a line that is longer than the buffer is lost', () => {
  const writer = new EventPipeWriter(fdOf(near), OCTETS);
  expect(writer.push('x'.repeat(OCTETS))).toBe(false);
  expect(writer.push('short')).toBe(true);
});

test('that nobody reads any more is an error', async () => {
  const writer = new EventPipeWriter(fdOf(near), OCTETS);
  far.destroy();
  await once(far, 'close');
  writer.push('x');
  expect(() => writer.flush()).toThrow(/EPIPE/);
});
