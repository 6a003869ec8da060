/** Refused frames: what is left of them in a bridge, what a proxy sends, and what tshark makes of it. */
import { describe, expect, test } from 'vitest';
import type { ImEvent } from '../../src/event/event.ts';
import { cpuMilliseconds } from '../../test/support/cpu-time.ts';
import { needs } from '../../test/support/need.ts';
import {
  client,
  feed,
  flowContext,
  hex,
  joined,
  neutralised,
  octets,
  replaced,
  server,
  type Turn,
} from '../../test/support/parser-harness.ts';
import { captureOf, tsharkFields } from '../../test/support/tshark-opinion.ts';
import { Direction, type Replacement } from '../contract.ts';
import { OSCAR } from './definition.ts';
import {
  CHAT,
  COOKIE,
  flap,
  HELLO,
  item,
  name,
  PAGER,
  piece,
  received,
  rendezvous,
  roomWords,
  SELF,
  SHOW_COOKIE,
  sent,
  snac,
  text16,
  tlv,
  user,
  words,
} from './oscar.fixture.ts';

const text = (written: string) => words(piece('0000', octets(written)));
const bad = ({ text: said, contact, kind, room }: ImEvent) =>
  said === 'bad' || contact === 'mallory' || kind === 'session.login' || room === 'Bad';
const OPENING = [client(HELLO, SHOW_COOKIE), server(HELLO, PAGER, SELF)];
const FILE = '09461343 4c7f 11d1 8222 444553540000';
const OFFER = snac(
  '0004/0006',
  "'12345678' 0002",
  name('bob'),
  rendezvous('0000', FILE, tlv(0x0a, '0001'), tlv(0x2711, "0001 0001 00000010 'bad.exe' 00")),
);

const CONVERSATION: readonly Turn[] = [
  ...OPENING,
  client(sent('bob', text('good')), sent('bob', text('bad')), sent('bob', text('fine'))),
  server(received('bob', text('bad')), received('bob', text('good'))),
  server(
    flap(2, '0013 0019 8000 00000007 0006 0001 0002 0004', name('mallory'), text16('me?'), '0000'),
  ),
  client(
    snac('0013/0008', item('mallory', 1, 0)),
    snac('0013/0018', name('mallory'), text16('hi'), '0000'),
    snac('0013/0018', name('carl'), text16('hi'), '0000'),
    flap(5),
  ),
  client(snac('000d/0008', '0004 06', octets('create'), 'ffff 01 0001', tlv(0xd3, "'Bad'"))),
];
/** Whatever the bridge can take out: a sign-in it cannot. */
const refusable = (event: ImEvent) => event.kind !== 'session.login' && bad(event);

describe('in a bridge', () => {
  test.each([1, 2, 7, 4096])(
    'parts of %i octets: what was refused is gone, all else stays',
    (step) => {
      const before = feed(OSCAR.create(flowContext()), CONVERSATION);
      const after = neutralised(OSCAR, CONVERSATION, refusable, { step });
      const again = feed(OSCAR.create(flowContext()), after);
      const kept = before.heard.filter((_, i) => !refusable(before.events[i] as ImEvent));
      expect(again.heard).toEqual(kept);
      expect(before.heard.length - kept.length).toBe(6);
    },
  );

  test('octet for octet: head, sequence, length and request stay', () => {
    const turns = [...OPENING, client(sent('bob', text('bad')))];
    const wire = neutralised(OSCAR, turns, refusable).at(-1)?.wire;
    expect(wire).toEqual(
      joined(hex('2a02 0007 002c 0001 0016 0000 00000007'), new Uint8Array(0x2c - 10)),
    );
  });

  test('a sign-in cannot vanish', () => {
    const turns = [client(HELLO), server(snac('0017/0003', tlv(1, "'ann'"), tlv(6, COOKIE)))];
    expect(feed(OSCAR.create(flowContext()), turns).units[0]?.form).toBe(-1);
  });
});

interface Refusal {
  readonly name: string;
  readonly turns: readonly Turn[];
  readonly notice?: string;
  readonly forward: Uint8Array;
  readonly back: Uint8Array;
}

const NOOP = hex('2a02 0007 000a 0001 0016 0000 00000007');
const NOTHING = hex('');

