/** DNS: bytes to lookups and addresses. Names are of documentation, messages written out by hand. */
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
import { DNS, DNS_TCP } from './definition.ts';
import {
  AAAA,
  address,
  alias,
  answer,
  HTTPS,
  name,
  question,
  record,
  u16,
} from './messages.fixture.ts';
import { probeDns, probeDnsStream } from './probe.ts';

const lookup = (host: string, start = 0, end = 0, direction: Direction = 0): Heard => ({
  identify: {
    evidence: 'host',
    hosts: [host],
    activity: 'lookup',
    protocol: 'dns',
    unit: expect.objectContaining({ direction, ...(end > 0 ? { start, end } : {}) }),
    reason: 'name lookup',
  },
});
const resolved = (host: string, addresses: readonly string[], ttl = 60): Heard => ({
  resolved: host,
  addresses,
  ttl,
});
const chat = question('Chat.Example');

const rows: readonly Row[] = [
  {
    name: 'a question and its answer, whatever the case',
    turns: [
      client(chat),
      server(
        answer('chat.EXAMPLE', [
          address('chat.example', '192.0.2.1'),
          address('chat.example', '192.0.2.2', 30),
        ]),
      ),
    ],
    want: [lookup('chat.example'), resolved('chat.example', ['192.0.2.1', '192.0.2.2'], 30)],
  },
  {
    name: 'aliases lead to the name that was asked for; the others follow, the last one first',
    turns: [
      client(question('www.chat.example')),
      server(
        answer('www.chat.example', [
          alias('www.chat.example', 'edge.example', 20),
          alias('edge.example', 'e7.cdn.example'),
          address('e7.cdn.example', '192.0.2.3'),
        ]),
      ),
    ],
    want: [
      lookup('www.chat.example'),
      resolved('www.chat.example', ['192.0.2.3'], 20),
      resolved('e7.cdn.example', ['192.0.2.3'], 20),
      resolved('edge.example', ['192.0.2.3'], 20),
    ],
  },
  {
    name: 'aliases in another order',
    turns: [
      client(question('a.example')),
      server(
        answer('a.example', [
          address('c.example', '192.0.2.3'),
          alias('b.example', 'c.example'),
          alias('a.example', 'b.example'),
        ]),
      ),
    ],
    want: [
      lookup('a.example'),
      resolved('a.example', ['192.0.2.3']),
      resolved('c.example', ['192.0.2.3']),
      resolved('b.example', ['192.0.2.3']),
    ],
  },
  {
    name: 'records of another name do not count, nor aliases that go round',
    turns: [
      client(question('a.example')),
      server(
        answer('a.example', [
          alias('a.example', 'b.example'),
          alias('b.example', 'a.example'),
          address('bank.example', '192.0.2.9'),
        ]),
      ),
    ],
    want: [lookup('a.example')],
  },
  {
    name: 'addresses that no server has',
    turns: [
      client(question('a.example')),
      server(
        answer('a.example', [
          address('a.example', '0.0.0.0'),
          address('a.example', '127.0.0.1'),
          address('a.example', '255.255.255.255'),
          record('a.example', AAAA, 60, new Uint8Array(16)),
        ]),
      ),
    ],
    want: [lookup('a.example')],
  },
  {
    name: 'IPv6',
    turns: [
      client(question('a.example', { type: AAAA })),
      server(
        answer(
          'a.example',
          [record('a.example', AAAA, 60, hex('20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01'))],
          { type: AAAA },
        ),
      ),
    ],
    want: [lookup('a.example'), resolved('a.example', ['2001:db8:0:0:0:0:0:1'])],
  },
  {
    name: 'HTTPS: hints, and that names may come encrypted',
    turns: [
      client(question('a.example', { type: HTTPS })),
      server(
        answer(
          'a.example',
          [
            record(
              'a.example',
              HTTPS,
              60,
              hex(
                "00 01 00 00 01 00 03 02 'h3' 00 04 00 08 c0 00 02 01 c0 00 02 02 00 05 00 02 fe 0d 00 06 00 10 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 02",
              ),
            ),
          ],
          { type: HTTPS },
        ),
      ),
    ],
    want: [
      lookup('a.example'),
      { anomaly: 'dns-ech-offered' },
      resolved('a.example', ['192.0.2.1', '192.0.2.2', '2001:db8:0:0:0:0:0:2']),
    ],
  },
  {
    name: 'HTTPS: an alias, and parameters beyond the record',
    turns: [
      client(question('a.example', { type: HTTPS })),
      server(
        answer(
          'a.example',
          [
            record('a.example', HTTPS, 60, joined(hex('00 00'), name('b.example'))),
            record('b.example', HTTPS, 60, hex('00 01 00 00 04 00 ff c0 00 02 01')),
            record('b.example', HTTPS, 60, hex('00 01 00 00 04 00 04 c0 00 02 01')),
          ],
          { type: HTTPS },
        ),
      ),
    ],
    want: [
      lookup('a.example'),
      resolved('a.example', ['192.0.2.1']),
      resolved('b.example', ['192.0.2.1']),
    ],
  },
  {
    name: 'several questions in one flow, answered in another order',
    turns: [
      client(question('a.example', { id: 1 })),
      client(question('b.example', { id: 2 })),
      server(answer('b.example', [address('b.example', '192.0.2.2')], { id: 2 })),
      server(answer('a.example', [address('a.example', '192.0.2.1')], { id: 1 })),
    ],
    want: [
      lookup('a.example'),
      lookup('b.example'),
      resolved('b.example', ['192.0.2.2']),
      resolved('a.example', ['192.0.2.1']),
    ],
  },
  {
    name: 'an answer to another id, or for another name, tells no address',
    turns: [
      client(question('a.example', { id: 1 })),
      server(answer('a.example', [address('a.example', '192.0.2.1')], { id: 2 })),
      server(answer('b.example', [address('b.example', '192.0.2.1')], { id: 1 })),
    ],
    want: [
      lookup('a.example'),
      { anomaly: 'dns-unasked-answer' },
      lookup('a.example', 0, 0, 1),
      { anomaly: 'dns-unasked-answer' },
      lookup('b.example', 0, 0, 1),
    ],
  },
  {
    name: 'labels that no host has are left out; a name of one label is nobody’s',
    turns: [
      client(question('*.chat.example')),
      client(question('a b.chat.example')),
      client(question('intranet')),
    ],
    want: [lookup('chat.example')],
  },
  {
    name: 'updates and notifications are no lookups',
    turns: [
      client(question('a.example', { flags: 0x2800 })),
      client(question('a.example', { flags: 0x2000 })),
    ],
    want: [],
  },
  {
    name: 'no such name',
    turns: [client(chat), server(answer('chat.example', []))],
    want: [lookup('chat.example')],
  },
];

