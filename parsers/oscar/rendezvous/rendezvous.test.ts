import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { corpusPath } from '../../../test/support/corpus.ts';
import { cpuMilliseconds } from '../../../test/support/cpu-time.ts';
import { needs } from '../../../test/support/need.ts';
import { type Heard, hex, joined, octets, sha256 } from '../../../test/support/parser-harness.ts';
import {
  block,
  COOKIE,
  DIRECT_IM,
  fileData,
  GET_FILE,
  guid,
  ICON,
  listens,
  PLAN,
  SEND_FILE,
  sequence,
  Talk,
  tlv,
  VIDEO,
  VOICE,
  word,
} from './rendezvous.fixture.ts';
import { PROPOSALS_LIMIT } from './rendezvous-limits.ts';

const sent = { origin: 'client', account: 'ann', from: 'ann', to: ['bob'], route: 'direct' };
const got = { origin: 'server', account: 'ann', from: 'bob', to: ['ann'], route: 'direct' };
const plan = { method: 'oft', token: COOKIE, name: 'plan.pdf', size: 52341 };
const endpoint = '192.168.1.10:5190';
const ACCEPT = block(2, SEND_FILE);
const CANCEL = block(1, SEND_FILE, [tlv(0x0b, word(1))]);

type Message = readonly [by: 'ann' | 'bob', wire: Uint8Array | number];
const offered = { kind: 'file.offer', ...sent, file: { ...plan, endpoint } };

