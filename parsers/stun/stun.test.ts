/** STUN and TURN: bytes to facts. The messages are those of captures, shortened; addresses are of documentation. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import '../../test/support/property-seed.ts';
import {
  client,
  describeRows,
  Ear,
  feed,
  flowContext,
  type Heard,
  hex,
  joined,
  type Row,
  server,
} from '../../test/support/parser-harness.ts';
import { Direction, Probe, Status } from '../contract.ts';
import { STUN, STUN_TCP } from './definition.ts';
import { probeStun, probeStunStream } from './probe.ts';

const COOKIE = '21 12 a4 42';
const TRANSACTION = '01 02 03 04 05 06 07 08 09 0a 0b 0c';
const u16 = (value: number) => value.toString(16).padStart(4, '0');

/** `type`, and attributes as [type, value in hex]; the last is padded unless told. */
function stun(type: number, ...attributes: readonly (readonly [number, string])[]): Uint8Array {
  const values = attributes.map(([attribute, written]) => {
    const value = hex(written);
    const padding = new Uint8Array((4 - (value.length % 4)) % 4);
    return joined(hex(`${u16(attribute)} ${u16(value.length)}`), value, padding);
  });
  const body = joined(...values);
  return joined(hex(`${u16(type)} ${u16(body.length)} ${COOKIE} ${TRANSACTION}`), body);
}

const INTEGRITY = [0x0008, '00 11 22 33 44 55 66 77 88 99 aa bb cc dd ee ff 00 11 22 33'] as const;
const MAPPED = [0x0020, '00 01 d1 24 7c 31 0f 41'] as const;
const UDP = [0x0019, '11 00 00 00'] as const;
const realm = (name: string) => [0x0014, `'${name}'`] as const;

const bare = stun(0x0001, INTEGRITY);
const keepAlive = stun(0x0001);
const relay = stun(0x0003, [0x4000, '09 02 b6 28']);
const marked = (signature: string, more: Heard = {}): Heard => ({
  identify: {
    evidence: 'stun',
    signatures: [signature],
    activity: 'call',
    reason: 'STUN',
    ...more,
  },
});
const BY_ADDRESS = { identify: { evidence: 'stun', activity: 'call', reason: 'STUN' } };

const rows: readonly Row[] = [
  { name: 'WhatsApp asks its relay', turns: [client(relay)], want: [marked('stun-whatsapp')] },
  {
    name: "WhatsApp's method 080, whose last attribute is not padded",
    turns: [client(hex(`08 00 00 06 ${COOKIE} ${TRANSACTION} 40 00 00 02 05 03`))],
    want: [marked('stun-whatsapp')],
  },
  {
    name: 'Microsoft, by the attribute that comes first',
    turns: [client(stun(0x0003, [0x000f, '72 c6 4b c6'], [0x8008, '00 00 00 06']))],
    want: [marked('stun-teams')],
  },
  {
    name: "Microsoft's data without a cookie",
    turns: [client(hex(`01 15 00 08 c2 d6 76 4f ${TRANSACTION} 00 0f 00 04 72 c6 4b c6`))],
    want: [marked('stun-teams')],
  },
  {
    name: "a message inside Microsoft's multiplexed TURN",
    turns: [client(joined(hex(`ff 10 ${u16(8 + bare.length)} 65 1f 34 ce 2e 79 15 fc`), bare))],
    want: [marked('stun-teams')],
  },
  {
    name: 'Zoom, without a cookie: the text of twenty digits',
    turns: [
      client(hex(`00 01 00 18 fc a5 c2 32 ${TRANSACTION} 01 01 00 14 '12345678901234567890'`)),
    ],
    want: [marked('stun-zoom')],
  },
  {
    name: 'Zoom, the answer alone',
    turns: [
      server(hex(`00 02 00 0c fc a5 c2 32 ${TRANSACTION} 01 03 00 08 00 01 ff 75 c0 00 02 01`)),
    ],
    want: [marked('stun-zoom')],
  },
  {
    name: 'a realm that is the name of a host',
    turns: [client(stun(0x0003, UDP)), server(stun(0x0113, realm('viber.com'), [0x0015, "'n'"]))],
    want: [marked('stun-viber', { hosts: ['viber.com'] })],
  },
  {
    name: 'a realm of words; each is asked once',
    turns: [
      server(stun(0x0113, realm('turner.facebook'))),
      client(stun(0x0003, realm('turner.facebook'))),
    ],
    want: [marked('stun-facebook', { hosts: ['turner.facebook'] })],
  },
  {
    name: 'a realm of somebody, in capitals and ended by a zero',
    turns: [server(stun(0x0113, [0x0014, "'Turn.Signal.ORG' 00"]))],
    want: [
      {
        identify: {
          evidence: 'stun',
          hosts: ['turn.signal.org'],
          activity: 'call',
          reason: 'STUN',
        },
      },
    ],
  },
  {
    name: 'a realm that is no name says nothing',
    turns: [server(stun(0x0113, realm('wonderland'))), client(bare)],
    want: [],
  },
  {
    name: 'nothing tells: names and addresses are asked after four messages, once',
    turns: Array.from({ length: 8 }, () => client(bare)),
    want: [BY_ADDRESS],
  },
  {
    name: 'libwebrtc proves nothing: its attributes and its software',
    turns: [client(stun(0x0001, [0x0006, "'a:b'"], [0xc057, '00 01 00 0a'], [0x8022, "'x'"]))],
    want: [],
  },
  {
    name: 'media and channels count as messages',
    turns: [
      client(bare),
      client(hex('80 60 00 01 00 00 00 02 00 00 00 03')),
      client(hex('16 fe ff 00 00')),
      client(hex("40 01 00 03 'abc' 00")),
    ],
    want: [BY_ADDRESS],
  },
  {
    name: 'what is neither is looked at as a new flow',
    turns: [client(bare), client('MESSAGE sip:bob@e.example SIP/2.0\r\n')],
    want: [{ handOver: '*', reason: 'after STUN' }],
  },
  {
    name: 'an attribute beyond its message',
    turns: [client(hex(`00 01 00 08 ${COOKIE} ${TRANSACTION} 40 00 00 ff 00 00 00 00`))],
    want: [{ anomaly: 'stun-malformed' }],
  },
];

