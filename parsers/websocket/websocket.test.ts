import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  client,
  describeRows,
  Ear,
  feed,
  flowContext,
  type Heard,
  hex,
  joined,
  octets,
  type Row,
  server,
  type Turn,
} from '../../test/support/parser-harness.ts';
import { Direction, Probe, Status } from '../contract.ts';
import { WEBSOCKET } from './definition.ts';
import { WebSocketParser } from './parser.ts';
import { PROBE_LIMIT, probeWebSocket } from './probe.ts';

const facts = (
  hosts: readonly string[],
  signatures: readonly string[] = [],
  more: object = {},
) => ({
  identify: { evidence: 'host', hosts, signatures, reason: 'WebSocket is not read', ...more },
});
const upgrade = (host: string, fields = '', path = '/') =>
  `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
  `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n${fields}\r\n`;
const ACCEPT =
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n';
const KEY = [0x37, 0xfa, 0x21, 0x3d];

/** One frame; a client's is masked. */
function frame(
  payload: string | Uint8Array,
  { first = 0x82, mask = KEY as readonly number[] } = {},
): Uint8Array {
  const body = typeof payload === 'string' ? octets(payload) : payload;
  const bit = mask.length === 0 ? 0 : 0x80;
  const length =
    body.length < 126 ? [bit | body.length] : [bit | 126, body.length >> 8, body.length & 0xff];
  const masked = body.map((octet, i) => octet ^ (mask[i & 3] ?? 0));
  return joined(Uint8Array.of(first, ...length, ...mask), masked);
}
const bare = (payload: string | Uint8Array, first = 0x82) => frame(payload, { first, mask: [] });

const NOISE = hex("'WA' 06 03 00 00 28 12 26 0a 20 '0123456789abcdef0123456789abcdef' 1a 02 'xy'");
const row = (
  name: string,
  said: string | Uint8Array,
  signature: string,
  more: readonly Heard[] = [],
): Row => ({
  name,
  turns: [client(upgrade('chat.example')), server(ACCEPT), client(frame(said))],
  want: [facts(['chat.example']), facts(['chat.example'], [signature]), ...more],
});
const TUNNEL = { anomaly: 'websocket-tunnel' };

const ROWS: readonly Row[] = [
  {
    name: 'by its host',
    turns: [client(upgrade('Web.WhatsApp.com:80', '', '/ws/chat')), server(ACCEPT)],
    want: [facts(['web.whatsapp.com'], ['websocket-path:/ws/chat'])],
  },
  {
    name: 'by its subprotocols, and the page that opens it',
    turns: [
      client(
        upgrade(
          '192.0.2.1',
          'Origin: https://chat.example\r\nSec-WebSocket-Protocol: xmpp, v2.Other\r\n',
        ),
      ),
    ],
    want: [
      facts([], ['websocket:xmpp', 'websocket:v2.other']),
      facts(['chat.example'], [], { confidence: 'low' }),
    ],
  },
  {
    name: "Telegram's path with its subprotocol",
    turns: [client(upgrade('192.0.2.1', 'Sec-WebSocket-Protocol: binary\r\n', '/apiws'))],
    want: [facts([], ['websocket-path:/apiws', 'websocket:binary'])],
  },
  {
    name: "Telegram's path without it",
    turns: [client(upgrade('a.example', '', '/apiws'))],
    want: [facts(['a.example'])],
  },
  row('WhatsApp inside', NOISE, 'whatsapp-noise'),
  row(
    'WhatsApp with routing to an edge before it',
    joined(hex("'ED' 00 01 00 00 04 08 01 02 03"), NOISE),
    'whatsapp-noise',
  ),
  row(
    'Telegram inside',
    hex(
      '0b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186abd0f51a3f6489aed3f81d42678cb1d6fb20456a8fb4d9feee2da500f11feb30',
    ),
    'telegram-obfuscated',
  ),
  row(
    'Signal inside',
    hex("08 01 12 1c 0a 03 'PUT' 12 0f '/api/v1/message' 1a 02 01 02 20 2a"),
    'signal-websocket',
  ),
  row('MQTT inside', hex("10 0e 00 04 'MQTT' 04 02 00 3c 00 02 'ab'"), 'websocket:mqtt'),
  row('MQTT 3.1 inside', hex("10 90 01 00 06 'MQIsdp' 03 02 00 3c 00 02 'ab'"), 'websocket:mqtt'),
  row(
    'XMPP inside',
    "<open to='e' xmlns='urn:ietf:params:xml:ns:xmpp-framing' version='1.0'/>",
    'websocket:xmpp',
  ),
  row('IRC inside', 'NICK ann\r\n', 'websocket:irc'),
  row('STOMP inside', 'CONNECT\naccept-version:1.2\n\n\0', 'websocket:stomp'),
  row('SIP inside', 'REGISTER sip:e SIP/2.0\r\n', 'websocket:sip'),
  row('SSH carried inside', 'SSH-2.0-x\r\n', 'websocket:ssh', [TUNNEL]),
  row('TLS carried inside', hex('16 03 01 02 00 01 00 01 fc 03 03'), 'websocket:tls', [TUNNEL]),
  row('HTTP carried inside', 'GET /echo HTTP/1.1\r\n\r\n', 'websocket:http', [TUNNEL]),
  {
    name: 'the server speaks first, in frames with control frames between them',
    turns: [
      client(upgrade('a.example')),
      server(ACCEPT, bare('SS', 0x02), bare('ping', 0x89), bare('H-2.0-', 0x00), bare('x', 0x80)),
    ],
    want: [facts(['a.example']), facts(['a.example'], ['websocket:ssh']), TUNNEL],
  },
  {
    name: 'a message in a frame of 126 octets and more',
    turns: [
      client(upgrade('a.example'), frame(`${'x'.repeat(300)}NICK no`), frame('NICK ann\r\n')),
    ],
    want: [facts(['a.example']), facts(['a.example'], ['websocket:irc'])],
  },
  {
    name: 'only the first messages are looked at',
    turns: [
      client(
        upgrade('a.example'),
        ...[1, 2, 3, 4].map((n) => frame(`${n}`)),
        frame('NICK ann\r\n'),
      ),
    ],
    want: [facts(['a.example'])],
  },
  {
    name: 'what is compressed is not looked at',
    turns: [client(upgrade('a.example'), frame('NICK ann\r\n', { first: 0xc1 }))],
    want: [facts(['a.example'])],
  },
  {
    name: 'masks the wrong way round',
    turns: [client(upgrade('a.example'), bare('NICK ann\r\n', 0x81), bare('more', 0x81))],
    want: [
      facts(['a.example']),
      { anomaly: 'websocket-mask' },
      facts(['a.example'], ['websocket:irc']),
    ],
  },
  {
    name: 'a frame that is none ends the reading',
    turns: [client(upgrade('a.example'), frame('a', { first: 0x83 }), frame('NICK ann\r\n'))],
    want: [facts(['a.example']), { anomaly: 'websocket-bad-frame' }],
  },
  {
    name: 'a server that refuses',
    turns: [
      client(upgrade('a.example')),
      server('HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n'),
      client(frame('NICK ann\r\n')),
    ],
    want: [facts(['a.example'])],
  },
  {
    name: 'an interim answer before the answer',
    turns: [
      client(upgrade('a.example')),
      server('HTTP/1.1 103 Early Hints\r\n\r\n', ACCEPT, bare('SSH-2.0-x\r\n')),
    ],
    want: [facts(['a.example']), facts(['a.example'], ['websocket:ssh']), TUNNEL],
  },
  {
    name: 'wstunnel, which says where it goes',
    turns: [
      client(
        upgrade(
          'cover.example',
          // {"id":"1","p":"Tcp","r":"im.example","rp":443}
          'Sec-WebSocket-Protocol: v1, authorization.bearer.eyJhIjoxfQ.eyJpZCI6IjEiLCJwIjoiVGNwIiwiciI6ImltLmV4YW1wbGUiLCJycCI6NDQzfQ.c2ln\r\n',
          '/v1/events',
        ),
      ),
    ],
    want: [facts(['im.example', 'cover.example'], ['websocket:wstunnel', 'websocket:v1']), TUNNEL],
  },
  {
    name: 'a draft before RFC 6455 has other frames',
    turns: [
      client(
        'GET / HTTP/1.1\r\nHost: a.example\r\nUpgrade: WebSocket\r\nSec-WebSocket-Key1: 1\r\n\r\n',
        '\0NICK ann\xff',
      ),
    ],
    want: [facts(['a.example'])],
  },
];

describe('WebSocket', () => describeRows(WEBSOCKET, ROWS));

test('what is known is not read on', () => {
  const ear = new Ear();
  ear.known = () => true;
  const parser = new WebSocketParser();
  expect(parser.push(Direction.ToServer, octets(upgrade('a.example')), ear)).toBe(Status.Done);
});

test('nothing is said of what comes behind what is known, however it is cut', () => {
  const wire = joined(octets(upgrade('a.example')), frame(NOISE), bare('x'), hex('b1 80'));
  for (const size of [1, 7, 1000]) {
    const parser = new WebSocketParser();
    const ear = new Ear();
    ear.known = ({ signatures = [] }) => signatures.length > 0;
    let status: Status = Status.More;
    for (let at = 0; at < wire.length && status === Status.More; at += size) {
      status = parser.push(Direction.ToServer, wire.slice(at, at + size), ear);
    }
    expect(ear.heard).toEqual([facts(['a.example']), facts(['a.example'], ['whatsapp-noise'])]);
  }
});

test('nothing is held back: half a head is nothing that a server could answer', () => {
  const parser = new WebSocketParser();
  parser.push(0, octets(upgrade('a.example').slice(0, 30)), new Ear());
  expect(parser.holdFrom()).toBe(-1);
});

test('a long message is told by its beginning, and passed over', () => {
  const ear = feed(WEBSOCKET.create(flowContext()), [
    client(upgrade('a.example'), frame(`NICK ${'a'.repeat(4000)}`).subarray(0, 400)),
  ]);
  expect(ear.heard).toHaveLength(2);
});

test.each([
  ['a length beyond counting', '82 ff ff ff ff ff ff ff ff ff 00 00 00 00'],
  ['a long control frame', '89 fe 01 00 00 00 00 00'],
  ['a control frame in parts', '09 80 00 00 00 00'],
  ['a continuation of nothing', '80 80 00 00 00 00'],
  ['a message inside a message', '01 80 00 00 00 00 81 80 00 00 00 00'],
  ['reserved bits', 'b1 80 00 00 00 00'],
])('%s ends the reading, by name', (_, wire) => {
  const ear = feed(WEBSOCKET.create(flowContext()), [client(upgrade('a.example'), hex(wire))]);
  expect(ear.heard.at(-1)).toEqual({ anomaly: 'websocket-bad-frame' });
});

test('the probe wants an Upgrade field in the first head', () => {
  const head = upgrade('a.example');
  const told = head.indexOf('websocket') + 'websocket\r\n'.length;
  for (let n = 0; n < told; n++) {
    expect(probeWebSocket(0, octets(head.slice(0, n)), false), head.slice(0, n)).toBe(Probe.More);
  }
  expect(probeWebSocket(0, octets(head.slice(0, told)), false)).toBe(Probe.Yes);
  expect(probeWebSocket(1, octets(ACCEPT), false)).toBe(Probe.More);
});

test.each([
  ['GET / HTTP/1.1\r\nHost: a\r\n\r\n', 0],
  ['GET / HTTP/1.1\nHost: a\n\nUpgrade: websocket\n', 0],
  ['GET / HTTP/1.1\r\nUpgrade: h2c\r\n', 0],
  ['GET /\r\n', 0],
  ['POST / HTTP/1.1\r\nUpgrade: websocket\r\n', 0],
  ['220 ready', 1],
  [`GET / HTTP/1.1\r\nX: ${'a'.repeat(PROBE_LIMIT)}`, 0],
] as const)('%.30s is not it', (wire, direction) => {
  expect(probeWebSocket(direction, octets(wire), false)).toBe(Probe.No);
});

test('any octets throw nothing and are held in bounds', () => {
  const start: Turn[] = [client(upgrade('a.example')), server(ACCEPT)];
  const wire = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.string({ maxLength: 300 }).map((text) => frame(text)),
    fc.constantFrom(NOISE, octets('<open '), hex('10 ff ff ff ff ff')).map((said) => frame(said)),
  );
  const turns = fc.array(fc.record({ direction: fc.constantFrom<Direction>(0, 1), wire }), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(fc.boolean(), turns, (opened, said) => {
      const parser = WEBSOCKET.create(flowContext());
      feed(parser, opened ? [...start, ...said] : said);
      expect(parser.held()).toBeLessThan(80_000);
    }),
  );
});
