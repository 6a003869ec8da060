/** QUIC: whose name a client's first packets ask for. */
import { describe, expect, test } from 'vitest';
import {
  client,
  describeRows,
  Ear,
  flowContext,
  joined,
  type Row,
  server,
  type Turn,
} from '../../test/support/parser-harness.ts';
import { Direction, Status } from '../contract.ts';
import { QUIC } from './definition.ts';
import { clientInitialKeys } from './initial-keys.ts';
import {
  bytes,
  chlo,
  cryptoFrame,
  DCID,
  HELLO,
  helloFor,
  initial,
  PING,
  padding,
  RFC_FRAME,
} from './quic.fixture.ts';
import { versionOf } from './versions.ts';

const NAME = 'web.whatsapp.com';
const hello = helloFor(NAME, 300);
const large = helloFor(NAME, 1800);
const hex = (octets: Uint8Array | undefined) => Buffer.from(octets ?? []).toString('hex');

/** What a hello of helloFor() shows. */
function shown(protocolVersion = '1', name = NAME) {
  return {
    identify: {
      evidence: 'sni',
      hosts: [name],
      signatures: [],
      protocolVersion,
      reason: 'QUIC',
      tls: expect.objectContaining({ sni: name, alpn: 'h3', version: '1.2' }),
    },
  };
}
/** The address is asked for. */
function place(protocolVersion = '1') {
  return { identify: { evidence: 'address', protocolVersion, reason: 'QUIC' } };
}
const unreadable = { anomaly: 'quic-initial-unreadable' };
const other = bytes('aabbccddeeff0011');
const badTag = (packet: Uint8Array) => {
  const bad = packet.slice();
  bad[bad.length - 1] = (bad.at(-1) ?? 0) ^ 1;
  return bad;
};

describe('RFC vectors', () => {
  const secondSalt = versionOf(0x6b3343cf)?.salts[0] ?? padding(0);
  const firstSalt = versionOf(1)?.salts[0] ?? padding(0);

  test('RFC 9001 A.1, RFC 9369 A.1: the keys of a client', () => {
    const first = clientInitialKeys(firstSalt, DCID, false);
    expect([first.key, first.iv, first.hp].map(hex)).toEqual([
      '1f369613dd76d5467730efcbe3b1a22d',
      'fa044b2f42a3fd3b46fb255c',
      '9f50449e04a0e810283a1e9933adedd2',
    ]);
    const second = clientInitialKeys(secondSalt, DCID, true);
    expect([second.key, second.iv, second.hp].map(hex)).toEqual([
      '8b1a0bc121284290a29e0971b5cd045d',
      '91f73e2351d8fa91660e909f',
      '45b95e15235d6f45a6b19cbcb0294ba9',
    ]);
  });

  // The tag at the end is over everything: a packet that begins and ends as published is the published one.
  test.each([
    [1, 'c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11', '194cd934'],
    [0x6b3343cf, 'd76b3343cf088394c8f03e5157080000449ea0c95e82ffe67b6abcdb4298b485', '9f84cbfc'],
  ])('the fixture seals the Initial of A.2 as published, version %i', (version, start, end) => {
    const packet = initial([RFC_FRAME], { version });
    expect(packet).toHaveLength(1200);
    expect(hex(packet.subarray(0, 32))).toBe(start);
    expect(hex(packet.subarray(-4))).toBe(end);
  });
});

const RFC_TLS = {
  version: '1.3',
  sni: 'example.com',
  alpn: 'alpn',
  ja3: expect.stringMatching(/^[0-9a-f]{32}$/),
  ja4: expect.stringMatching(/^q13d0211an_/),
};

