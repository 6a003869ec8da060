/** What stands in the place of a refused packet: neutral octets in a bridge, whole packets in a proxy. */
import { describe, expect, test } from 'vitest';
import type { ImEvent } from '../../src/event/event.ts';
import { needs } from '../../test/support/need.ts';
import {
  client,
  describeRows,
  feed,
  flowContext,
  hex,
  neutralised,
  octets,
  replaced,
  server,
  type Turn,
} from '../../test/support/parser-harness.ts';
import { captureOf, tsharkFields } from '../../test/support/tshark-opinion.ts';
import { MQTT } from './definition.ts';
import { connack, connect, id, login, packet, text } from './mqtt.fixture.ts';

const said = (turns: readonly Turn[]) => feed(MQTT.create(flowContext()), turns).heard;
const bad = ({ text: words = '', room = '' }: ImEvent) => /bad/.test(words) || /bad/.test(room);
const publish = (first: number, topic: string, payload: string, n = 0, v5 = false) =>
  packet(first, text(topic), ...(n > 0 ? [id(n)] : []), ...(v5 ? [0] : []), payload);

/** One packet to refuse, between packets that stay. */
const TALK: readonly (readonly [string, number, Turn])[] = [
  ['QoS 0', 4, client(publish(0x30, 'chat/a', 'a bad word'))],
  ['QoS 0, retained', 4, client(publish(0x31, 'chat/a', 'a bad word'))],
  ['QoS 1', 4, client(publish(0x32, 'chat/a', 'a bad word', 7))],
  ['QoS 2 to the client', 4, server(publish(0x34, 'chat/a', 'a bad word', 7))],
  ['of more than 127 octets', 4, client(publish(0x32, 'chat/a', 'a bad word'.repeat(30), 7))],
  ['5.0', 5, client(publish(0x32, 'chat/a', 'a bad word', 7, true))],
  [
    '5.0, bad words in its properties',
    5,
    client(packet(0x30, text('chat/bad'), 10, 0x26, text('so'), text('bad'), 'x')),
  ],
  ['SUBSCRIBE to two topics', 4, client(packet(0x82, id(5), text('chat/bad'), 1, text('x'), 2))],
  ['SUBSCRIBE of 5.0', 5, client(packet(0x82, id(5), 2, 0x0b, 9, text('chat/bad'), 1))],
  ['UNSUBSCRIBE', 4, client(packet(0xa2, id(5), text('chat/bad'), text('x')))],
];

describe('neutral octets', () => {
  const around = (level: number, turn: Turn) => [
    ...login(level),
    client(publish(0x30, 'chat/a', 'before', 0, level === 5)),
    turn,
    client(publish(0x30, 'chat/a', 'behind', 0, level === 5)),
    server(publish(0x30, 'chat/a', 'answer', 0, level === 5)),
  ];
  test.each(TALK)('%s: gone when read again, everything else stays', (_name, level, turn) => {
    const turns = around(level, turn);
    const before = said(turns);
    const events = feed(MQTT.create(flowContext()), turns).events;
    expect(events.some(bad)).toBe(true);
    const units = feed(MQTT.create(flowContext()), turns).units;
    const refused = new Set(
      units.filter((_, i) => bad(events[i] as ImEvent)).map((u) => `${u.direction} ${u.start}`),
    );
    const kept = before.filter((_, i) => !refused.has(`${units[i]?.direction} ${units[i]?.start}`));
    for (const step of [1, 7, 1000]) {
      expect(said(neutralised(MQTT, turns, bad, { step }))).toEqual(kept);
    }
  });

  test('octet for octet', () => {
    const shown = (level: number, turn: Turn) =>
      neutralised(MQTT, [...login(level), turn], bad).at(-1)?.wire;
    expect(shown(4, client(publish(0x3b, 'a/b', 'bad', 7)))).toEqual(
      hex("3a 0a 00 03 '$$$' 00 07 '   '"),
    );
    expect(shown(5, client(packet(0x30, text('a/b'), 3, 0x23, id(0), 'bad')))).toEqual(
      hex("30 0c 00 03 '$$$' 00 '      '"),
    );
    expect(shown(4, client(packet(0x82, id(5), text('bad'), 1, text('x'), 2)))).toEqual(
      hex("82 0c 00 05 00 07 '$$$$$$$' 00"),
    );
  });

  test('the will alone: the login goes on', () => {
    const will = packet(
      0x10,
      text('MQTT'),
      4,
      0x86,
      id(60),
      text('c'),
      text('t'),
      text('bad'),
      text('ann'),
    );
    const turns = neutralised(MQTT, [client(will), server(connack())], bad);
    expect(said(turns).map(({ kind, account }) => `${kind} ${account}`)).toEqual([
      'session.login ann',
    ]);
    expect(turns[0]?.wire.length).toBe(will.length);
  });

  test('a message whose topic is an alias keeps it; one that gives the alias has no neutral form', () => {
    const gives = client(packet(0x30, text('t'), 3, 0x23, id(1), 'a'));
    const uses = client(
      packet(0x30, text(''), 3, 0x23, id(1), 'bad'),
      packet(0x30, text(''), 3, 0x23, id(1), 'c'),
    );
    const turns = [...login(5), gives, uses];
    expect(said(neutralised(MQTT, turns, bad)).map((heard) => heard.text)).toEqual([
      undefined,
      'a',
      'c',
    ]);
    const { units } = feed(MQTT.create(flowContext()), turns);
    expect(units.map(({ form }) => form)).toEqual([-1, -1, 0, 0]);
  });

  test('blanks that hide a topic are no neutral form', () => {
    expect(said([...login(), client(publish(0x30, 'bad', '   '))]).at(-1)).toMatchObject({
      room: 'bad',
    });
    expect(said([...login(), client(publish(0x30, '$$$', 'bad'))]).at(-1)).toMatchObject({
      text: 'bad',
    });
  });
});

