/** OSCAR through the whole engine: any port, picked up in the middle, the account over several connections. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  COOKIE,
  flap,
  HELLO,
  name,
  PAGER,
  piece,
  received,
  SELF,
  SHOW_COOKIE,
  sent,
  snac,
  tlv,
  words,
} from '../parsers/oscar/oscar.fixture.ts';
import { loadCapture, type StoredFrame } from './corpus/frames.ts';
import { type Replay, replayFrames } from './corpus/replay.ts';
import { client, hex, octets, server, type Turn } from './support/parser-harness.ts';
import { captureOf } from './support/tshark-opinion.ts';

const scratch = mkdtempSync(join(tmpdir(), 'sallyport-oscar-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const text = (written: string) => words(piece('0000', octets(written)));
const HANDSHAKE = 3; // packets

async function framesOf(turns: readonly Turn[], port: number): Promise<readonly StoredFrame[]> {
  const path = join(scratch, 'turns.pcap');
  writeFileSync(path, captureOf(turns, { port }));
  return (await loadCapture(path)).frames;
}

function said({ events }: Replay): string[] {
  return events
    .filter(({ kind }) => !kind.startsWith('flow.'))
    .map(({ kind, service, origin, account, from, to, text: words_ }) =>
      [kind, service, origin, account ?? '-', from ?? '-', to?.join() ?? '-', words_ ?? '-'].join(
        ' ',
      ),
    );
}

const PAGER_TURNS: readonly Turn[] = [
  server(HELLO),
  client(SHOW_COOKIE),
  server(PAGER, SELF),
  client(sent('Bob B', text('psst'))),
  server(received('Bob B', text('what?'))),
];

test.each([443, 23, 60000])('on port %i: the server speaks first', async (port) => {
  expect(said(replayFrames(await framesOf(PAGER_TURNS, port)))).toEqual([
    'session.login aim server annother annother - -',
    'message aim client annother annother bobb psst',
    'message aim server annother bobb annother what?',
    'session.logout aim client annother annother - -',
  ]);
});

test('picked up inside a frame: what follows it is read', async () => {
  const numbered = (frame: Uint8Array, sequence: number) => {
    const copy = frame.slice();
    new DataView(copy.buffer).setUint16(2, sequence);
    return copy;
  };
  const tail = octets('the end of a list');
  const turns = [
    server(
      tail,
      numbered(received('Bob B', text('one')), 8),
      numbered(received('C', text('two')), 9),
    ),
    client(sent('Bob B', text('three'))),
  ];
  const frames = (await framesOf(turns, 5190)).slice(HANDSHAKE);
  expect(said(replayFrames(frames))).toEqual([
    'message aim server - bobb - one',
    'message aim server - c - two',
    'message aim client - - bobb three',
  ]);
});

describe('picked up in the middle, where the lower port is the client’s', () => {
  const middle: readonly Turn[] = [
    server(flap(5)),
    server(snac('0004/0014', '00'.repeat(8), '0001', name('Bob B'), '0002')),
    server(received('Bob B', text('one'))),
    client(sent('Bob B', text('two'))),
    server(snac('0004/000c', "'12345678' 0001", name('Bob B'))),
  ];
  const want = [
    'typing aim server - bobb - -',
    'message aim server - bobb - one',
    'message aim client - - bobb two',
  ];

  test.each([60000, 443, 5190, 5222])(
    'port %i: who is the server is told by what it says',
    async (port) => {
      const frames = await framesOf(middle, port);
      expect(said(replayFrames(frames.slice(HANDSHAKE)))).toEqual(want);
    },
  );

  test('the client is heard first', async () => {
    const turns = [...middle.slice(3), ...middle.slice(0, 3)];
    const frames = await framesOf(turns, 60000);
    expect(said(replayFrames(frames.slice(HANDSHAKE))).sort()).toEqual([...want].sort());
  });
});

test('the account of one connection is known on the next', async () => {
  const signingIn = [
    server(HELLO),
    client(HELLO, snac('0017/0002', tlv(1, "'Ann Other'"), tlv(0x25, '00'.repeat(16)))),
    server(snac('0017/0003', tlv(1, "'Ann Other'"), tlv(6, COOKIE))),
  ];
  const pager = [
    server(HELLO),
    client(SHOW_COOKIE),
    server(PAGER),
    client(sent('Bob B', text('psst'))),
  ];
  const frames = [...(await framesOf(signingIn, 5190)), ...(await framesOf(pager, 5191))];
  expect(said(replayFrames(frames))).toEqual([
    'session.login aim server annother annother - -',
    'message aim client annother annother bobb psst',
    'session.logout aim client annother annother - -',
  ]);
});

test('through an HTTP proxy', async () => {
  const turns = [
    client('CONNECT bos.example:5190 HTTP/1.0\r\n\r\n'),
    server('HTTP/1.0 200 Connection established\r\n\r\n'),
    ...PAGER_TURNS,
  ];
  expect(said(replayFrames(await framesOf(turns, 8080)))).toContain(
    'message aim client annother annother bobb psst',
  );
});

test('Redis, TOC and noise in frames are not OSCAR', async () => {
  const others: readonly (readonly Turn[])[] = [
    [client('*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\nb\r\n'), server('+OK\r\n')],
    [server(HELLO), client(hex("2a09 0001 0004 'abcd'"))],
    [server(HELLO, flap(2, octets('SIGN_ON:TOC1.0'))), client('x')],
  ];
  for (const turns of others) {
    const { events } = replayFrames(await framesOf(turns, 5190));
    expect(events.filter(({ protocol }) => protocol === 'oscar')).toEqual([]);
  }
});