const ROWS: readonly (readonly [string, readonly Message[], readonly Heard[]])[] = [
  [
    'a file, accepted by who connected',
    [
      ['ann', PLAN],
      ['bob', ACCEPT],
      ['bob', ACCEPT],
    ],
    [offered, { kind: 'file.accept', ...got, file: plan }],
  ],
  [
    'a file, declined with a cancel',
    [
      ['ann', PLAN],
      ['bob', CANCEL],
    ],
    [offered, { kind: 'file.decline', ...got, file: plan }],
  ],
  [
    'a file, declined with an error',
    [
      ['ann', PLAN],
      ['bob', 2],
    ],
    [offered, { kind: 'file.decline', ...got, file: plan, reason: 'malformed' }],
  ],
  [
    'a file, taken back',
    [
      ['ann', PLAN],
      ['ann', CANCEL],
    ],
    [offered, { kind: 'file.cancel', ...sent, file: plan }],
  ],
  [
    'a file, cancelled by the receiver after it was accepted, for another reason',
    [
      ['ann', PLAN],
      ['bob', ACCEPT],
      ['bob', block(1, SEND_FILE, [tlv(0x0b, word(5)), tlv(0x0c, 'no room left')])],
    ],
    [
      offered,
      { kind: 'file.accept', ...got, file: plan },
      { kind: 'file.cancel', ...got, file: plan, reason: 'code 5', text: 'no room left' },
    ],
  ],
  [
    'redirected: the receiver listens, then the sender says it is connected',
    [
      ['ann', PLAN],
      ['bob', block(0, SEND_FILE, [sequence(2), ...listens('10.9.9.9', 4443)])],
      ['ann', ACCEPT],
    ],
    [offered, { kind: 'file.accept', ...got, file: { ...plan, endpoint: '10.9.9.9:4443' } }],
  ],
  [
    'a redirection of what nobody proposed is a proposal',
    [
      [
        'bob',
        block(0, SEND_FILE, [sequence(2), ...listens('10.9.9.9', 4443), fileData('a.exe', 3)]),
      ],
    ],
    [
      { anomaly: 'oscar-redirect-unknown' },
      {
        kind: 'file.offer',
        ...got,
        file: { method: 'oft', token: COOKIE, name: 'a.exe', size: 3, endpoint: '10.9.9.9:4443' },
      },
    ],
  ],
  [
    'a redirection that names another file is a proposal',
    [
      ['ann', PLAN],
      ['ann', block(0, SEND_FILE, [sequence(3), fileData('plan.exe', 52341)])],
    ],
    [
      offered,
      { anomaly: 'oscar-offer-changed' },
      { kind: 'file.offer', ...sent, file: { ...plan, name: 'plan.exe' } },
    ],
  ],
  [
    'several files, a comment in HTML, names in a charset of their own',
    [
      [
        'ann',
        block(0, SEND_FILE, [
          sequence(1),
          tlv(0x0c, '<HTML>see <B>these</B></HTML>'),
          tlv(0x0d, 'us-ascii'),
          fileData('pictures\\*', 700, 3),
        ]),
      ],
      [
        'ann',
        block(0, SEND_FILE, [tlv(0x2712, 'unicode-2-0'), fileData(octets('\0h\0\xe9\0'), 1)]),
      ],
    ],
    [
      {
        kind: 'file.offer',
        ...sent,
        text: 'see these',
        markup: '<HTML>see <B>these</B></HTML>',
        state: '3 files',
        file: { method: 'oft', token: COOKIE, name: 'pictures\\*', size: 700 },
      },
      {
        kind: 'file.offer',
        ...sent,
        file: { method: 'oft', token: COOKIE, name: 'hé', size: 1 },
      },
    ],
  ],
  [
    'files asked for',
    [['bob', block(0, GET_FILE, [sequence(1), ...listens('10.9.9.9', 4443)])]],
    [
      {
        kind: 'file.offer',
        ...got,
        state: 'requested',
        file: { method: 'oft', token: COOKIE, endpoint: '10.9.9.9:4443' },
      },
    ],
  ],
  [
    'a direct conversation, taken up and ended',
    [
      ['ann', block(0, DIRECT_IM, [sequence(1), ...listens('192.168.1.10', 5190)])],
      ['bob', block(2, DIRECT_IM)],
      ['bob', block(1, DIRECT_IM)],
    ],
    [
      { kind: 'room.invite', ...sent, state: 'direct-im', messageId: COOKIE },
      { kind: 'room.join', ...got, state: 'direct-im', messageId: COOKIE },
      { kind: 'room.leave', ...got, state: 'direct-im', messageId: COOKIE },
    ],
  ],
  [
    'calls',
    [
      ['ann', block(0, VOICE, [sequence(1)])],
      ['bob', block(1, VOICE)],
      ['bob', block(0, VIDEO, [sequence(1)])],
      ['ann', block(2, VIDEO)],
      ['ann', block(1, VIDEO)],
    ],
    [
      { kind: 'call.offer', ...sent, call: { media: 'audio', token: COOKIE } },
      { kind: 'call.decline', ...got, call: { media: 'audio', token: COOKIE } },
      { kind: 'call.offer', ...got, call: { media: 'video', token: COOKIE } },
      { kind: 'call.accept', ...sent, call: { media: 'video', token: COOKIE } },
      { kind: 'call.end', ...sent, call: { media: 'video', token: COOKIE } },
    ],
  ],
  [
    'a picture inside the message',
    [
      [
        'bob',
        block(0, ICON, [tlv(0x2711, joined(hex('00000001 00000003 00000002'), octets('GIF')))]),
      ],
    ],
    ['file.offer', 'file.complete'].map((kind) => ({
      kind,
      ...got,
      file: {
        size: 3,
        ...(kind === 'file.complete' ? { sha256: sha256(octets('GIF')) } : {}),
        method: 'attachment',
        token: COOKIE,
        purpose: 'picture',
      },
    })),
  ],
  [
    'games and whatever else',
    [
      ['bob', block(0, guid('134a'), [tlv(0x0c, 'chess?')])],
      ['bob', block(7, SEND_FILE)],
    ],
    [
      {
        kind: 'app.unknown',
        ...got,
        reason: 'rendezvous 0946134a-4c7f-11d1-8222-444553540000',
        text: 'chess?',
      },
      { kind: 'app.unknown', ...got, reason: 'rendezvous type 7' },
    ],
  ],
  [
    'answers to what was not seen',
    [
      ['bob', ACCEPT],
      ['bob', CANCEL],
    ],
    [
      { kind: 'file.accept', ...got, file: { method: 'oft', token: COOKIE } },
      { kind: 'file.cancel', ...got, file: { method: 'oft', token: COOKIE } },
    ],
  ],
  [
    'malformed: too short, TLVs beyond it, file data too short',
    [
      ['bob', hex('0000 0102')],
      ['bob', joined(PLAN, hex('00 0c 40 00'))],
      ['bob', block(0, SEND_FILE, [tlv(0x2711, 'abc')])],
    ],
    [
      { anomaly: 'oscar-rendezvous-malformed' },
      { kind: 'app.unknown', ...got, reason: 'rendezvous' },
      { anomaly: 'oscar-rendezvous-malformed' },
      { kind: 'file.offer', ...got, file: { ...plan, endpoint } },
      { anomaly: 'oscar-rendezvous-malformed' },
      { kind: 'file.offer', ...got, file: { method: 'oft', token: COOKIE } },
    ],
  ],
  [
    'odd: a name twice, an address check that is wrong, another cookie inside',
    [
      ['ann', joined(PLAN, fileData('second.exe', 1))],
      ['ann', joined(PLAN, tlv(0x16, hex('3f 57 fe f4')))],
      ['ann', joined(PLAN, tlv(0x16, hex('3f 57 fe f5')), tlv(0x17, hex('eb b9')))],
      ['ann', block(2, SEND_FILE, [], '0000000000000001')],
    ],
    [
      { anomaly: 'oscar-tlv-twice' },
      offered,
      { anomaly: 'oscar-address-check' },
      offered,
      offered,
      { anomaly: 'oscar-cookie-mismatch' },
      {
        kind: 'file.accept',
        ...sent,
        file: { method: 'oft', token: '0000000000000001' },
      },
    ],
  ],
];

