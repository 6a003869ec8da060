/** A real broker reads what stands in the place of refused packets, and goes on as before. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect as dial, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImEvent } from '../../src/event/event.ts';
import { findTool, needs } from '../../test/support/need.ts';
import {
  client,
  feed,
  flowContext,
  hex,
  joined,
  neutralised,
  replaced,
} from '../../test/support/parser-harness.ts';
import { Direction } from '../contract.ts';
import { MQTT } from './definition.ts';
import { id, packet, text } from './mqtt.fixture.ts';

const need = needs({ tools: ['mosquitto'] });
const folder = need.skip ? '' : mkdtempSync(join(tmpdir(), 'sallyport-mosquitto-'));
let broker: ChildProcess | undefined;
let port = 0;

beforeAll(async () => {
  if (need.skip) return;
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const address = free.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
  free.close();
  const config = join(folder, 'mosquitto.conf');
  writeFileSync(config, `listener ${port} 127.0.0.1\nallow_anonymous true\n`);
  broker = spawn(findTool('mosquitto') ?? '', ['-c', config], { stdio: 'ignore' });
  for (let i = 0; i < 100 && !(await answers()); i++) await wait(50);
}, 20_000);

afterAll(() => {
  broker?.kill();
  if (folder !== '') rmSync(folder, { recursive: true });
});

async function answers(): Promise<boolean> {
  const socket = dial(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

const open: Socket[] = [];
afterAll(() => {
  for (const socket of open) socket.destroy();
});

/** A connection that is signed in, and all that came over it. */
async function session(name: string, level: number, more: Uint8Array) {
  const none = level === 5 ? [0] : [];
  const hello = packet(0x10, text('MQTT'), level, 2, id(60), ...none, text(name));
  const socket = dial(port, '127.0.0.1');
  open.push(socket);
  const received: Uint8Array[] = [];
  let closed = false;
  socket.on('data', (octets) => received.push(Uint8Array.from(octets)));
  socket.on('close', () => {
    closed = true;
  });
  await once(socket, 'connect');
  socket.write(joined(hello, more));
  const until = async (ending: Uint8Array) => {
    for (let i = 0; i < 200; i++) {
      const all = Buffer.from(joined(...received));
      if (all.includes(Buffer.from(ending))) return all;
      await wait(20);
    }
    return Buffer.from(joined(...received));
  };
  return { socket, hello, until, isClosed: () => closed };
}

const bad = ({ text: words = '', room = '' }: ImEvent) => /bad/.test(words) || /bad/.test(room);
const publish = (first: number, payload: string, n: number, level: number) =>
  packet(first, text('chat/a'), ...(n > 0 ? [id(n)] : []), ...(level === 5 ? [0] : []), payload);

describe.skipIf(need.skip)(`mosquitto${need.why}`, () => {
  test.each([4, 5])(
    'goes on behind neutral octets, level %i: nobody gets them, all are acknowledged',
    async (level) => {
      const subscribe = packet(0x82, id(1), ...(level === 5 ? [0] : []), text('#'), 0);
      const listener = await session(`listener${level}`, level, subscribe);
      await listener.until(hex('90'));
      const talk = joined(
        publish(0x30, 'a bad one', 0, level),
        publish(0x32, 'a bad two', 7, level),
        publish(0x34, 'a bad three', 8, level),
        packet(0x62, id(8)),
        packet(0x82, id(9), ...(level === 5 ? [0] : []), text('bad'), 0),
        publish(0x32, 'behind', 10, level),
      );
      const speaker = await session(`speaker${level}`, level, new Uint8Array(0));
      await speaker.until(hex('20'));
      const turns = neutralised(MQTT, [client(speaker.hello, talk)], bad);
      speaker.socket.write(turns[0]?.wire.subarray(speaker.hello.length) ?? '');
      const answered = await speaker.until(packet(0x40, id(10), ...(level === 5 ? [0x10] : [])));
      const heard = await listener.until(new TextEncoder().encode('behind'));
      expect(heard.toString('latin1')).toContain('behind');
      expect(heard.toString('latin1')).not.toContain('bad');
      expect(heard.toString('latin1')).not.toContain('$');
      const { heard: read } = feed(MQTT.create(flowContext()), [
        client(speaker.hello),
        { direction: Direction.ToClient, wire: Uint8Array.from(answered) },
      ]);
      expect(read.map(({ kind, anomaly }) => kind ?? anomaly)).toEqual(['session.login']);
      for (const [type, n] of [
        [0x40, 7],
        [0x50, 8],
        [0x70, 8],
        [0x90, 9],
      ] as const) {
        expect(answersIn(answered)).toContain(`${type} ${n}`);
      }
      expect(speaker.isClosed()).toBe(false);
    },
  );

  test('completes what a proxy has answered in its place: PUBREL of a message it never got', async () => {
    const speaker = await session('proxied', 4, new Uint8Array(0));
    await speaker.until(hex('20'));
    const talk = [client(speaker.hello), client(publish(0x34, 'bad', 8, 4))];
    const [first] = replaced(MQTT, talk, bad, undefined);
    expect(first?.replacement).toEqual({ forward: new Uint8Array(0), back: hex('50 02 00 08') });
    speaker.socket.write(joined(packet(0x62, id(8)), publish(0x32, 'good', 9, 4)));
    const answered = await speaker.until(packet(0x40, id(9)));
    expect(answersIn(answered)).toEqual(['112 8', '64 9']);
    expect(speaker.isClosed()).toBe(false);
  });
});

/** First octet and packet identifier of each packet behind CONNACK. */
function answersIn(octets: Uint8Array): string[] {
  const found: string[] = [];
  let at = 0;
  while (at + 2 <= octets.length) {
    const length = octets[at + 1] ?? 0;
    const n = ((octets[at + 2] ?? 0) << 8) | (octets[at + 3] ?? 0);
    if (octets[at] !== 0x20) found.push(`${octets[at]} ${n}`);
    at += 2 + length;
  }
  return found;
}