describeRows(STUN, rows, { datagrams: true });

describe('sockets that were used for a call', () => {
  const memory = new Map<string, unknown>();
  const between = (serverAddress: string, clientPort = 40000) =>
    STUN.create(flowContext({ transport: 'udp', memory, serverAddress, clientPort }));
  const heard = (parser: ReturnType<typeof between>, ...turns: Parameters<typeof feed>[1]) =>
    feed(parser, turns).heard;

  test('tell whose bare messages to others are, and at most with medium confidence', () => {
    expect(heard(between('198.51.100.1'), client(bare))).toEqual([]);
    expect(heard(between('192.0.2.1'), client(relay))).toEqual([marked('stun-whatsapp')]);
    const followed = marked('stun-whatsapp', { confidence: 'medium' });
    expect(heard(between('198.51.100.2'), client(bare))).toEqual([followed]);
    expect(heard(between('198.51.100.2', 40001), client(bare))).toEqual([]);
  });

  test('only who sends a mark is marked, not whom it is sent to', () => {
    const victim = { clientAddress: '203.0.113.66', serverAddress: '10.9.9.9' };
    feed(STUN.create(flowContext({ transport: 'udp', memory, ...victim })), [client(relay)]);
    const later = { clientAddress: '10.9.9.8', serverAddress: '10.9.9.9' };
    const flow = STUN.create(flowContext({ transport: 'udp', memory, ...later }));
    expect(feed(flow, [client(bare)]).heard).toEqual([]);
  });
});

test('where the catalogue knows the service the parser is done, else it reads on for a while', () => {
  const known = new Ear();
  known.known = () => true;
  expect(STUN.create(flowContext()).push(Direction.ToServer, relay, known)).toBe(Status.Done);
  const parser = STUN.create(flowContext());
  const statuses = Array.from({ length: 24 }, () => parser.push(0, relay, new Ear()));
  expect(statuses).toEqual([...Array(23).fill(Status.More), Status.Done]);
});

test('a flow that ends early asks at its end, once', () => {
  const ear = new Ear();
  const parser = STUN.create(flowContext());
  parser.push(Direction.ToServer, bare, ear);
  parser.end(Direction.ToServer, ear);
  parser.end(Direction.ToClient, ear);
  expect(ear.heard).toEqual([BY_ADDRESS]);
});