test.each(ROWS)('%s', (_name, messages, want) => {
  const talk = new Talk();
  for (const [by, wire] of messages) {
    const to = by === 'ann' ? 'bob' : 'ann';
    if (typeof wire === 'number') talk.refuse(by, to, wire);
    else talk.send(by, to, wire);
  }
  expect(talk.ear.heard).toEqual(want);
});

test('chat invitations and ICQ’s relay are not read here', () => {
  const talk = new Talk();
  expect(talk.send('bob', 'ann', block(0, guid('1349')))).toBe(false);
  expect(talk.send('bob', 'ann', block(0, hex('748f2420628711d18222444553540000')))).toBe(false);
  expect(talk.refuse('bob', 'ann', 1)).toBe(false);
  expect(talk.ear.heard).toEqual([]);
});

test.each<[string, number, string, string]>([
  ['a reason of its own', 1, '', 'channel not supported'],
  ['one that nobody knows', 77, '', 'code 77'],
  ['one in the data', 3, '0001', 'declined'],
  ['one in the data, and more', 3, '0005 0000', 'away or busy'],
  ['libpurple’s TLV', 1, '0002 0001', 'declined'],
  ['a code that nobody knows', 3, '00ff', 'code 255'],
])('refused with 04/0B: %s', (_name, code, data, reason) => {
  const talk = new Talk();
  talk.send('ann', 'bob', PLAN);
  expect(talk.refuse('bob', 'ann', code, hex(data))).toBe(true);
  expect(talk.ear.heard[1]).toEqual({ kind: 'file.decline', ...got, file: plan, reason });
});