describeRows(DNS, rows, { datagrams: true });

const framed = (message: Uint8Array) => joined(hex(u16(message.length)), message);
describeRows(
  DNS_TCP,
  rows.map((row) => ({
    ...row,
    turns: row.turns.map(({ direction, wire }) => ({ direction, wire: framed(wire) })),
  })),
  { step: 5 },
);

test('units are the datagrams, and the frames of a stream', () => {
  const places = (definition: typeof DNS, frame: (octets: Uint8Array) => Uint8Array) => {
    const units: unknown[] = [];
    const ear = new Ear();
    ear.known = ({ unit }) => units.push({ ...unit }) > 0;
    feed(
      definition.create(flowContext()),
      [client(frame(chat)), client(frame(chat))],
      undefined,
      ear,
    );
    return units;
  };
  const { length } = chat;
  expect(places(DNS, (o) => o)).toMatchObject([
    { start: 0, end: length },
    { start: length, end: 2 * length },
  ]);
  expect(places(DNS_TCP, framed)).toMatchObject([
    { start: 0, end: length + 2, head: 2 },
    { start: length + 2, end: 2 * length + 4 },
  ]);
});

test('a flow whose questions are answered is done, unless it was said to be of a service', () => {
  const asks = question('a.example');
  const answers = answer('a.example', [address('a.example', '192.0.2.1')]);
  for (const isKnown of [false, true]) {
    const ear = new Ear();
    ear.known = () => isKnown;
    const parser = DNS.create(flowContext());
    expect(parser.push(0, asks, ear)).toBe(Status.More);
    expect(parser.push(0, question('b.example', { id: 8 }), ear)).toBe(Status.More);
    expect(parser.push(1, answers, ear)).toBe(Status.More);
    const last = answer('b.example', [], { id: 8 });
    expect(parser.push(1, last, ear)).toBe(isKnown ? Status.More : Status.Done);
  }
});

test('the first answer counts, as it does for who asked', () => {
  const ear = new Ear();
  ear.known = () => true;
  const turns = [
    client(question('a.example')),
    server(answer('a.example', [address('a.example', '192.0.2.1')])),
    server(answer('a.example', [address('a.example', '192.0.2.66')])),
  ];
  expect(feed(DNS.create(flowContext()), turns, undefined, ear).heard).toEqual([
    lookup('a.example'),
    resolved('a.example', ['192.0.2.1']),
  ]);
});

test('aliases of a name that the catalogue knows are not told apart from it', () => {
  const ear = new Ear();
  ear.known = () => true;
  const turns = rows[1]?.turns ?? [];
  expect(feed(DNS.create(flowContext()), turns, undefined, ear).heard.slice(1)).toEqual([
    resolved('www.chat.example', ['192.0.2.3'], 20),
  ]);
});

test.each([
  ['dns', DNS, chat, 0],
  ['dns-tcp', DNS_TCP, framed(chat), 2],
])(
  '%s: a refused message is made of zeros; the length before it stays',
  (_, definition, wire, kept) => {
    for (let cut = 0; cut <= wire.length; cut++) {
      const filled = wire.slice();
      const unit = { direction: 0, length: wire.length, head: kept, form: 0 } as const;
      definition.neutralise?.(filled.subarray(0, cut), 0, unit);
      definition.neutralise?.(filled.subarray(cut), cut, unit);
      const zeros = new Uint8Array(wire.length - kept);
      expect(filled).toEqual(joined(wire.subarray(0, kept), zeros));
    }
  },
);

