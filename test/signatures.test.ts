/**
 * Signatures of which the corpus has no flow, from packets to events: the engine, with the catalogue that ships, on
 * any port, whole and in small segments.
 */
import { describe, expect, test } from 'vitest';
import type { ImEvent } from '../src/event/event.ts';
import { Engine } from '../src/pipeline/engine.ts';

import { feedFrames, type StoredFrame } from './corpus/frames.ts';
import { TcpTalk } from './corpus/packets.ts';
import { client, hex, joined, server, type Turn } from './support/parser-harness.ts';
import { shippedServices } from './support/shipped-services.ts';

const { compiled } = shippedServices();

function framesOf(turns: readonly Turn[], octets: number): StoredFrame[] {
  // Nobody's addresses (TEST-NET-1), so that only the octets tell.
  const ends = [
    { address: 0xc0000201, port: 40000 },
    { address: 0xc0000202, port: 4711 },
  ] as const;
  const talk = new TcpTalk(...ends, 1e15);
  const frames = talk.open();
  for (const { direction, wire } of turns) {
    for (let at = 0; at < wire.length; at += octets) {
      frames.push(talk.say(direction, wire.subarray(at, at + octets)));
    }
  }
  return frames;
}

function run(turns: readonly Turn[], octets = 1460): ImEvent[] {
  const events: ImEvent[] = [];
  const onEvent = (event: ImEvent) => events.push(event);
  const engine = new Engine({ mode: 'replay', services: compiled, onEvent });
  feedFrames(framesOf(turns, octets), engine);
  engine.finish();
  return events;
}

const KEY = hex('01 02 03 04 05 06 07 08'.repeat(4));
const MTPROTO = hex(
  '0b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186abd0f51a3f6489aed3f81d42678cb1d6fb20456a8fb4d9feee2da500f11feb30',
);
/** The same with the number of a centre for media: -2, enciphered like what stood there. */
const MTPROTO_MEDIA = MTPROTO.map((octet, at) =>
  at === 60 ? octet ^ 0x02 ^ 0xfe : at === 61 ? octet ^ 0xff : octet,
);
const REQ_PQ = hex(
  '0000000000000000 51e57ac42c770b5e 14000000 f18e7ebe 3e0549828cca27e966b301a48fece2fc',
);
const MCS_LOGIN = hex(
  '29023c0a096368726f6d652d3633120f6d63732e616e64726f69642e636f6d1a0331323322033132332a03343536320a616e64726f69642d37627001800102',
);

const ROWS: readonly (readonly [string, readonly Turn[], string])[] = [
  [
    'WhatsApp',
    [client(hex('57 41 06 03 00 00 24 12 22 0a 20'), KEY)],
    'whatsapp chat whatsapp signature high',
  ],
  ['Telegram, obfuscated', [client(MTPROTO)], 'telegram chat mtproto signature high'],
  ['Telegram, for media', [client(MTPROTO_MEDIA)], 'telegram media mtproto signature high'],
  ['Telegram, abridged', [client(hex('ef 0a'), REQ_PQ)], 'telegram chat mtproto signature high'],
  [
    'WeChat',
    [
      client(
        hex('16 f1 04 00 2e 00 00 00 2a 01 04 f1 01 00 a8'),
        KEY,
        hex('65 6e 78 3c 00 00 00 01'),
      ),
    ],
    'wechat chat mmtls signature high',
  ],
  [
    'Steam',
    [server(hex(`1c 00 00 00 'VT01' 17 05 00 00 ${'ff'.repeat(16)} 01 00 00 00 01 00 00 00`))],
    'steam chat steam-cm signature high',
  ],
  [
    'QQ',
    [client(hex("00 00 00 30 00 00 00 0b 01 00 00 13 88 00 00 00 00 0e '1444875387'"), KEY)],
    'qq chat qq-sso signature medium 1444875387',
  ],
  [
    'Mumble',
    [client(hex("00 00 00 00 00 04 08 85 8a 04 00 02 00 00 00 07 0a 03 'ann' 28 01"))],
    'mumble call mumble signature high ann',
  ],
  ["Google's pushes", [client(MCS_LOGIN)], 'google-push push mcs signature high 123'],
];

/** Anybody's first octets could be theirs: they are looked at in one segment only. */
const IN_ONE = ['Telegram, obfuscated', 'Telegram, for media'];

describe.each(ROWS)('%s', (name, turns, want) => {
  test.each(IN_ONE.includes(name) ? [1460] : [1460, 7, 1])('in segments of %i octets', (octets) => {
    const said = run(turns, octets)
      .filter(({ kind }) => kind === 'flow.identified')
      .map(({ service, activity, protocol, evidence, confidence, account }) =>
        [service, activity, protocol, evidence, confidence, account].filter(Boolean).join(' '),
      );
    expect(said).toEqual([want]);
  });
});

test('the flow is opaque from there on, and its ledger says how much passed', () => {
  const events = run([client(MTPROTO), server(KEY), client(joined(KEY, KEY))]);
  expect(events.map(({ kind }) => kind)).toEqual(['flow.identified', 'flow.opaque', 'flow.end']);
  expect(events[1]?.reason).toBe('MTProto, obfuscated intermediate transport, data centre 2');
  expect(events[2]?.totals).toMatchObject({ octetsToServer: 128, octetsToClient: 32 });
});