const REFUSALS: readonly Refusal[] = [
  {
    name: 'a message of the client: refused by the other client, in answer to its request',
    turns: [...OPENING, client(sent('bob', text('bad')))],
    forward: NOOP,
    back: hex('2a02 0000 000c 0004 0001 0000 00000007 000a'),
  },
  {
    name: 'the same, and the user is told',
    turns: [...OPENING, client(sent('bob', text('bad')))],
    notice: 'no <b>',
    forward: NOOP,
    back: hex(
      "2a02 0000 000c 0004 0001 0000 00000007 000a 2a02 0000 0045 0004 0007 0000 80000000 'SALLYPRT' 0001 09 'Sallyport' 0000 0001 0001 0002 0010 0002 0019 0501 0001 01 0101 0010 0000 0000 'no &lt;b&gt;'",
    ),
  },
  {
    name: 'a message to the client: nothing goes back, the user is told in its place',
    turns: [...OPENING, server(received('bob', text('bad')))],
    notice: 'né',
    forward: joined(
      NOOP,
      hex(
        "2a02 0000 003d 0004 0007 0000 80000000 'SALLYPRT' 0001 09 'Sallyport' 0000 0001 0001 0002 0010 0002 0011 0501 0001 01 0101 0008 0002 0000 006e 00e9",
      ),
    ),
    back: NOTHING,
  },
  {
    name: 'a contact put on the list: each item is refused',
    turns: [...OPENING, client(snac('0013/0008', item('G', 1, 1), item('mallory', 1, 0)))],
    forward: NOOP,
    back: hex('2a02 0000 000e 0013 000e 0000 00000007 000a 000a'),
  },
  {
    name: 'asking to be a contact: the answer is no',
    turns: [...OPENING, client(snac('0013/0018', name('mallory'), text16('hi'), '0000'))],
    forward: NOOP,
    back: hex("2a02 0000 0015 0013 001b 0000 80000000 07 'mallory' 00 0000"),
  },
  {
    name: 'being asked: the answer is no, and the client never hears of it',
    turns: [...OPENING, server(snac('0013/0019', name('mallory'), text16('hi'), '0000'))],
    forward: NOOP,
    back: hex("2a02 0000 0015 0013 001a 0000 00000000 07 'mallory' 00 0000"),
  },
  {
    name: 'a room that is asked for: denied',
    turns: [
      ...OPENING,
      client(snac('000d/0008', '0004 06', octets('create'), 'ffff 01 0001', tlv(0xd3, "'Bad'"))),
    ],
    forward: NOOP,
    back: hex('2a02 0000 000c 000d 0001 0000 00000007 000d'),
  },
  {
    name: 'an invitation into a room: taken back in the name of who sent it',
    turns: [
      ...OPENING,
      server(
        snac(
          '0004/0007',
          "'12345678' 0002",
          user('bob'),
          rendezvous('0000', CHAT, tlv(0x2711, '0004', name('4-0-Bad'), '0000')),
        ),
      ),
    ],
    forward: NOOP,
    back: hex(
      "2a02 0000 0040 0004 0006 0000 00000000 '12345678' 0002 03 'bob' 0003 0000 0005 0020 0001 '12345678' 748f2420 6287 11d1 8222 444553540000 000b 0002 0001",
    ),
  },
  {
    name: 'a text in a room: denied, and the user is told there',
    turns: [
      client(SHOW_COOKIE),
      server(SELF, snac('000e/0002', '0004', name('4-0-Den')), snac('000e/0003', user('bob'))),
      client(snac('000e/0005', "'12345678' 0003", tlv(1), roomWords('us-ascii', "'bad'"))),
    ],
    notice: 'no',
    forward: NOOP,
    back: hex(
      "2a02 0000 000c 000e 0001 0000 00000007 000d 2a02 0000 0043 000e 0006 0000 80000000 'SALLYPRT' 0003 0003 0014 09 'Sallyport' 0000 0001 0001 0002 0010 0001 0000 0005 000f 0001 0002 'no' 0002 0005 'utf-8'",
    ),
  },
  {
    name: 'signing in by BUCP: a suspended account',
    turns: [client(HELLO), server(snac('0017/0003', tlv(1, "'Ann O'"), tlv(6, COOKIE)))],
    forward: hex("2a02 0007 0018 0017 0003 0000 00000007 0001 0004 'anno' 0008 0002 0011"),
    back: NOTHING,
  },
  {
    name: 'signing in by a roasted password: a suspended account',
    turns: [
      client(flap(1, '00000001', tlv(1, "'100001'"), tlv(2, '00'))),
      server(flap(4, tlv(1, "'100001'"), tlv(6, COOKIE))),
    ],
    forward: hex("2a04 0007 0010 0001 0006 '100001' 0008 0002 0011"),
    back: NOTHING,
  },
];

test.each(REFUSALS)('by a proxy: $name', ({ turns, notice, forward, back }) => {
  const last = replacements(turns, notice).at(-1);
  expect(last && { forward: last.forward, back: last.back }).toEqual({ forward, back });
});

test('a sign-in that is learned late is reset', () => {
  expect(replacements(OPENING, undefined)).toEqual([undefined]);
});

test('ICQ clients are told by a number, without markup', () => {
  const turns = [
    client(SHOW_COOKIE),
    server(PAGER, snac('0001/000f', user('100001'))),
    client(sent('200002', text('bad'))),
  ];
  const told = replacements(turns, 'a < b').at(-1)?.back.subarray(18);
  expect(told).toEqual(
    hex(
      "2a02 0000 0036 0004 0007 0000 80000000 'SALLYPRT' 0001 01 '1' 0000 0001 0001 0002 0010 0002 0012 0501 0001 01 0101 0009 0000 0000 'a < b'",
    ),
  );
});