test('what is no DNS in a flow of DNS is looked at as a new flow', () => {
  const sip = 'MESSAGE sip:bob@e.example SIP/2.0\r\n';
  const { heard } = feed(DNS.create(flowContext()), [client(chat), client(sip)]);
  expect(heard.at(-1)).toEqual({ handOver: '*', reason: 'after DNS' });
});

describe('the probe', () => {
  const edns = hex('00 00 29 10 00 00 00 00 00 00 00');
  const withEdns = joined(chat, edns);
  withEdns[11] = 1;
  const local = question('_presence._tcp.local', { id: 0, flags: 0 });
  test.each([
    ['a question', chat, Probe.Yes],
    ['with EDNS', withEdns, Probe.Yes],
    ['one octet too many', joined(chat, hex('00')), Probe.No],
    ['one octet too few', chat.subarray(0, -1), Probe.No],
    ['an answer, sent by the client', answer('a.example', []), Probe.No],
    ['multicast DNS', local, Probe.No],
    ['its reverse names', question('1.2.0.192.in-addr.arpa', { id: 0, flags: 0 }), Probe.No],
    ['without an id, but asked of a resolver', question('a.example', { id: 0 }), Probe.Yes],
    [
      'without an id and recursion, a name of hosts',
      question('a.example', { id: 0, flags: 0 }),
      Probe.Yes,
    ],
    ['another class', joined(chat.subarray(0, -2), hex('00 03')), Probe.No],
    ['a bit that must be zero', question('a.example', { flags: 0x0140 }), Probe.No],
    ['a question with an answer’s code', question('a.example', { flags: 0x0103 }), Probe.No],
    [
      'a pointer in the first name',
      hex('00 07 01 00 00 01 00 00 00 00 00 00 c0 0c 00 01 00 01'),
      Probe.No,
    ],
    ['zeros', new Uint8Array(40), Probe.No],
  ])('%s', (_, octets, want) => {
    expect(probeDns(Direction.ToServer, octets, false)).toBe(want);
  });

  test('an answer comes to the client', () => {
    const whole = answer('a.example', [address('a.example', '192.0.2.1')]);
    expect(probeDns(Direction.ToClient, whole, false)).toBe(Probe.Yes);
    expect(probeDns(Direction.ToClient, whole.subarray(0, -1), false)).toBe(Probe.No);
    expect(probeDns(Direction.ToClient, chat, false)).toBe(Probe.No);
  });

  test('a stream: more until the question is whole', () => {
    const whole = framed(chat);
    for (let n = 0; n < whole.length; n++) {
      expect(probeDnsStream(0, whole.subarray(0, n), false), `${n} octets`).toBe(Probe.More);
    }
    expect(probeDnsStream(0, whole, false)).toBe(Probe.Yes);
    expect(probeDnsStream(0, joined(whole, whole), false)).toBe(Probe.Yes);
    expect(probeDnsStream(0, framed(joined(chat, hex('00'))), false)).toBe(Probe.No);
    expect(probeDnsStream(0, hex("'GET / HTTP/1.1'"), false)).toBe(Probe.No);
    const long = framed(answer('a.example', [record('a.example', 16, 60, new Uint8Array(3000))]));
    expect(probeDnsStream(1, long.subarray(0, 40), false)).toBe(Probe.Yes);
  });
});

test('what is kept of a flow is bounded, however much is asked', () => {
  const parser = DNS.create(flowContext());
  const ear = new Ear();
  for (let i = 0; i < 500; i++) {
    const long = `${'x'.repeat(63)}.${'y'.repeat(63)}.${i}.example`;
    expect(parser.push(0, question(long, { id: i }), ear)).toBe(Status.More);
    ear.heard.length = 0;
  }
  expect(parser.held()).toBeLessThan(1536 + 16 * 2 * 253);
});

test('an answer full of aliases is read in bounded time and tells nothing that was not asked', () => {
  // Each leads to the one before it: the worst order.
  const aliases = Array.from({ length: 200 }, (_, i) =>
    alias(`${200 - i}.example`, `${201 - i}.example`),
  );
  const forged = answer('1.example', [...aliases, address('201.example', '192.0.2.1')]);
  const { heard } = feed(DNS.create(flowContext()), [
    client(question('1.example')),
    server(forged),
  ]);
  expect(heard).toEqual([lookup('1.example'), { anomaly: 'dns-too-many-records' }]);
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
    fc.property(fc.array(octetsOf, { maxLength: 30 }), fc.boolean(), (pieces, isStream) => {
      const parser = (isStream ? DNS_TCP : DNS).create(flowContext());
      const ear = new Ear();
      let status: Status = Status.More;
      pieces.forEach((piece, i) => {
        const direction = i % 2 === 0 ? 0 : 1;
        probeDns(direction, piece, false);
        probeDnsStream(direction, piece, false);
        const wire = isStream ? framed(piece) : piece;
        if (status === Status.More) status = parser.push(direction, wire, ear);
        expect(parser.held()).toBeLessThan(40_000);
      });
    }),
  );
});