const rows: Row[] = [
  ...(
    [
      [1, '1'],
      [0x6b3343cf, '2'],
    ] as const
  ).map(
    ([version, protocolVersion]): Row => ({
      name: `RFC 9001, RFC 9369, A.2: version ${protocolVersion}`,
      turns: [client(initial([RFC_FRAME], { version }))],
      want: [
        {
          identify: {
            evidence: 'sni',
            hosts: ['example.com'],
            signatures: ['alpn:alpn'],
            protocolVersion,
            reason: 'QUIC',
            tls: RFC_TLS,
          },
        },
      ],
    }),
  ),
  ...(
    [
      [0x709a50c4, '2-draft'],
      [0xff000016, 'draft-22'],
      [0xff000017, 'draft-23'],
      [0xff00001c, 'draft-28'],
      [0xff00001d, 'draft-29'],
      [0xff000020, 'draft-32'],
      [0xff000021, 'draft-33'],
      [0xff000022, 'draft-34'],
      [0xfaceb001, 'mvfst-1'],
      [0xfaceb002, 'mvfst-2'],
      [0xfaceb00e, 'mvfst-e'],
      [0xfaceb003, 'mvfst-3'],
      [0xfaceb010, 'mvfst-10'],
      [0x1a2a3a4a, 'unknown'],
      [0xabcd0001, 'unknown'],
    ] as const
  ).map(
    ([version, protocolVersion]): Row => ({
      name: `version ${version.toString(16)} is ${protocolVersion}`,
      turns: [client(initial([cryptoFrame(hello)], { version }))],
      want: [shown(protocolVersion)],
    }),
  ),
  {
    name: 'mvfst with the salt of another draft',
    turns: [client(initial([cryptoFrame(hello)], { version: 0xfaceb002, salt: 1 }))],
    want: [shown('mvfst-2')],
  },
  ...([1, 2, 3, 4] as const).map(
    (numberLength): Row => ({
      name: `packet number of ${numberLength} octets`,
      turns: [client(initial([cryptoFrame(hello)], { numberLength, number: 0xa7 }))],
      want: [shown()],
    }),
  ),
  {
    name: 'frames shuffled, among others that may stand there',
    turns: [
      client(
        initial([
          PING,
          cryptoFrame(hello.subarray(200), 200),
          padding(3),
          bytes('02 05 00 01 02 01 03'.replaceAll(' ', '')), // ACK with a second range
          bytes('03 05 00 00 02 01 02 03'.replaceAll(' ', '')), // with ECN counts
          cryptoFrame(hello.subarray(0, 60)),
          bytes('1c 0a 06 02 6f 6b'.replaceAll(' ', '')), // CONNECTION_CLOSE
          cryptoFrame(hello.subarray(60, 200), 60),
        ]),
      ),
    ],
    want: [shown()],
  },
  {
    name: 'a hello over two datagrams, the second first, one of them again, an answer between',
    turns: [
      client(initial([cryptoFrame(large.subarray(1000), 1000)], { number: 1 })),
      client(initial([cryptoFrame(large.subarray(1000), 1000)], { number: 2 })),
      server(initial([PING], { id: padding(0), source: other, keyId: DCID })),
      client(initial([cryptoFrame(large.subarray(0, 1000))], { number: 0 })),
    ],
    want: [shown()],
  },
  {
    name: 'a hello over two packets of one datagram, behind 0-RTT, before padding',
    turns: [
      client(
        initial([PING], { type: 1, size: 40 }),
        initial([cryptoFrame(large.subarray(1000), 1000)], { number: 1, size: 0 }),
        initial([cryptoFrame(large.subarray(0, 1000))], { number: 0, size: 0 }),
        padding(40),
      ),
    ],
    want: [shown()],
  },
  {
    name: 'what comes twice: the first counts',
    turns: [
      client(
        initial([
          cryptoFrame(hello.subarray(0, 280)),
          cryptoFrame(padding(30), 250), // 30 octets over the end of the first, of which the name is part
          cryptoFrame(hello.subarray(280), 280),
        ]),
      ),
    ],
    want: [{ anomaly: 'quic-crypto-conflict' }, shown()],
  },
  {
    name: 'after a Retry: keys of the id that the server told, unless the first had told all',
    turns: [
      client(initial([cryptoFrame(large.subarray(0, 1000))])),
      server(
        joined(bytes('f000000001'), bytes('00'), Uint8Array.of(8), other, padding(40)), // Retry
      ),
      client(initial([cryptoFrame(large.subarray(0, 900))], { id: other, token: padding(40) })),
      client(initial([cryptoFrame(large.subarray(900), 900)], { id: other, token: padding(40) })),
    ],
    want: [shown()],
  },
  {
    name: 'the server told another id: keys of the first one',
    turns: [
      client(initial([cryptoFrame(large.subarray(0, 1000))])),
      client(
        initial([cryptoFrame(large.subarray(1000), 1000)], { id: other, keyId: DCID, number: 3 }),
      ),
    ],
    want: [shown()],
  },
  {
    name: 'another version after negotiation: another handshake',
    turns: [
      client(initial([cryptoFrame(large.subarray(0, 1000))], { version: 0x1a2a3a4a })),
      server(joined(bytes('8000000000'), bytes('00'), Uint8Array.of(8), DCID, bytes('00000001'))),
      client(initial([cryptoFrame(hello)], { id: other })),
    ],
    want: [shown()],
  },
  {
    name: 'a version is asked for that nobody has: the name is waited for',
    turns: [
      client(badTag(initial([cryptoFrame(hello)], { version: 0x2a2a2a2a }))),
      server(joined(bytes('8000000000'), bytes('00'), Uint8Array.of(8), DCID, bytes('00000001'))),
      client(initial([cryptoFrame(hello)])),
    ],
    want: [shown()],
  },
  {
    name: 'the QUIC bit cleared, with a token',
    turns: [client(initial([cryptoFrame(hello)], { quicBit: false, token: padding(70) }))],
    want: [shown()],
  },
  {
    name: 'a name that is none',
    turns: [client(initial([cryptoFrame(helloFor('a b.example'))]))],
    want: [
      { anomaly: 'sni-invalid' },
      {
        identify: expect.objectContaining({ evidence: 'sni', signatures: [], reason: 'QUIC' }),
      },
    ],
  },
  {
    name: 'no ClientHello: the address is asked for',
    turns: [client(initial([cryptoFrame(bytes('0200000400000000'))]))],
    want: [place()],
  },
  {
    name: 'unreadable: the address is asked for once, and the name is looked for four times',
    turns: Array.from({ length: 6 }, () => client(badTag(initial([cryptoFrame(hello)])))),
    want: [place(), unreadable],
  },
  {
    name: 'junk before the hello',
    turns: [
      client(badTag(initial([cryptoFrame(hello)]))),
      client('junk'),
      client(badTag(initial([cryptoFrame(hello)]))),
      client(initial([cryptoFrame(hello)])),
    ],
    want: [place(), shown()],
  },
  {
    name: 'picked up in the middle: packets of the handshake, of the server first',
    turns: [
      server(initial([PING], { type: 2, id: padding(0), source: other, size: 40 })),
      client(initial([PING], { type: 2, id: other, size: 40 })),
    ],
    want: [place()],
  },
  {
    name: 'who sends first what only servers send, does not hide the name',
    turns: [
      server(joined(bytes('8000000000'), bytes('00'), Uint8Array.of(8), DCID, bytes('00000001'))),
      server(initial([cryptoFrame(large.subarray(0, 1000))])),
      client(initial([PING], { id: padding(0), source: other, keyId: DCID })),
      server(initial([cryptoFrame(large.subarray(1000), 1000)])),
    ],
    want: [shown()],
  },
  {
    name: 'half a hello of another connection is not mixed in',
    turns: [
      client(
        initial([cryptoFrame(helloFor('www.office.example', 1800).subarray(0, 1500))], { size: 0 }),
      ),
      client(initial([cryptoFrame(large)], { id: other, size: 0 })),
    ],
    want: [shown()],
  },
  {
    name: 'an upgrade to version 2 within the handshake: the id stays',
    turns: [
      client(initial([cryptoFrame(large.subarray(0, 1000))])),
      client(
        initial([cryptoFrame(large)], { version: 0x6b3343cf, id: other, keyId: DCID, size: 0 }),
      ),
    ],
    want: [shown('2')],
  },
  {
    name: 'Google’s, without a hello: the address is asked for',
    turns: [client(googlePublic('Q043', padding(40)))],
    want: [place('Q043')],
  },
  {
    name: 'Q043: a CHLO in clear',
    turns: [client(googlePublic('Q043', chlo({ PAD: '-'.repeat(400), SNI: NAME, VER: 'Q043' })))],
    want: [googleShown('Q043')],
  },
  {
    name: 'Q024: with private flags, and an id of a length that the flags tell',
    turns: [client(googlePublic('Q024', chlo({ SNI: NAME }), 0x0d))],
    want: [googleShown('Q024')],
  },
  {
    name: 'Q046: a long header of its own',
    turns: [
      client(
        bytes('c351303436508394c8f03e51570800000001'),
        padding(12),
        bytes('a0010400'),
        chlo({ SNI: NAME }),
      ),
    ],
    want: [googleShown('Q046')],
  },
  {
    name: 'Q050: a CHLO, protected',
    turns: [client(initial([cryptoFrame(chlo({ SNI: NAME }), 0, 8)], { version: 0x51303530 }))],
    want: [googleShown('Q050')],
  },
  ...([0x54303530, 0x54303531] as const).map(
    (version): Row => ({
      name: `T05${version & 15}: a ClientHello in Google's frames`,
      turns: [client(initial([Uint8Array.of(7), cryptoFrame(hello, 0, 8)], { version }))],
      want: [shown(`T05${version & 15}`)],
    }),
  ),
  {
    name: 'a CHLO without a name',
    turns: [client(googlePublic('Q039', chlo({ PAD: '----' })))],
    want: [{ identify: { evidence: 'sni', protocolVersion: 'Q039', reason: 'QUIC', tls: {} } }],
  },
  {
    name: 'a CHLO that is cut short, then a whole one',
    turns: [
      client(googlePublic('Q039', chlo({ SNI: NAME }).subarray(0, 30))),
      client(googlePublic('Q039', chlo({ SNI: NAME }))),
    ],
    want: [googleShown('Q039')],
  },
];

