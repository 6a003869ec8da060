import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TcpTalk } from '../../test/corpus/packets.ts';
import { replayFrames } from '../../test/corpus/replay.ts';
import { cpuMilliseconds } from '../../test/support/cpu-time.ts';
import { needs } from '../../test/support/need.ts';
import {
  client,
  cut,
  DROP,
  describeRows,
  Ear,
  feed,
  flowContext,
  hex,
  joined,
  neutralised,
  octets,
  PASS,
  replaced,
  server,
  type Turn,
} from '../../test/support/parser-harness.ts';
import { captureOf, tsharkFields } from '../../test/support/tshark-opinion.ts';
import { Direction, Probe } from '../contract.ts';
import { TOC } from './definition.ts';
import { GREETING, hears, LOGIN, LOGIN_2, SIGN_ON, says, sflap } from './toc.fixture.ts';
import { ENTRY_HELD, OFFERS_LIMIT, ROOMS_LIMIT, TOC_HELD } from './toc-limits.ts';
import { probeToc } from './toc-probe.ts';
import { EVASIONS, FILES, MESSAGES, PEOPLE, ROOMS, SESSIONS } from './toc-rows.fixture.ts';

const { ToServer, ToClient } = Direction;
const PLAN = FILES[0]?.turns.slice(LOGIN.length, LOGIN.length + 1) ?? [];
const FRAME = 2 * (6 + 65_535); // octets of one held frame, and its doubling

describe('sessions', () => describeRows(TOC, SESSIONS, { step: 3 }));
describe('messages', () => describeRows(TOC, MESSAGES, { step: 7 }));
describe('rooms', () => describeRows(TOC, ROOMS, { step: 7 }));
describe('people', () => describeRows(TOC, PEOPLE, { step: 7 }));
describe('files', () => describeRows(TOC, FILES, { step: 7 }));
describe('evasions', () => describeRows(TOC, EVASIONS, { step: 5 }));

test('the roasted password is in no event', () => {
  const ear = feed(TOC.create(flowContext()), [
    ...LOGIN,
    says('toc_change_passwd "old" "new falcon"'),
  ]);
  expect(JSON.stringify(ear.events)).not.toMatch(/0x|falcon/);
});

test('frames without a colon cost linear time', () => {
  const wire = joined(...Array.from({ length: 9000 }, () => sflap(2, 'A')));
  const ear = {
    event: () => PASS,
    anomaly() {},
    expect() {},
    handOver() {},
    identify: () => false,
    resolved() {},
  };
  const started = cpuMilliseconds();
  for (let i = 0; i < 5; i++) TOC.create(flowContext()).push(ToClient, wire, ear);
  expect(cpuMilliseconds() - started).toBeLessThan(3000);
});

test('names that are kept are short, wherever they stand', () => {
  const long = 'x'.repeat(60_000);
  const memory = new Map<string, unknown>();
  const parser = TOC.create(flowContext({ memory }));
  feed(parser, [
    ...GREETING.slice(0, 2),
    says(SIGN_ON.replace(' ann ', ` ${long} `)),
    hears('SIGN_ON:TOC1.0'),
    hears(`RVOUS_PROPOSE:${long}:09461343-4C7F-11D1-8222-444553540000:Q09PS0lFMDE=:1:0:0:0:1`),
  ]);
  expect(JSON.stringify([...memory]).length).toBeLessThan(2000);
  expect(parser.held()).toBeLessThan(2 * TOC_HELD);
});

test('a file name behind many other tags of an offer', () => {
  const data = btoa('\0\x01\0\x01\0\0\0\x05plan.pdf\0');
  const offer = 'RVOUS_PROPOSE:bob:09461343-4C7F-11D1-8222-444553540000:Q09PS0lFMDE=:1:0:0:0:1';
  const ear = feed(TOC.create(flowContext()), [
    ...LOGIN,
    hears(`${offer}${':99:AA=='.repeat(500)}:10001:${data}`),
  ]);
  expect(ear.events.at(-1)?.file).toMatchObject({ name: 'plan.pdf', size: 5 });
});

