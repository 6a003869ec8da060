/**
 * What hostile traffic costs the whole engine, with the services that ship: whatever it is cut into, and however many
 * fields it has, no more than its packets and octets allow. Processor time, far above what is usual and far below what
 * anything quadratic takes.
 */
import { expect, test } from 'vitest';
import { cryptoFrame, helloFor, initial } from '../parsers/quic/quic.fixture.ts';
import { ethernet, ipv4, u16, udp } from '../src/decode/frame.fixture.ts';
import { Engine } from '../src/pipeline/engine.ts';
import { feedFrames, type StoredFrame } from './corpus/frames.ts';
import { type Endpoint, TcpTalk } from './corpus/packets.ts';
import { cpuMilliseconds } from './support/cpu-time.ts';
import { hex, joined } from './support/parser-harness.ts';
import { shippedServices } from './support/shipped-services.ts';

const services = shippedServices().compiled;
const START = 1_795_411_200_000_000; // microseconds
const SOURCE_PORT = 34; // octets before it: Ethernet, IPv4
const ALWAYS = 400; // milliseconds: compilation, collection of garbage
const PER_OCTET = 100; // nanoseconds

const latin1 = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));
const times = (n: number, part: Uint8Array) => joined(...Array.from({ length: n }, () => part));

/** Datagrams, `flows` of them from a port of their own each, or all from one. */
function datagrams(n: number, port: number, payload: Uint8Array, isOneFlow = false) {
  const octets = ethernet(0x0800, ipv4(17, udp(port, payload)));
  return Array.from({ length: n }, (_, i): StoredFrame => {
    const own = octets.slice();
    if (!isOneFlow) own.set(u16(1024 + i), SOURCE_PORT);
    return { octets: own, originalLength: own.length, linkType: 1, time: START + i };
  });
}

/** One connection, whose client's octets come in segments of `size`. */
function segments(port: number, octets: Uint8Array, size: number, answer = hex('')): StoredFrame[] {
  const client: Endpoint = { address: 0x0a000001, port: 40_000 };
  const talk = new TcpTalk(client, { address: 0xc0000201, port }, START);
  const frames = [...talk.open()];
  const first = octets.subarray(0, FIRST);
  const rest = octets.subarray(FIRST);
  for (let i = 0; i < first.length; i += size)
    frames.push(talk.say(0, first.subarray(i, i + size)));
  if (answer.length > 0) frames.push(talk.say(1, answer));
  for (let i = 0; i < rest.length; i += size) frames.push(talk.say(0, rest.subarray(i, i + size)));
  return frames;
}
const FIRST = 220; // octets before the server's answer: a whole offer of a WebSocket

const tagged = initial([cryptoFrame(helloFor('www.example'))]);
tagged[tagged.length - 1] = (tagged.at(-1) ?? 0) ^ 1;
const stun = (attributes: Uint8Array) =>
  joined(
    hex('0001'),
    Uint8Array.from(u16(attributes.length)),
    hex("2112a442 'abcdefghijkl'"),
    attributes,
  );
const pointers = joined(
  hex('1234 8180 0001 00ff 0000 0000 01 61 02 6161 00 0001 0001'),
  times(255, hex('c00c 0005 0001 00000001 0002 c00c')),
);
const deep = joined(
  hex('1234 0100 0001 0000 0000 0000'),
  times(63, hex("01 'a'")),
  hex('00 0001 0001'),
);
const upgrade = latin1(
  'GET /chat HTTP/1.1\r\nHost: a.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n',
);
const offer = joined(upgrade, latin1(`X: ${'x'.repeat(FIRST - upgrade.length - 7)}\r\n\r\n`));
const accepted = latin1(
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n',
);
const hello = joined(hex('01 003fff 0303'), new Uint8Array(16_381));
const tinyRecords = joined(...[...hello].map((octet) => Uint8Array.of(22, 3, 1, 0, 1, octet)));

/** What, its frames, and microseconds that a packet may take. */
const rows: readonly [string, readonly StoredFrame[], number][] = [
  ['QUIC with wrong tags, a flow each', datagrams(4000, 443, tagged), 500],
  ['QUIC with wrong tags, one flow', datagrams(4000, 443, tagged, true), 30],
  [
    'QUIC, 80 packets in a datagram',
    datagrams(2000, 443, times(80, hex('c0 00000001 00 00 00 01 00'))),
    60,
  ],
  ['STUN with 300 attributes', datagrams(4000, 3478, stun(times(300, hex('8055 0000')))), 300],
  [
    'STUN with 300 attributes, one flow',
    datagrams(4000, 3478, stun(times(300, hex('8055 0000'))), true),
    60,
  ],
  ['DNS that points at itself', datagrams(2000, 53, pointers, true), 200],
  ['DNS with a name of 63 labels', datagrams(4000, 53, deep), 60],
  ['DNS with a name of 63 labels, one flow', datagrams(4000, 53, deep, true), 60],
  ['TLS, a hello in records of one octet', segments(443, tinyRecords, 1400), 200],
  ['TLS, the same, octet by octet', segments(443, tinyRecords.subarray(0, 20_000), 1), 30],
  ['TLS that is not, octet by octet', segments(443, joined(hex('16 0301 4000'), hello), 1), 30],
  [
    'WebSocket frames of one octet',
    segments(80, joined(offer, times(20_000, hex("81 81 00000000 'a'"))), 1400, accepted),
    1000,
  ],
  [
    'WebSocket frames, octet by octet',
    segments(80, joined(offer, times(2000, hex("81 81 00000000 'a'"))), 1, accepted),
    30,
  ],
  [
    'an HTTP head of 16 kB, octet by octet',
    segments(80, latin1(`GET / HTTP/1.1\r\nX: ${'x'.repeat(16_000)}`), 1),
    30,
  ],
  [
    '4000 HTTP fields, octet by octet',
    segments(80, latin1(`GET / HTTP/1.1\r\n${'a:b\r\n'.repeat(4000)}`), 1),
    30,
  ],
  [
    'HTTP requests of no host',
    segments(80, latin1('GET / HTTP/1.1\r\n\r\n'.repeat(8000)), 1400),
    1000,
  ],
  ['octets that look like each messenger', segments(5222, times(4000, hex('ee')), 1), 30],
  ['a secret of Telegram', segments(443, times(4000, hex('5a')), 1), 30],
  [
    'mmtls, octet by octet',
    segments(8080, joined(hex('16f104'), Uint8Array.from(u16(16_000)), new Uint8Array(16_000)), 1),
    30,
  ],
];

test.each(rows)('%s', (_, frames, microseconds) => {
  const engine = new Engine({ mode: 'replay', services, onEvent: () => undefined });
  const octets = frames.reduce((sum, frame) => sum + frame.octets.length, 0);
  const before = cpuMilliseconds();
  feedFrames(frames, engine);
  engine.finish();
  const took = cpuMilliseconds() - before;
  const allowed = ALWAYS + (frames.length * microseconds) / 1000 + (octets * PER_OCTET) / 1e6;
  expect(took).toBeLessThan(allowed);
});