describe('connections that are announced', () => {
  const expected = ({ ear }: Talk) =>
    ear.expected.map(({ protocol, address, port, offer }) => [
      `${protocol} ${address}:${port}`,
      `${offer.sender}>${offer.recipient}`,
      offer.senderListens,
      offer.origin,
    ]);

  test('at each address that may be the one that is seen', () => {
    const talk = new Talk();
    const wire = block(0, SEND_FILE, [...listens('192.168.1.10', 5190, '203.0.113.7')]);
    talk.send('bob', 'ann', wire);
    expect(expected(talk)).toEqual([
      ['oft 203.0.113.7:5190', 'bob>ann', true, 'server'],
      ['oft 192.168.1.10:5190', 'bob>ann', true, 'server'],
    ]);
  });

  test('where the receiver listens, after a redirection', () => {
    const talk = new Talk();
    talk.send('ann', 'bob', PLAN);
    talk.send('bob', 'ann', block(0, SEND_FILE, [sequence(2), ...listens('10.9.9.9', 4443)]));
    expect(expected(talk).at(-1)).toEqual(['oft 10.9.9.9:4443', 'ann>bob', false, 'client']);
  });

  test('where files are asked for, their sender connects', () => {
    const talk = new Talk();
    talk.send('bob', 'ann', block(0, GET_FILE, listens('10.9.9.9', 4443)));
    expect(expected(talk)).toEqual([['oft 10.9.9.9:4443', 'ann>bob', false, 'client']]);
  });

  test('none by way of a proxy or without a port; as refused when the offer is refused', () => {
    const talk = new Talk();
    const at = listens('10.9.9.9', 4443);
    talk.send('bob', 'ann', block(0, SEND_FILE, [...at, tlv(0x10)]));
    talk.send('bob', 'ann', block(0, SEND_FILE, [tlv(0x02, hex('0a090909'))]));
    talk.ear.judge = () => ({ action: 'drop', enforced: true });
    talk.send('bob', 'ann', block(0, SEND_FILE, at));
    expect(talk.ear.expected).toEqual(talk.ear.refused);
    expect(talk.ear.refused.map(({ address, token }) => address ?? token)).toEqual([
      'rendezvous 434f4f4b49453031',
      '10.9.9.9',
    ]);
  });
});

describe('what other connections know', () => {
  test('both connections of one offer have one record', () => {
    const memory = new Map<string, unknown>();
    const [ann, bob] = [new Talk('ann', memory), new Talk('bob', memory)];
    ann.send('ann', 'bob', PLAN);
    const record = memory.get(`transfer ${COOKIE}`);
    bob.send('ann', 'bob', PLAN);
    expect(memory.get(`transfer ${COOKIE}`)).toBe(record);
    expect(bob.ear.expected).toEqual(ann.ear.expected);
    expect(bob.ear.expected[0]?.offer.senderListens).toBe(true);
    bob.send('bob', 'ann', ACCEPT);
    ann.send('bob', 'ann', ACCEPT);
    expect(ann.ear.heard.concat(bob.ear.heard).map(({ kind, origin }) => [kind, origin])).toEqual([
      ['file.offer', 'client'],
      ['file.accept', 'server'],
      ['file.offer', 'server'],
      ['file.accept', 'client'],
    ]);
  });

  test('an answer on a connection that never saw the offer', () => {
    const memory = new Map<string, unknown>();
    new Talk('ann', memory).send('ann', 'bob', PLAN);
    const again = new Talk('ann', memory);
    again.send('bob', 'ann', CANCEL);
    expect(again.ear.heard).toMatchObject([{ kind: 'file.decline', file: plan }]);
  });

  test('a refused picture is not followed', () => {
    const talk = new Talk();
    talk.ear.judge = () => ({ action: 'drop', enforced: true });
    talk.send('bob', 'ann', block(0, ICON, [tlv(0x2711, hex("00000000 00000003 00000000 'GIF'"))]));
    expect(talk.ear.heard.map(({ kind }) => kind)).toEqual(['file.offer']);
  });

  test('one connection does not fill the memory of all', () => {
    const memory = new Map<string, unknown>();
    const talk = new Talk('ann', memory);
    for (let i = 0; i < 500; i++) {
      const cookie = (i + 1).toString(16).padStart(16, '0');
      talk.send('bob', 'ann', block(0, SEND_FILE, [], cookie), cookie);
    }
    expect(memory.size).toBe(PROPOSALS_LIMIT);
    expect(memory.has(`transfer ${(500).toString(16).padStart(16, '0')}`)).toBe(true);
  });

  test('nobody else answers an offer, or takes it back', () => {
    const talk = new Talk();
    talk.send('ann', 'bob', PLAN);
    talk.send('eve', 'ann', CANCEL);
    talk.send('eve', 'ann', block(2, SEND_FILE));
    talk.send('bob', 'ann', CANCEL);
    expect(
      talk.ear.events.slice(1).map(({ kind, from, file }) => [kind, from, file?.name]),
    ).toEqual([
      ['file.cancel', 'eve', undefined],
      ['file.accept', 'eve', undefined],
      ['file.decline', 'bob', 'plan.pdf'],
    ]);
  });

  test('the cookie of an open offer of somebody else is odd, and the later stands', () => {
    const memory = new Map<string, unknown>();
    new Talk('ann', memory).send('ann', 'bob', PLAN);
    const eve = new Talk('eve', memory);
    eve.send('eve', 'bob', PLAN);
    expect(eve.ear.heard[0]).toEqual({ anomaly: 'oscar-cookie-reused' });
    expect(memory.get(`transfer ${COOKIE}`)).toMatchObject({ offer: { sender: 'eve' } });
    const mallory = new Talk('mallory', memory);
    mallory.send('mallory', 'zoe', ACCEPT);
    expect(mallory.ear.heard[0]).not.toMatchObject({ file: plan });
  });
});