test('an offer announces its connection, and OSCAR’s memory knows it', () => {
  const memory = new Map<string, unknown>();
  const turns = FILES[0]?.turns ?? [];
  const ear = feed(TOC.create(flowContext({ memory })), turns);
  const offer = { sender: 'bob', recipient: 'ann', senderListens: true, size: 52341 };
  expect(ear.expected).toMatchObject([
    { protocol: 'oft', address: '10.9.9.9', port: 5190, offer },
    { protocol: 'oft', address: '203.0.113.7', port: 5190, offer },
  ]);
  const record = { cookie: '434f4f4b49453031', files: 3, done: false };
  expect(memory.get('transfer 434f4f4b49453031')).toMatchObject(record);
});

test('a refused offer announces its connection as refused, by address and by cookie', () => {
  const ear = new Ear();
  ear.judge = ({ kind }) => (kind === 'file.offer' ? DROP : PASS);
  feed(TOC.create(flowContext()), FILES[0]?.turns ?? [], undefined, ear);
  expect(ear.refused.map(({ address, token }) => address ?? token)).toEqual([
    'rendezvous 434f4f4b49453031',
    '10.9.9.9',
    '203.0.113.7',
    'rendezvous 434f4f4b49453031', // another one, without a port
  ]);
  expect(ear.refused).toHaveLength(ear.expected.length);
});

test('the end of the stream signs off, once', () => {
  const parser = TOC.create(flowContext());
  const ear = feed(parser, LOGIN);
  parser.end(ToClient, ear);
  parser.end(ToServer, ear);
  expect(ear.heard.map(({ kind }) => kind)).toEqual(['session.login', 'session.logout']);
});

test('through the whole engine: told from OSCAR, and its file over OFT is tied to the offer', () => {
  const ann = { address: 0x0a000001, port: 40000 };
  const pager = new TcpTalk(ann, { address: 0xcdbc0101, port: 9898 }, 1e15);
  const peer = new TcpTalk(
    { ...ann, port: 40001 },
    { address: 0x0a090909, port: 5190 },
    1e15 + 1e6,
  );
  const header = (type: string) =>
    hex(
      `'OFT2' 0100 ${type} ${'00'.repeat(20)} 0000cc75 0000cc75 ${'00'.repeat(156)} 'plan.pdf' ${'00'.repeat(56)}`,
    );
  const turns = [...LOGIN, ...PLAN];
  const { events } = replayFrames([
    ...pager.open(),
    ...turns.map(({ direction, wire }) => pager.say(direction, wire)),
    ...peer.open(),
    peer.say(1, header('0101')),
    peer.say(0, header('0202')),
  ]);
  const said = events.filter(({ kind }) => /^(session|file|flow.identified)/.test(kind));
  expect(said.map(({ kind, protocol, from }) => [kind, protocol, from])).toEqual([
    ['flow.identified', 'toc', undefined],
    ['session.login', 'toc', 'ann'],
    ['file.offer', 'toc', 'bob'],
    ['flow.identified', 'oft', undefined],
    ['file.start', 'oft', 'bob'],
    ['session.logout', 'toc', 'ann'],
    ['file.cancel', 'oft', 'bob'],
  ]);
});

