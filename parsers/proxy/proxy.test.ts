import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  client,
  Ear,
  feed,
  flowContext,
  hex,
  octets,
  server,
  type Turn,
} from '../../test/support/parser-harness.ts';
import { ANY_PROTOCOL, type Direction, Probe, type ProtocolDefinition } from '../contract.ts';
import { HTTP_CONNECT, SOCKS4, SOCKS5_PROXY } from './definition.ts';

const text = (wire: Uint8Array | undefined) => String.fromCharCode(...(wire ?? []));

interface Row {
  readonly name: string;
  readonly protocol: ProtocolDefinition;
  readonly turns: readonly Turn[];
  readonly to: string;
  /** Name of the host asked for. */
  readonly host?: string;
  readonly rest: readonly [string, string];
}

const ROWS: readonly Row[] = [
  {
    name: 'CONNECT',
    protocol: HTTP_CONNECT,
    turns: [
      client('CONNECT im.example:1863 HTTP/1.0\r\nHost: im.example\r\n\r\n'),
      server('HTTP/1.0 200 Connection established\r\nVia: p\r\n\r\nhello'),
    ],
    to: 'HTTP CONNECT to im.example:1863',
    host: 'im.example',
    rest: ['', 'hello'],
  },
  {
    name: 'CONNECT, refused for want of a password, asked again, and a hasty client',
    protocol: HTTP_CONNECT,
    turns: [
      client('CONNECT a:1 HTTP/1.1\r\n\r\n'),
      server('HTTP/1.1 407 Who\r\nContent-Length: 3\r\n\r\nwho'),
      client('CONNECT a:1 HTTP/1.1\r\nProxy-Authorization: x\r\n\r\nVER 1'),
      server('HTTP/1.1 200 OK\n\n'),
    ],
    to: 'HTTP CONNECT to a:1',
    host: 'a',
    rest: ['VER 1', ''],
  },
  {
    name: 'SOCKS4',
    protocol: SOCKS4,
    turns: [
      client(hex("04 01 07 47 c0 00 02 01 'ann' 00")),
      server(hex('00 5a 00 00 00 00 00 00')),
    ],
    to: 'SOCKS4 to 192.0.2.1:1863',
    rest: ['', ''],
  },
  {
    name: 'SOCKS4a by name, waiting for a connection',
    protocol: SOCKS4,
    turns: [
      client(hex("04 02 13 ba 00 00 00 01 00 'im.example' 00")),
      server(hex("00 5a 00 00 00 00 00 00 00 5a 00 00 00 00 00 00 'x'")),
    ],
    to: 'SOCKS4 to im.example:5050',
    host: 'im.example',
    rest: ['', 'x'],
  },
  {
    name: 'SOCKS5 without a password',
    protocol: SOCKS5_PROXY,
    turns: [
      client(hex('05 01 00')),
      server(hex('05 00')),
      client(hex("05 01 00 03 02 'im' 13 ba")),
      server(hex("05 00 00 01 c0 00 02 01 13 ba 'hi'")),
    ],
    to: 'SOCKS5 to im:5050',
    host: 'im',
    rest: ['', 'hi'],
  },
  {
    name: 'SOCKS5 with a password, to an IPv6 address, said at once',
    protocol: SOCKS5_PROXY,
    turns: [
      client(
        hex(
          "05 02 00 02 01 01 'u' 02 'pw' 05 01 00 04 fd 00 0000 0000 0000 0000 0000 0000 0001 14 46",
        ),
      ),
      server(hex("05 02 01 00 05 00 00 03 01 'p' 00 01")),
    ],
    to: 'SOCKS5 to [fd00:0:0:0:0:0:0:1]:5190',
    rest: ['', ''],
  },
];