function replacements(turns: readonly Turn[], notice: string | undefined) {
  return replaced(OSCAR, turns, bad, notice).map(({ replacement }) => replacement);
}

const need = needs({ tools: ['tshark'] });
describe.skipIf(need.skip)(`tshark reads what follows${need.why}`, () => {
  const fields = ['aim.fnac.family', 'aim.fnac.subtype', '_ws.malformed'];
  const ask = (turns: readonly Turn[]) =>
    tsharkFields(captureOf(turns, { port: 5190 }), {
      decodeAs: ['tcp.port==5190,aim'],
      filter: 'aim && tcp.len > 0',
      fields,
    });
  /** Family and subtype of every SNAC, in order; what tshark calls malformed. */
  const seen = (rows: readonly string[][][]) => ({
    snacs: rows.flatMap(([families = [], subtypes = []]) =>
      families.map((family, i) => `${family} ${subtypes[i]}`),
    ),
    malformed: rows.filter(([, , malformed = []]) => malformed.length > 0).length,
  });

  test('behind neutral frames, which are no-ops to it', async () => {
    const before = seen(await ask(CONVERSATION));
    const after = seen(await ask(neutralised(OSCAR, CONVERSATION, refusable)));
    expect(after.snacs).toHaveLength(before.snacs.length);
    expect(after.snacs.filter((snacSeen) => snacSeen === NOOP_SEEN)).toHaveLength(6);
    expect(after.malformed).toBe(0);
  });

  test('with what a proxy sends in the place of each refused frame', async () => {
    const last = sent('bob', text('after'));
    const turns = REFUSALS.flatMap(({ turns: [...before], notice }) => {
      const refused = before.pop();
      const replacement = replacements([...before, refused as Turn], notice).at(-1);
      return replacement === undefined ? [] : proxied(refused as Turn, replacement);
    });
    const { snacs, malformed } = seen(await ask([...OPENING, ...turns, client(last)]));
    expect(malformed).toBe(0);
    expect(snacs.slice(2)).toEqual(PROXIED_SEEN);
    // It would say so: a message that is cut.
    expect(seen(await ask([...OPENING, client(snac('0004/0006', "'1234'"))])).malformed).toBe(1);
  });
});

const NOOP_SEEN = '0x0001 0x0016';
/** A line a refusal, in their order; then the message that follows. */
const PROXIED_SEEN: readonly string[] = [
  [NOOP_SEEN, '0x0004 0x0001'],
  [NOOP_SEEN, '0x0004 0x0001', '0x0004 0x0007'],
  [NOOP_SEEN, '0x0004 0x0007'],
  [NOOP_SEEN, '0x0013 0x000e'],
  [NOOP_SEEN, '0x0013 0x001b'],
  [NOOP_SEEN, '0x0013 0x001a'],
  [NOOP_SEEN, '0x000d 0x0001'],
  [NOOP_SEEN, '0x0004 0x0006'],
  [NOOP_SEEN, '0x000e 0x0001', '0x000e 0x0006'],
  ['0x0017 0x0003'],
  ['0x0004 0x0006'],
].flat();

/** The refused turn as both sides see it. */
function proxied({ direction }: Turn, { forward, back }: Replacement): Turn[] {
  const other = direction === Direction.ToServer ? Direction.ToClient : Direction.ToServer;
  return [
    { direction, wire: forward },
    { direction: other, wire: back },
  ].filter(({ wire }) => wire.length > 0);
}

test('a frame of many contacts is replaced once', () => {
  const items = joined(...Array.from({ length: 6000 }, () => item('mallory', 1, 0)));
  const turns = [...OPENING, client(snac('0013/0008', items.subarray(0, 3500 * 17)))];
  const started = cpuMilliseconds();
  const all = replaced(OSCAR, turns, ({ contact }) => contact === 'mallory', 'no');
  expect(cpuMilliseconds() - started).toBeLessThan(3000); // it was 60 s
  expect(all).toHaveLength(3500);
  expect(new Set(all.map(({ replacement }) => replacement)).size).toBe(1);
  expect(all[0]?.replacement?.back.length).toBeGreaterThan(16 + 2 * 3500);
});

test('a file that is offered is refused by the rendezvous reader', () => {
  const offers = replaced(
    OSCAR,
    [...OPENING, client(OFFER)],
    ({ file }) => file !== undefined,
    undefined,
  );
  expect(offers.at(-1)?.replacement?.back).toEqual(
    hex(
      "2a02 0000 0046 0004 0007 0000 80000000 '12345678' 0002 03 'bob' 0000 0001 0001 0002 0010 0005 0020 0001 '12345678' 09461343 4c7f 11d1 8222 444553540000 000b 0002 0001",
    ),
  );
});