describe('probe', () => {
  const answer = (direction: Direction, wire: Uint8Array, midstream = false) => {
    for (let n = 0; n < wire.length; n++) {
      const early = probeToc(direction, wire.subarray(0, n), midstream);
      if (early !== Probe.More) return early;
    }
    return probeToc(direction, wire, midstream);
  };

  test.each<[string, Direction, Uint8Array, boolean, Probe]>([
    ['FLAPON', ToServer, octets('FLAPON\r\n\r\n'), false, Probe.Yes],
    ['FLAPON, line feeds', ToServer, octets('FLAPON\n\n'), false, Probe.Yes],
    ['FLAPON, other line ends', ToServer, octets('FLAPON\r\r\n'), false, Probe.Yes],
    ['FLAPON as a word', ToServer, octets('FLAPONS'), false, Probe.No],
    ['the server’s greeting', ToClient, sflap(1, '\0\0\0\x01'), false, Probe.More],
    [
      'the server’s first command',
      ToClient,
      joined(sflap(1, '\0\0\0\x01'), sflap(2, 'SIGN_ON:TOC1.0')),
      false,
      Probe.Yes,
    ],
    ['in the middle, client', ToServer, sflap(2, 'toc2_send_im bob hi'), true, Probe.Yes],
    ['in the middle, server', ToClient, sflap(2, 'IM_IN2:bob:F:F:hi'), true, Probe.Yes],
    ['a command that tells nothing', ToClient, sflap(2, 'NICK:ann'), true, Probe.More],
    ['a server seen as client', ToServer, sflap(2, 'IM_IN:bob:F:hi'), true, Probe.No],
    ['a client seen as server', ToClient, sflap(2, 'toc_send_im b h'), true, Probe.No],
    ['OSCAR’s client', ToServer, sflap(1, '\0\0\0\x01'), false, Probe.No],
    ['OSCAR’s server', ToClient, sflap(2, '\0\x04\0\x07\0\0\0\0\0\x01'), true, Probe.No],
    ['Redis', ToServer, octets('*1\r\n$4\r\nPING\r\n'), true, Probe.No],
    ['a word', ToServer, octets('FLAPJACK'), false, Probe.No],
    ['HTTP', ToServer, octets('GET / HTTP/1.1'), false, Probe.No],
  ])('%s', (_name, direction, wire, midstream, want) => {
    expect(answer(direction, wire, midstream)).toBe(want);
  });

  test('random octets never say yes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (wire, midstream) => {
        expect(probeToc(ToServer, wire, midstream)).not.toBe(Probe.Yes);
        expect(probeToc(ToClient, wire, midstream)).not.toBe(Probe.Yes);
      }),
    );
  });
});

describe('units', () => {
  test('a frame each; plain text stands where it stands, behind FLAPON too', () => {
    const before = joined(...GREETING.filter((t) => t.direction === 0).map(({ wire }) => wire));
    const turns = [...GREETING, says('toc_send_im bob "hi you"'), hears('IM_IN:bob:F:hi')];
    const { units } = feed(TOC.create(flowContext()), turns);
    const from = before.length;
    expect(units[0]).toMatchObject({ start: from, end: from + 31, head: 6, form: 0 });
    expect(units[0]).toMatchObject({ textStart: from + 23, textEnd: from + 29 });
    expect(units[1]).toMatchObject({ start: 10, textStart: 10 + 6 + 12, textEnd: 10 + 6 + 14 });
  });

  test('an unfinished frame is held back from its beginning', () => {
    const parser = TOC.create(flowContext());
    feed(parser, [...GREETING, client(sflap(2, 'toc_send_im bob hi').subarray(0, 12))]);
    expect(parser.holdFrom(ToServer)).toBe(10 + 17);
    expect(parser.holdFrom(ToClient)).toBe(-1);
  });
});

const secret = ({ text = '', file }: { text?: string | undefined; file?: object | undefined }) =>
  text === 'secret' || file !== undefined;
const refusals: readonly [string, readonly Turn[], Uint8Array, Uint8Array][] = [
  [
    'a message of the client',
    [says('toc_send_im Bob secret')],
    sflap(5, ''),
    sflap(2, 'ERROR:901:bob', 0),
  ],
  [
    'a message in a room',
    [hears('CHAT_JOIN:1:ops'), says('toc_chat_send 1 secret')],
    sflap(5, ''),
    sflap(2, 'ERROR:950:ops', 0),
  ],
  ['a message to the client', [hears('IM_IN:bob:F:secret')], sflap(2, 'DIR_STATUS:0'), octets('')],
  [
    'a file offer to the client',
    PLAN,
    sflap(2, 'DIR_STATUS:0'),
    sflap(2, 'toc_rvous_cancel "bob" Q09PS0lFMDE= 09461343-4C7F-11D1-8222-444553540000\0', 0),
  ],
];