const padded = hex("40 01 00 03 'abc' 00");
const framed = (message: Uint8Array) => joined(hex(u16(message.length)), message);
const streams: readonly Row[] = [
  {
    name: 'messages and channel data, one after the other',
    turns: [client(stun(0x0003, UDP), padded, stun(0x0003, UDP, realm('viber.com')))],
    want: [marked('stun-viber', { hosts: ['viber.com'] })],
  },
  {
    name: 'each with its length before it',
    turns: [client(framed(bare), framed(relay))],
    want: [marked('stun-whatsapp')],
  },
];
describeRows(STUN_TCP, streams);

test('a stream: what is no STUN ends it; a message that is too long too; nothing is held after', () => {
  for (const after of [
    hex('ff ff ff ff ff ff ff ff ff ff'),
    hex('00 01 7f fc 21 12 a4 42 00 00'),
  ]) {
    const parser = STUN_TCP.create(flowContext());
    expect(parser.push(0, bare, new Ear())).toBe(Status.More);
    expect(parser.push(0, after, new Ear())).toBe(Status.Done);
    expect(parser.held()).toBeLessThan(1024);
  }
});

describe('the probe', () => {
  test.each([
    ['a call', bare, Probe.Yes],
    ['an allocation', stun(0x0003, UDP), Probe.Yes],
    ['a mark in an answer', stun(0x0101, MAPPED, [0x8070, '00 00 00 03']), Probe.Yes],
    ['a keep-alive', keepAlive, Probe.More],
    ['an answer to a keep-alive', stun(0x0101, MAPPED, [0x8022, "'srv'"]), Probe.More],
    ['one octet too many', joined(bare, hex('00')), Probe.No],
    ['one octet too few', bare.subarray(0, -1), Probe.No],
    [
      'RFC 3489 with an attribute of another time',
      hex(`00 01 00 08 00 00 00 00 ${TRANSACTION} 00 20 00 04 00 00 00 00`),
      Probe.No,
    ],
    ['RFC 3489 without attributes', hex(`00 01 00 00 00 00 00 00 ${TRANSACTION}`), Probe.No],
    [
      'RFC 3489 with an address',
      hex(`01 01 00 0c 00 00 00 00 ${TRANSACTION} 00 01 00 08 00 01 ff 75 c0 00 02 01`),
      Probe.More,
    ],
    [
      'RFC 3489 with an address of no family',
      hex(`01 01 00 0c 00 00 00 00 ${TRANSACTION} 00 01 00 08 00 09 ff 75 c0 00 02 01`),
      Probe.No,
    ],
    ['RTP', hex('80 60 00 01 00 00 00 02 00 00 00 03'), Probe.No],
    ['nothing', new Uint8Array(0), Probe.More],
  ])('%s', (_, octets, want) => {
    expect(probeStun(Direction.ToServer, octets, false)).toBe(want);
  });

  test('of a stream, at every prefix', () => {
    const answers = (whole: Uint8Array) =>
      Array.from({ length: 24 }, (_, n) => probeStunStream(0, whole.subarray(0, n), false));
    expect(answers(bare)).toEqual([...Array(8).fill(Probe.More), ...Array(16).fill(Probe.Yes)]);
    expect(answers(framed(bare))).toEqual([
      ...Array(10).fill(Probe.More),
      ...Array(14).fill(Probe.Yes),
    ]);
    expect(answers(hex("'GET / HTTP/1.1' 0d 0a")).slice(1, 9)).not.toContain(Probe.Yes);
    expect(probeStunStream(0, hex("'GET'"), false)).toBe(Probe.No);
  });
});

test('random and mutated messages: no throw, little held', () => {
  const seeds = rows.flatMap(({ turns }) => turns.map(({ wire }) => wire));
  const octetsOf = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .tuple(fc.constantFrom(...seeds), fc.nat(), fc.nat({ max: 255 }), fc.nat())
      .map(([seed, at, octet, length]) => {
        const copy = seed.slice(0, 1 + (length % (2 * seed.length)));
        copy[at % copy.length] = octet;
        return copy;
      }),
  );
  fc.assert(
    fc.property(fc.array(octetsOf, { maxLength: 40 }), fc.boolean(), (pieces, isStream) => {
      const parser = (isStream ? STUN_TCP : STUN).create(flowContext());
      const ear = new Ear();
      let status: Status = Status.More;
      pieces.forEach((piece, i) => {
        probeStun(Direction.ToServer, piece, false);
        probeStunStream(Direction.ToServer, piece, false);
        if (status === Status.More) status = parser.push(i % 2 === 0 ? 0 : 1, piece, ear);
        expect(parser.held()).toBeLessThan(20_000);
      });
      parser.end(Direction.ToServer, ear);
    }),
  );
});