describe.each(ROWS.map((row) => [row.name, row] as const))(
  '%s',
  (_, { protocol, turns, to, host, rest }) => {
    test.each([1, 2, 5, 1000])('in pieces of %i', (size) => {
      const cutAt = (length: number) =>
        [...Array(Math.floor(length / size)).keys()].map((i) => i * size);
      // What is behind the grant belongs to the inner protocol, in the piece that grants or after it.
      const ear = feed(protocol.create(flowContext()), turns, cutAt);
      // A client that is refused asks again.
      const said = ear.heard.filter((heard, i) => i === 0 || 'handOver' in heard);
      const reason = `inside ${to}`;
      const target = { identify: { evidence: 'host', hosts: [host], reason } };
      const named = host === undefined ? [] : [target];
      expect(said).toEqual([...named, { handOver: ANY_PROTOCOL, reason: to }]);
      expect(text(ear.handedOver[0])).toBe(rest[0]);
      expect(rest[1].startsWith(text(ear.handedOver[1]))).toBe(true);
      if (size === 1000) expect(text(ear.handedOver[1])).toBe(rest[1]);
    });

    test('is recognised by what the client says, not before', () => {
      const said = turns
        .filter(({ direction }) => direction === 0)
        .flatMap(({ wire }) => [...wire]);
      const wire = Uint8Array.from(said);
      const answers = [...wire.keys()].map((n) => protocol.probe?.(0, wire.subarray(0, n), false));
      expect(answers).not.toContain(Probe.No);
      expect(protocol.probe?.(0, wire, false)).toBe(Probe.Yes);
      expect(protocol.probe?.(0, wire, true)).toBe(Probe.No);
    });
  },
);

test.each([
  ['a web proxy', HTTP_CONNECT, 0, octets('GET http://x/ HTTP/1.1\r\n')],
  ['a CONNECT that is none', HTTP_CONNECT, 0, octets('CONNECT x:1 FTP/1.1\r\n')],
  ['a server that speaks first', HTTP_CONNECT, 1, octets('220 ready')],
  ['SOCKS4 to port 0', SOCKS4, 0, hex('04 01 00 00 c0 00 02 01 00')],
  ['MSN direct', SOCKS4, 0, hex("04 00 00 00 'foo' 00")],
  [
    'a bytestream of XMPP',
    SOCKS5_PROXY,
    0,
    hex(`05 01 00 05 01 00 03 28 '${'a'.repeat(40)}' 00 00`),
  ],
  ['a SOCKS5 server that wants GSSAPI', SOCKS5_PROXY, 1, hex('05 01')],
] as const)('%s is not it', (_, protocol, direction: Direction, wire) => {
  expect(protocol.probe?.(direction, wire, false)).toBe(Probe.No);
});

test('a proxy that refuses, and one that says nothing sensible, end the reading', () => {
  const refused = feed(SOCKS4.create(flowContext()), [
    client(hex('04 01 07 47 c0 00 02 01 00')),
    server(hex('00 5b 00 00 00 00 00 00')),
  ]);
  expect(refused.heard).toEqual([]);
  const odd = feed(HTTP_CONNECT.create(flowContext()), [
    client('CONNECT a:1 HTTP/1.1\r\n\r\n'),
    server('SSH-2.0-x\r\n\r\n'),
  ]);
  expect(odd.heard).toHaveLength(1);
});

test('the host is said with the request, before the proxy has answered', () => {
  const { heard } = feed(HTTP_CONNECT.create(flowContext()), [
    client('CONNECT Web.WhatsApp.com:443 HTTP/1.1\r\n\r\n'),
  ]);
  expect(heard).toMatchObject([{ identify: { hosts: ['web.whatsapp.com'] } }]);
});

test('any octets throw nothing and are held in bounds', () => {
  const start = fc.constantFrom(
    'CONNECT a:1 HTTP/1.1\r\n',
    '\x04\x01\x07\x47',
    '\x05\x01\0\x05\x01\0\x03',
    'HTTP/1.1 407 x\r\nContent-Length: 9\r\n\r\n',
  );
  const wire = fc.oneof(fc.uint8Array({ maxLength: 400 }), start.map(octets));
  const turns = fc.array(fc.record({ direction: fc.constantFrom<Direction>(0, 1), wire }), {
    maxLength: 9,
  });
  fc.assert(
    fc.property(fc.constantFrom(HTTP_CONNECT, SOCKS4, SOCKS5_PROXY), turns, (protocol, said) => {
      const parser = protocol.create(flowContext());
      feed(parser, said, undefined, new Ear());
      expect(parser.held()).toBeLessThan(512 + 4 * 16_384);
    }),
  );
});