describe('refusing', () => {
  test('to the server: a keep-alive of the same length; to the client: a status that says nothing', () => {
    const turns = [
      ...LOGIN,
      says('toc_send_im bob secret', 'toc_send_im bob fine'),
      hears('IM_IN:bob:F:secret', 'IM_IN:bob:F:fine'),
    ];
    const left = neutralised(TOC, turns, secret);
    expect(left.at(-2)?.wire).toEqual(
      joined(sflap(5, '\0'.repeat(23)), sflap(2, 'toc_send_im bob fine\0')),
    );
    expect(left.at(-1)?.wire).toEqual(
      joined(sflap(2, 'DIR_STATUS:0::::::'), sflap(2, 'IM_IN:bob:F:fine')),
    );
    const kept = feed(TOC.create(flowContext()), left).heard;
    const all = feed(TOC.create(flowContext()), turns).heard;
    expect(kept).toEqual(all.filter(({ text }) => text !== 'secret'));
  });

  test('a file offer vanishes', () => {
    const left = neutralised(TOC, [...LOGIN, ...PLAN], secret);
    expect(feed(TOC.create(flowContext()), left).heard.map(({ kind }) => kind)).toEqual([
      'session.login',
    ]);
  });

  test('a frame too short for anything neutral has no form', () => {
    const { units } = feed(TOC.create(flowContext()), [...GREETING, hears('IM_IN:b:F:x')]);
    expect(units[0]?.form).toBe(-1);
  });

  test.each(refusals)('by a proxy: %s', (_name, turns, forward, back) => {
    const found = replaced(TOC, [...LOGIN, ...turns], secret, undefined);
    expect(found.map(({ replacement }) => replacement)).toEqual([{ forward, back }]);
  });

  test('by a proxy, with a notice to the user in the words of the version', () => {
    const [one] = replaced(TOC, [...LOGIN, says('toc_send_im bob secret')], secret, 'No <b>!');
    expect(one?.replacement?.back).toEqual(
      joined(sflap(2, 'ERROR:901:bob', 0), sflap(2, 'IM_IN:Sallyport:F:No &lt;b&gt;!', 0)),
    );
    const [two] = replaced(TOC, [...LOGIN_2, hears('IM_IN2:bob:F:F:secret')], secret, 'No.');
    expect(two?.replacement?.forward).toEqual(
      joined(sflap(2, 'DIR_STATUS:0'), sflap(2, 'IM_IN2:Sallyport:F:F:No.', 0)),
    );
  });

  test('signing on cannot be refused but by a reset', () => {
    const [found] = replaced(TOC, LOGIN, ({ kind }) => kind === 'session.login', 'No.');
    expect(found?.replacement).toBeUndefined();
  });
});

const need = needs({ tools: ['tshark'] });
test.skipIf(need.skip)(`tshark finds the frames that a bridge leaves${need.why}`, async () => {
  const turns = [...LOGIN, says('toc_send_im bob secret'), hears('IM_IN:bob:F:secret')];
  // Without FLAPON, which its dissector of the frames does not know.
  const left = neutralised(TOC, turns, secret).slice(1);
  const rows = await tsharkFields(captureOf(left, { port: 9898 }), {
    filter: 'aim and not _ws.malformed',
    fields: ['aim.channel', 'aim.datalen'],
    decodeAs: ['tcp.port==9898,aim'],
  });
  expect(rows.slice(-2)).toEqual([
    [['0x05'], ['23']],
    [['0x02'], ['18']],
  ]);
});

describe('octets that are missing', () => {
  test('inside a frame: the next one is read', () => {
    const parser = TOC.create(flowContext());
    const frame = sflap(2, 'IM_IN:bob:F:secret');
    const ear = feed(parser, [...LOGIN, server(frame.subarray(0, 10))]);
    parser.gap(ToClient, 5, ear);
    feed(parser, [server(frame.subarray(15)), hears('IM_IN:bob:F:fine')], undefined, ear);
    expect(ear.heard.map(({ text }) => text)).toEqual([undefined, 'fine']);
  });

  test('frames: what stands after them is found again', () => {
    const parser = TOC.create(flowContext());
    const ear = feed(parser, LOGIN);
    parser.gap(ToServer, 50, ear);
    feed(parser, [client('rest of a frame'), says('toc_send_im bob fine')], undefined, ear);
    expect(ear.heard.map(({ text }) => text)).toEqual([undefined, 'fine']);
  });

  test('picked up in the middle: the account is not known, the texts are', () => {
    const parser = TOC.create(flowContext({ midstream: true }));
    const ear = feed(parser, [client('d of one'), says('toc_send_im bob hi')]);
    const said = { kind: 'message', origin: 'client', to: ['bob'], route: 'direct', text: 'hi' };
    expect(ear.heard).toEqual([said]);
  });
});

