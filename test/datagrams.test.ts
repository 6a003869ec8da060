/** UDP flows are recognised datagram by datagram, whatever came before; from packets to events. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ImEvent } from '../src/event/event.ts';
import { replayFile } from './corpus/replay.ts';
import { client, hex, server, type Turn } from './support/parser-harness.ts';
import { captureOf } from './support/tshark-opinion.ts';

const scratch = mkdtempSync(join(tmpdir(), 'sallyport-datagrams-'));
afterAll(() => rmSync(scratch, { recursive: true }));

async function events(turns: readonly Turn[], port = 5060): Promise<readonly ImEvent[]> {
  const path = join(scratch, 'turns.pcap');
  writeFileSync(path, captureOf(turns, { transport: 'udp', port }));
  return (await replayFile(path)).events;
}

const message = (text: string, tag: string) =>
  [
    'MESSAGE sip:bob@e.example SIP/2.0',
    `Via: SIP/2.0/UDP 10.0.0.1:40000;branch=z9hG4bK${tag}`,
    `From: <sip:ann@e.example>;tag=${tag}`,
    'To: <sip:bob@e.example>',
    `Call-ID: ${tag}@e.example`,
    'CSeq: 1 MESSAGE',
    'Content-Type: text/plain',
    `Content-Length: ${text.length}`,
    '',
    text,
  ].join('\r\n');

const texts = (heard: readonly ImEvent[]) =>
  heard.filter(({ kind }) => kind === 'message').map(({ text }) => text);

test('a message, and another in the same flow', async () => {
  const turns = [client(message('one', 'a')), client(message('two', 'b'))];
  expect(texts(await events(turns))).toEqual(['one', 'two']);
});

test('keep-alives and STUN before it do not hide it', async () => {
  const stun = hex('00 01 00 00 21 12 a4 42 00 01 02 03 04 05 06 07 08 09 0a 0b');
  const before = [client('\r\n\r\n'), client(stun), server(stun), client('\0')];
  expect(texts(await events([...before, client(message('late', 'a'))]))).toEqual(['late']);
});

test('a flow whose first datagrams are something else is let go', async () => {
  const others = Array.from({ length: 8 }, () => client(hex('80 00 01 02 03 04')));
  const turns = [...others, client(message('late', 'a'))];
  expect(await events(turns, 40_001)).toEqual([]);
  // Where SIP is usual it is waited for.
  expect(texts(await events(turns))).toEqual(['late']);
});

test('nobody hides a message behind what only looks like the beginning of a call or a lookup', async () => {
  const call = hex(
    '00 01 00 08 21 12 a4 42 00 01 02 03 04 05 06 07 08 09 0a 0b 00 06 00 04 61 3a 62 00',
  );
  const lookup = hex("00 07 01 00 00 01 00 00 00 00 00 00 04 'chat' 07 'example' 00 00 01 00 01");
  const mumble = hex('00 00 00 00 01 02 03 04 05 06 07 08');
  for (const forged of [call, lookup, mumble]) {
    const turns: Turn[] = [];
    for (let i = 0; i < 12; i++) turns.push(client(forged), client(message(`no ${i}`, `t${i}`)));
    const heard = texts(await events(turns));
    expect(heard).toEqual(Array.from({ length: 12 }, (_, i) => `no ${i}`));
  }
});
