import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TcpTalk } from '../../../test/corpus/packets.ts';
import { replayFrames } from '../../../test/corpus/replay.ts';
import {
  client,
  describeRows,
  Ear,
  feed,
  flowContext,
  hex,
  joined,
  octets,
  type Row,
  server,
  sha256,
} from '../../../test/support/parser-harness.ts';
import { Direction, Probe, Status } from '../../contract.ts';
import { OFT } from '../oft/definition.ts';
import { ack, COOKIE, prompt, remembered } from '../oft/oft.fixture.ts';
import { OSCAR_PROXY } from './definition.ts';
import { FRAME_MOST, PROXY_HELD } from './proxy-limits.ts';
import { probeProxy } from './proxy-probe.ts';

const { ToServer, ToClient } = Direction;
const CAPABILITY = '0001 0010 0946 1343 4c7f11d18222444553540000';
const DIRECT = '0001 0010 0946 1345 4c7f11d18222444553540000';
const create = (capability = CAPABILITY) =>
  hex(`002a 044a 0002 00000000 0000 03 'ann' '${'COOKIE01'}' ${capability}`);
const join = (capability = CAPABILITY) =>
  hex(`002c 044a 0004 00000000 0000 03 'bob' 1234 '${'COOKIE01'}' ${capability}`);
const CREATED = hex('0010 044a 0003 00000000 0000 1234 cdbc0112');
const READY = hex('000a 044a 0005 00000000 0000');
const ERROR = hex('000c 044a 0001 00000000 0000 000d');

const ROWS: readonly Row[] = [
  {
    name: 'created, ready: the sender’s side',
    turns: [client(create()), server(CREATED), server(READY)],
    want: [{ handOver: 'oft', reason: 'rendezvous proxy' }],
  },
  {
    name: 'joined: the receiver’s side, content behind the ready',
    turns: [client(join()), server(READY, prompt())],
    want: [{ handOver: 'oft', reason: 'rendezvous proxy' }],
  },
  {
    name: 'Direct IM',
    turns: [client(join(DIRECT)), server(READY)],
    want: [{ handOver: 'odc', reason: 'rendezvous proxy' }],
  },
  {
    name: 'no capability: the offer tells',
    context: { memory: remembered({ method: 'odc' }) },
    turns: [client(hex(`0016 044a 0004 00000000 0000 01 'b' 1234 '${'COOKIE01'}'`)), server(READY)],
    want: [{ handOver: 'odc', reason: 'rendezvous proxy' }],
  },
  {
    name: 'nothing tells: the content does',
    turns: [client(hex("0016 044a 0002 00000000 0000 03 'ann' 'COOKIE01'")), server(READY)],
    want: [{ handOver: '*', reason: 'rendezvous proxy' }],
  },
  {
    name: 'content before the proxy is ready',
    turns: [client(create(), prompt())],
    want: [
      { anomaly: 'oscar-proxy-early-content' },
      { handOver: 'oft', reason: 'rendezvous proxy' },
    ],
  },
  { name: 'refused by the proxy', turns: [client(create()), server(ERROR, READY)], want: [] },
  {
    name: 'a frame that is none',
    turns: [client(create()), server(hex('0005 044a 0005 00000000'))],
    want: [{ anomaly: 'oscar-proxy-bad-frame' }],
  },
  {
    name: 'a name beyond its frame',
    turns: [client(hex("0016 044a 0002 00000000 0000 ff 'ann' 'COOKIE01'"))],
    want: [{ anomaly: 'oscar-proxy-bad-frame' }],
  },
  {
    name: 'a type nobody knows',
    turns: [client(join()), server(hex('000a 044a 0009 00000000 0000'), READY)],
    want: [
      { anomaly: 'oscar-proxy-unknown-frame' },
      { handOver: 'oft', reason: 'rendezvous proxy' },
    ],
  },
];

describe('frames', () => describeRows(OSCAR_PROXY, ROWS));

test('what stands behind the last frame goes along', () => {
  const ear = feed(OSCAR_PROXY.create(flowContext()), [client(join()), server(READY, 'OFT2')]);
  expect(ear.handedOver).toEqual([new Uint8Array(0), octets('OFT2')]);
});

test('what goes on finds its offer, though its prompt has no cookie; once', () => {
  const context = flowContext({ memory: remembered() });
  feed(OSCAR_PROXY.create(context), [client(join()), server(READY)]);
  const zero = { cookie: '0000000000000000' };
  const turns = [server(prompt(zero)), client(ack(zero))];
  const [first, second] = [1, 2].map(() => feed(OFT.create(context), turns));
  expect(first?.heard[0]).toMatchObject({ kind: 'file.start', from: 'ann', to: ['bob'] });
  expect(second?.heard[0]).not.toHaveProperty('from');
});

test('a gap is the end of it', () => {
  const parser = OSCAR_PROXY.create(flowContext());
  expect(parser.gap(ToServer, 3, new Ear())).toBe(Status.Lost);
});