describe('hostile octets', () => {
  test('tables do not grow', () => {
    const memory = new Map<string, unknown>();
    const parser = TOC.create(flowContext({ memory }));
    const ear = feed(parser, LOGIN);
    const service = '09461343-4C7F-11D1-8222-444553540000';
    for (let i = 0; i < 1000; i++) {
      const cookie = btoa(String(i).padStart(8, '0'));
      feed(
        parser,
        [
          hears(`CHAT_JOIN:${i}:${'r'.repeat(3000)}`),
          hears(`RVOUS_PROPOSE:${'b'.repeat(300)}:${service}:${cookie}:1:10.9.9.9:::5190`),
        ],
        undefined,
        ear,
      );
    }
    const most = TOC_HELD + (ROOMS_LIMIT + OFFERS_LIMIT) * (ENTRY_HELD + 4 * 256) + 1024;
    expect(parser.held()).toBeLessThanOrEqual(most);
    expect(memory.size).toBe(OFFERS_LIMIT);
    expect(ear.heard.some(({ anomaly }) => anomaly === 'toc-table-full')).toBe(true);
  });

  test('a frame of the greatest length is read, and named', () => {
    const ear = feed(TOC.create(flowContext()), [
      ...LOGIN,
      hears(`CONFIG:${'b x\n'.repeat(16_000)}`),
    ]);
    expect(ear.heard.filter(({ kind }) => kind === 'contact.list')).toHaveLength(2048);
    expect(ear.heard.flatMap(({ anomaly }) => anomaly ?? [])).toEqual([
      'toc-frame-too-long',
      'toc-too-many',
    ]);
  });

  test('words, people and quotes without end cost no more than their octets', () => {
    const parser = TOC.create(flowContext());
    const before = cpuMilliseconds();
    const ear = feed(parser, [
      ...LOGIN,
      says(`toc_add_buddy ${'a '.repeat(32_000)}`, `toc_send_im b "${'\\'.repeat(65_000)}`),
      hears(`CHAT_UPDATE_BUDDY:1:T${':b'.repeat(30_000)}`, `IM_IN:b:F:${'<'.repeat(65_000)}`),
    ]);
    expect(cpuMilliseconds() - before).toBeLessThan(4000);
    expect(ear.heard.length).toBeLessThan(1100);
  });

  const wires = [...LOGIN, ...(ROOMS[0]?.turns ?? []), ...(FILES[0]?.turns ?? [])].map(
    ({ wire }) => wire,
  );
  const piece = fc.tuple(
    fc.constantFrom<Direction>(ToServer, ToClient),
    fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc.constantFrom(...wires),
      fc.tuple(fc.constantFrom(...wires), fc.nat(400), fc.nat(255)).map(([wire, at, octet]) => {
        const mutated = wire.slice();
        mutated[at % mutated.length] = octet;
        return mutated;
      }),
    ),
    fc.boolean(),
  );

  test('any of them throw nothing, are held in bounds, and say the same in any pieces', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 8 }),
        fc.array(fc.nat(300), { maxLength: 5 }),
        fc.boolean(),
        (pieces, cuts, midstream) => {
          const run = (at: readonly number[]) => {
            const parser = TOC.create(flowContext({ midstream }));
            const ear = new Ear();
            for (const [direction, lent, gap] of pieces) {
              if (gap) parser.gap(direction, 9, ear);
              for (const part of cut(
                lent,
                at.filter((a) => a < lent.length),
              )) {
                parser.push(direction, part.slice(), ear);
                expect(parser.held()).toBeLessThanOrEqual(TOC_HELD + 2 * FRAME + (1 << 17));
              }
            }
            parser.end(ToServer, ear);
            parser.end(ToClient, ear);
            for (const { text } of ear.events) expect(text).not.toBe('');
            return ear.heard;
          };
          expect(run(cuts)).toEqual(run([]));
        },
      ),
      { numRuns: 150 },
    );
  });
});
