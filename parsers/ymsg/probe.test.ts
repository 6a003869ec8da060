/** Both probes: strong evidence only, and the answer as early as it can be. */
import { describe, expect, test } from 'vitest';
import { joined, octets } from '../../test/support/parser-harness.ts';
import { Direction, Probe } from '../contract.ts';
import { HTTP_PROBE_LIMIT, probeYmsgHttp } from './http-probe.ts';
import { probeYmsg } from './probe.ts';
import { framed, packet, served } from './ymsg.fixture.ts';

const { ToServer, ToClient } = Direction;
const NOTHING = new Uint8Array(0);
const answers = (wire: Uint8Array, direction: Direction = ToServer, midstream = false) =>
  probeYmsg(direction, wire, midstream);

/** The answer to each prefix is More until it is final. */
function decides(probe: (wire: Uint8Array) => Probe, wire: Uint8Array): [Probe, number] {
  for (let length = 1; length <= wire.length; length++) {
    const answer = probe(wire.subarray(0, length));
    if (answer !== Probe.More) return [answer, length];
  }
  return [Probe.More, wire.length];
}

describe('YMSG', () => {
  test.each([
    ['a sign-in', packet(0x57, '1=ann'), ToServer],
    ['a first VERIFY', packet(0x4c, ''), ToServer],
    ['little-endian versions', packet(0x57, '1=ann', { version: 0x0900 }), ToServer],
    ["the Macintosh client's", packet(0x57, '1=ann', { version: 0x65 }), ToServer],
    ['a server of version 0', served(0x57, '1=ann|94=x'), ToClient],
    ['a service newer than this decoder', packet(0x333, ''), ToServer],
    ['a version newer than this decoder', packet(6, '1=ann', { version: 0x33 }), ToServer],
  ] as const)('%s: yes, at the end of the header', (_, wire, direction) => {
    expect(decides((seen) => answers(seen, direction), wire)).toEqual([Probe.Yes, 20]);
  });

  test.each(['YHOO1.0\0\0\0\0\0\0', 'YPNS1.4\0\0\0\0\0\0', 'YCHT\0\0\x01\0\0\0\0\0\0'])(
    'an ancestor: %s',
    (word) => expect(decides(answers, octets(word))).toEqual([Probe.Yes, 12]),
  );

  test.each([
    ['another first octet', 'GET / HTTP/1.1\r\n', 1],
    ['Y and no more', 'YES\r\n', 2],
    ['YM and no more', 'YMCA is fun', 3],
    ['a word of text', 'YHOO is a ticker symbol', 5],
    ['a log line', 'YMSG stands for Yahoo messaging', 20],
    ['another protocol that begins so', 'YHOO1.x is old software', 12],
  ])('%s: no', (_, text, length) => {
    expect(decides(answers, octets(text))).toEqual([Probe.No, length]);
  });

  test('version 0 and a service that is not known: no', () => {
    expect(answers(served(0x333, ''), ToClient)).toBe(Probe.No);
  });

  test('in the middle, what only one side says tells which it is', () => {
    expect(answers(packet(0x8a, '0=ann'), ToServer, true)).toBe(Probe.Yes);
    expect(answers(packet(0x8a, '0=ann'), ToClient, true)).toBe(Probe.No);
    expect(answers(served(0x55, '87='), ToClient, true)).toBe(Probe.Yes);
    expect(answers(served(0x55, '87='), ToServer, true)).toBe(Probe.No);
    expect(answers(packet(0xf0, '7=bob'), ToServer, true)).toBe(Probe.No);
  });

  test('nothing yet: more', () => {
    expect(answers(NOTHING)).toBe(Probe.More);
    expect(probeYmsgHttp(ToServer, NOTHING, false)).toBe(Probe.More);
  });
});

describe('HTTP', () => {
  const asks = (text: string) =>
    decides((seen) => probeYmsgHttp(ToServer, seen, false), octets(text))[0];

  test.each([
    'POST http://filetransfer.msg.yahoo.com:80/notifyft HTTP/1.0\r\n',
    'POST /notifyft HTTP/1.1\r\n',
    'POST /relay?token=x%2B&sender=ann&recver=bob HTTP/1.1\r\n',
    'HEAD /relay?token=x&sender=bob&recver=ann HTTP/1.1\r\n',
    'GET /relay?token=x&sender=bob&recver=ann HTTP/1.1\r\n',
    'GET http://relay.msg.yahoo.com/relay?token=x&sender=bob&recver=ann HTTP/1.1\r\n',
    'POST http://shttp.msg.yahoo.com/notify/ HTTP/1.0\r\n',
    'POST /notify HTTP/1.1\r\nUser-Agent: x\r\nHost: shttp.msg.yahoo.com\r\n',
  ])('yes: %s', (text) => expect(asks(text)).toBe(Probe.Yes));

  test.each([
    'GET / HTTP/1.1\r\nHost: www.yahoo.com\r\n',
    'GET /notifyft HTTP/1.0\r\n',
    'POST /notifyfta HTTP/1.0\r\n',
    'POST /notify/ HTTP/1.1\r\nHost: hooks.example\r\nX: .msg.yahoo.com\r\n',
    'POST /notify/ HTTP/1.1\r\nX: y\r\n\r\n',
    'POST http://hooks.example/notify/ HTTP/1.0\r\n',
    'GET /relay?token=x HTTP/1.1\r\nReferer: /relay?token=x&sender=a&recver=b\r\n',
    'GET /relay?tok=x&recver=b HTTP/1.1\r\n',
    'GET /path?to=/notifyft HTTP/1.1\r\n',
    'POST https://x/notifyft HTTP/1.1\r\n',
    'PRIVMSG #x :POST /notifyft',
    'HELO mail\r\n',
  ])('no: %s', (text) => expect(asks(text)).toBe(Probe.No));

  test('a GET of anything else is let go within its first words', () => {
    const [answer, length] = decides(
      (seen) => probeYmsgHttp(ToServer, seen, false),
      octets('GET /index.html HTTP/1.1\r\n'),
    );
    expect([answer, length]).toEqual([Probe.No, 6]);
  });

  test("a server's answer says nothing, and in the middle it is nobody's", () => {
    const answer = octets('HTTP/1.1 200 OK\r\n');
    expect(probeYmsgHttp(ToClient, answer, false)).toBe(Probe.More);
    expect(probeYmsgHttp(ToClient, answer, true)).toBe(Probe.No);
    expect(probeYmsgHttp(ToClient, octets('220 mail'), false)).toBe(Probe.No);
  });

  test('no head is looked through beyond the limit', () => {
    const long = joined(
      octets('POST /notify HTTP/1.1\r\n'),
      octets(`A: ${'b'.repeat(HTTP_PROBE_LIMIT)}`),
    );
    expect(probeYmsgHttp(ToServer, long.subarray(0, HTTP_PROBE_LIMIT), false)).toBe(Probe.More);
    expect(framed(6, NOTHING)).toHaveLength(20);
  });
});