describe('hostile input', () => {
  test('a comment of NULs costs linear time', () => {
    const wire = block(0, SEND_FILE, [tlv(0x0c, `${'\0'.repeat(8000)}x`)]);
    const started = cpuMilliseconds();
    for (let i = 0; i < 20; i++) new Talk().send('bob', 'ann', wire);
    expect(cpuMilliseconds() - started).toBeLessThan(2000);
  });

  test('tables do not grow', () => {
    const talk = new Talk();
    for (let i = 0; i < 500; i++) {
      const cookie = i.toString(16).padStart(16, '0');
      const wire = block(0, SEND_FILE, [fileData('n'.repeat(3000), i)], cookie);
      talk.send('bob', 'ann', wire, cookie);
      if (i === 100) talk.ear.heard.length = 0;
    }
    expect(talk.rendezvous.held()).toBeLessThan(64 * (640 + 2 * 600) + 1024);
    const kept = talk.ear.heard.at(-1);
    expect(kept).toMatchObject({ file: { name: 'n'.repeat(3000) } });
  });

  test('any octets, and any octet changed, throw nothing', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.uint8Array({ maxLength: 120 }),
            fc.tuple(fc.nat(PLAN.length - 1), fc.nat(255)).map(([at, octet]) => {
              const mutated = PLAN.slice();
              mutated[at] = octet;
              return mutated;
            }),
            fc.nat(PLAN.length).map((length) => PLAN.slice(0, length)),
          ),
          { maxLength: 8 },
        ),
        (wires) => {
          const talk = new Talk();
          for (const wire of wires) talk.send('bob', 'ann', wire);
          for (const { kind, file } of talk.ear.events) {
            expect(kind).toMatch(/^(file|room|call|app)\./);
            expect(file?.name).not.toBe('');
          }
          expect(talk.rendezvous.held()).toBeLessThan(1 << 17);
        },
      ),
      { numRuns: 300 },
    );
  });
});

const need = needs({ corpus: true });
describe.skipIf(need.skip)(`vectors.json${need.why}`, () => {
  const vectors: { proto: string; name: string; hex: string; expect: Record<string, unknown> }[] =
    need.skip
      ? []
      : JSON.parse(readFileSync(join(corpusPath(), '..', 'protocols', 'vectors.json'), 'utf8'));
  /** TLV 0005 of a vector: behind FLAP and SNAC heads, cookie, channel, name, and a user block. */
  const blockOf = (name: string, at: number) => {
    const wire = hex(vectors.find((v) => v.proto === 'oscar' && v.name === name)?.hex ?? '');
    expect([...wire.subarray(at - 4, at - 2)]).toEqual([0, 5]);
    return wire.subarray(at, at + (wire[at - 1] ?? 0));
  };

  test('file offer', () => {
    const talk = new Talk();
    talk.send('ann', 'bob', blockOf('file offer', 34));
    expect(talk.ear.heard).toEqual([offered]);
  });

  test('file cancel', () => {
    const talk = new Talk();
    talk.send('ann', 'bob', PLAN);
    talk.send('bob', 'ann', blockOf('file cancel s2c', 44));
    expect(talk.ear.heard[1]).toEqual({ kind: 'file.decline', ...got, file: plan });
  });
});