function googlePublic(version: string, message: Uint8Array, flags = 0x09): Uint8Array {
  const text = (value: string) => new TextEncoder().encode(value);
  return joined(
    Uint8Array.of(flags),
    DCID,
    text(version),
    Uint8Array.of(1),
    padding(12),
    padding(version < 'Q034' ? 1 : 0),
    bytes('a0010400'),
    message,
  );
}

function googleShown(protocolVersion: string) {
  return {
    identify: {
      evidence: 'sni',
      hosts: [NAME],
      protocolVersion,
      reason: 'QUIC',
      tls: { sni: NAME },
    },
  };
}

describeRows(QUIC, rows, { datagrams: true });

describe('when it is done', () => {
  test('the hello ends it, known or not', () => {
    const parser = QUIC.create(flowContext({ transport: 'udp' }));
    const ear = new Ear();
    expect(parser.push(Direction.ToServer, initial([cryptoFrame(hello)]), ear)).toBe(Status.Done);
    expect(parser.push(Direction.ToServer, initial([cryptoFrame(hello)]), ear)).toBe(Status.Done);
    expect(ear.heard).toHaveLength(1);
    expect(parser.held()).toBeLessThanOrEqual(1536);
  });

  test('a known address ends it before the name is read', () => {
    const parser = QUIC.create(flowContext({ transport: 'udp' }));
    const ear = new Ear();
    ear.known = () => true;
    expect(parser.push(Direction.ToServer, badTag(initial([cryptoFrame(hello)])), ear)).toBe(
      Status.Done,
    );
    expect(ear.heard).toEqual([place()]);
  });

  test('what was there of the hello counts at the end', () => {
    const parser = QUIC.create(flowContext({ transport: 'udp' }));
    const ear = new Ear();
    const first = initial([cryptoFrame(joined(HELLO.subarray(0, 200)))]);
    expect(parser.push(Direction.ToServer, first, ear)).toBe(Status.More);
    expect(ear.heard).toEqual([]);
    parser.end(Direction.ToServer, ear);
    parser.end(Direction.ToClient, ear);
    expect(ear.heard).toMatchObject([
      { anomaly: 'client-hello-malformed' },
      { identify: { hosts: ['example.com'] } },
    ]);
  });

  test('a flow that never says it is given up', () => {
    const short = bytes('40112233445566');
    const lasts = (turns: readonly Turn[]) => {
      const parser = QUIC.create(flowContext({ transport: 'udp' }));
      const ear = new Ear();
      const over = turns.findIndex(
        ({ direction, wire }) => parser.push(direction, wire, ear) !== Status.More,
      );
      expect(ear.heard).toEqual([{ identify: { evidence: 'address', reason: 'QUIC' } }]);
      return over + 1;
    };
    expect(lasts(Array.from({ length: 300 }, () => client(short)))).toBe(256);
    expect(lasts(Array.from({ length: 25 }, () => [server(short), client(short)]).flat())).toBe(48);
  });
});