describe('replacement octets', () => {
  const given = (level: number, turn: Turn, notice?: string) => {
    const [first] = replaced(MQTT, [...login(level), turn], bad, notice);
    return first?.replacement;
  };
  const none = octets('');
  test.each([
    ['QoS 0', 4, client(publish(0x30, 't', 'bad')), none, none],
    ['QoS 1 is acknowledged', 4, client(publish(0x32, 't', 'bad', 7)), none, hex('40 02 00 07')],
    ['QoS 2 is received', 4, client(publish(0x34, 't', 'bad', 7)), none, hex('50 02 00 07')],
    [
      'QoS 1 of 5.0 is not authorized',
      5,
      client(publish(0x32, 't', 'bad', 7, true)),
      none,
      hex('40 03 00 07 87'),
    ],
    [
      'QoS 2 of 5.0 ends there',
      5,
      client(publish(0x34, 't', 'bad', 7, true)),
      none,
      hex('50 03 00 07 87'),
    ],
    ['to the client, QoS 1', 4, server(publish(0x32, 't', 'bad', 9)), none, hex('40 02 00 09')],
    [
      'SUBSCRIBE',
      4,
      client(packet(0x82, id(5), text('bad'), 1, text('x'), 2)),
      none,
      hex('90 04 00 05 80 80'),
    ],
    [
      'SUBSCRIBE of 3.1, which knows no failure',
      3,
      client(packet(0x82, id(5), text('bad'), 1)),
      none,
      hex('90 03 00 05 00'),
    ],
    [
      'SUBSCRIBE of 5.0',
      5,
      client(packet(0x82, id(5), 0, text('bad'), 1)),
      none,
      hex('90 04 00 05 00 87'),
    ],
    ['UNSUBSCRIBE', 4, client(packet(0xa2, id(5), text('bad'))), none, hex('b0 02 00 05')],
    [
      'UNSUBSCRIBE of 5.0',
      5,
      client(packet(0xa2, id(5), 0, text('bad'))),
      none,
      hex('b0 04 00 05 00 87'),
    ],
  ])('%s', (_name, level, turn, forward, back) => {
    expect(given(level, turn)).toEqual({ forward, back });
  });

  test('the notice is a message of the same topic, to the client in both directions', () => {
    expect(given(4, client(publish(0x32, 't', 'bad', 7)), 'no')).toEqual({
      forward: none,
      back: hex("40 02 00 07 30 05 00 01 't' 'no'"),
    });
    expect(given(5, server(publish(0x30, 't', 'bad', 0, true)), 'no')).toEqual({
      forward: hex("30 06 00 01 't' 00 'no'"),
      back: none,
    });
  });

  test('a login is refused, a will blanked; an alias cannot be left out', () => {
    const refuse = (turns: readonly Turn[], kind: string) =>
      replaced(MQTT, turns, (event) => event.kind === kind, undefined)[0]?.replacement;
    expect(refuse(login(4), 'session.login')).toEqual({ forward: hex('20 02 00 05'), back: none });
    expect(refuse(login(5), 'session.login')).toEqual({
      forward: hex('20 03 00 87 00'),
      back: none,
    });
    const will = packet(0x10, text('MQTT'), 4, 6, id(60), text('c'), text('t'), text('bad'));
    expect(refuse([client(will)], 'message')).toEqual({ forward: octets('   '), back: none });
    expect(given(5, client(packet(0x30, text('t'), 3, 0x23, id(1), 'bad')))).toBeUndefined();
  });
});

describe('what the notice and the answers are worth', () =>
  describeRows(MQTT, [
    {
      name: 'the answers say nothing, the notice is a message',
      turns: [client(connect()), server(connack(), hex("40 02 00 07 30 05 00 01 't' 'no'"))],
      want: [
        {
          kind: 'session.login',
          origin: 'server',
          protocolVersion: '3.1.1',
          account: 'ann',
          from: 'ann',
          fromResource: 'phone',
          route: 'service',
        },
        {
          kind: 'message',
          origin: 'server',
          protocolVersion: '3.1.1',
          account: 'ann',
          room: 't',
          route: 'room',
          text: 'no',
        },
      ],
    },
  ]));

const second = needs({ tools: ['tshark'] });
describe.skipIf(second.skip)(`tshark reads on behind a refused packet${second.why}`, () => {
  test.each(TALK)(
    '%s',
    async (_name, level, turn) => {
      const behind = publish(0x30, 'chat/a', 'behind', 0, level === 5);
      const turns = neutralised(MQTT, [...login(level), turn, client(behind), server(behind)], bad);
      const rows = await tsharkFields(captureOf(turns, { port: 1883 }), {
        filter: 'mqtt',
        fields: ['mqtt.msgtype', 'mqtt.topic', 'mqtt.msg', '_ws.malformed'],
      });
      const heard = rows.map(([, topics = [], messages = []]) => [topics.at(-1), messages.at(-1)]);
      const last = ['chat/a', Buffer.from('behind').toString('hex')];
      expect(heard.slice(-2)).toEqual([last, last]);
      expect(rows.flatMap((row) => row[3])).toEqual([]);
      expect(JSON.stringify(rows)).not.toContain(Buffer.from('bad').toString('hex'));
    },
    20_000,
  );
});