describe('probe', () => {
  const answer = (direction: Direction, wire: Uint8Array) => {
    for (let n = 0; n < 12; n++) {
      const early = probeProxy(direction, wire.subarray(0, n), false);
      if (early !== Probe.More) return early;
    }
    return probeProxy(direction, wire, false);
  };

  test.each([
    ['create', ToServer, create()],
    ['join', ToServer, join()],
    ['created', ToClient, CREATED],
    ['ready', ToClient, READY],
    ['error', ToClient, ERROR],
  ] as const)('%s: yes from its side, no from the other', (_name, direction, wire) => {
    expect(answer(direction, wire)).toBe(Probe.Yes);
    expect(answer(direction === ToServer ? ToClient : ToServer, wire)).toBe(Probe.No);
  });

  test.each([
    ['a long frame', hex('0400 044a 0002 00000000 0000')],
    ['another version', hex('0028 044b 0002 00000000 0000')],
    ['a frame too short', hex('0009 044a 0002 00000000 0000')],
    ['DNS over TCP', hex('0028 044a 0100 00010000 0000')],
  ])('%s: no', (_name, wire) => expect(answer(ToServer, wire)).toBe(Probe.No));

  test('random octets never say yes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (wire) => {
        expect(probeProxy(ToServer, wire, true)).not.toBe(Probe.Yes);
      }),
    );
  });
});

test('through the whole engine: both legs of a proxied file are read', () => {
  const ars = { address: 0xcdbc0112, port: 5190 };
  const legs = [
    { from: new TcpTalk({ address: 0x0a000001, port: 40000 }, ars, 1e15), sends: true },
    { from: new TcpTalk({ address: 0x0a000002, port: 40000 }, ars, 1e15 + 1000), sends: false },
  ];
  const content = octets('0123456789');
  const frames = legs.flatMap(({ from, sends }) => {
    const [sender, receiver] = sends ? ([0, 1] as const) : ([1, 0] as const);
    return [
      ...from.open(),
      from.say(0, sends ? create() : join()),
      ...(sends ? [from.say(1, CREATED)] : []),
      from.say(1, sends ? READY : joined(READY, prompt())),
      ...(sends ? [from.say(sender, prompt())] : []),
      from.say(receiver, ack()),
      from.say(sender, content),
    ];
  });
  const { events } = replayFrames(frames);
  const said = events.map(({ kind, protocol, origin, file, reason }) =>
    kind.startsWith('file.')
      ? [kind, protocol, origin, file?.token, file?.sha256]
      : [kind, protocol, reason],
  );
  const hash = sha256(content);
  expect(said.filter(([kind]) => kind !== 'flow.end')).toEqual([
    ['flow.identified', 'oft', 'inside rendezvous proxy'],
    ['file.start', 'oft', 'client', COOKIE, undefined],
    ['file.complete', 'oft', 'client', COOKIE, hash],
    ['flow.identified', 'oft', 'inside rendezvous proxy'],
    ['file.start', 'oft', 'server', COOKIE, undefined],
    ['file.complete', 'oft', 'server', COOKIE, hash],
  ]);
});

test('through the whole engine: the offer that OSCAR read is found behind the proxy', () => {
  const pager = new TcpTalk(
    { address: 0x0a000001, port: 41000 },
    { address: 0xcdbc0101, port: 5190 },
    1e15 - 1000,
  );
  const ars = new TcpTalk(
    { address: 0x0a000001, port: 40000 },
    { address: 0xcdbc0112, port: 5190 },
    1e15,
  );
  const hello = hex('2a 01 0001 0004 00000001');
  const file = hex("2711 0011 0001 0001 0000000a 'plan.txt' 00");
  const proposal = joined(
    hex(`0000 '${'COOKIE01'}' 094613434c7f11d18222444553540000 000a 0002 0001 0010 0000`),
    hex('0002 0004 cdbc0112 0005 0002 1234'),
    file,
  );
  const message = joined(
    hex(`0004 0006 0000 00000001 '${'COOKIE01'}' 0002 03 'bob' 0005`),
    Uint8Array.of(0, proposal.length),
    proposal,
  );
  const zero = { cookie: '0000000000000000' };
  const { events } = replayFrames([
    ...pager.open(),
    pager.say(1, hello),
    pager.say(0, hello),
    pager.say(0, joined(hex('2a 02 0002'), Uint8Array.of(0, message.length), message)),
    ...ars.open(),
    ars.say(0, create()),
    ars.say(1, joined(CREATED, READY)),
    ars.say(0, prompt(zero)),
    ars.say(1, ack(zero)),
    ars.say(0, octets('0123456789')),
  ]);
  const files = events.filter(({ kind }) => kind.startsWith('file.'));
  expect(
    files.map(({ kind, protocol, to, origin, file: { name, token } = {} }) => [
      ...[kind, protocol, to?.join(), origin, name, token],
    ]),
  ).toEqual([
    ['file.offer', 'oscar', 'bob', 'client', 'plan.txt', COOKIE],
    ['file.start', 'oft', 'bob', 'client', 'plan.txt', COOKIE],
    ['file.complete', 'oft', 'bob', 'client', 'plan.txt', COOKIE],
  ]);
  expect(files[0]?.file?.endpoint).toBeUndefined();
});

test('any octets throw nothing and are held in bounds', () => {
  const turns = fc.array(
    fc.tuple(
      fc.constantFrom<Direction>(ToServer, ToClient),
      fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.constantFrom(create(), join(), READY, CREATED)),
    ),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(turns, (pieces) => {
      const parser = OSCAR_PROXY.create(flowContext());
      const ear = new Ear();
      let status: Status = Status.More;
      for (const [direction, lent] of pieces) {
        if (status !== Status.More) break;
        status = parser.push(direction, lent, ear);
        expect(parser.held()).toBeLessThanOrEqual(PROXY_HELD + 4 * FRAME_MOST);
      }
    }),
  );
});
