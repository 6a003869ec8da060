/** Conversations in MQTT and what is heard of them. */
import { client, joined, octets, type Row, server } from '../../test/support/parser-harness.ts';
import {
  common,
  connect,
  id,
  packet,
  received,
  row,
  sent,
  signedIn,
  text,
} from './mqtt.fixture.ts';

const json = (value: unknown) => JSON.stringify(value);
const publish = (topic: string, payload: string) => packet(0x30, text(topic), payload);

export const SESSIONS: readonly Row[] = [
  row('3.1', 3, []),
  row('3.1.1', 4, []),
  row('5.0', 5, []),
  {
    name: 'client identifier where there is no user name; a will is a message',
    turns: [
      client(
        packet(
          0x10,
          text('MQTT'),
          4,
          0x06,
          id(60),
          text('phone'),
          text('chat/a'),
          text('I am gone'),
        ),
      ),
      server(packet(0x20, 0, 0)),
    ],
    want: [
      {
        ...sent,
        ...common(),
        account: 'phone',
        from: 'phone',
        room: 'chat/a',
        state: 'will',
        text: 'I am gone',
      },
      { ...signedIn(), account: 'phone', from: 'phone' },
    ],
  },
  {
    name: 'an identifier that the 5.0 server assigns',
    turns: [
      client(packet(0x10, text('MQTT'), 5, 2, id(60), 0, text(''))),
      server(packet(0x20, 0, 0, 9, 0x12, text('auto-1'))),
    ],
    want: [{ ...signedIn(5), account: 'auto-1', from: 'auto-1', fromResource: 'auto-1' }],
  },
  {
    name: 'refused, in the words of 3.1.1',
    turns: [client(connect()), server(packet(0x20, 0, 4))],
    want: [{ ...signedIn(), kind: 'session.failed', reason: 'bad user name or password' }],
  },
  {
    name: 'refused with a reason of the 5.0 server',
    turns: [client(connect(5)), server(packet(0x20, 0, 0x8c, 6, 0x1f, text('nay')))],
    want: [{ ...signedIn(5), kind: 'session.failed', reason: 'nay' }],
  },
  row('disconnect', 4, [client(packet(0xe0))], {
    kind: 'session.logout',
    origin: 'client',
    from: 'ann',
    fromResource: 'phone',
    route: 'service',
  }),
  row('the 5.0 server disconnects', 5, [server(packet(0xe0, 0x8e, 0))], {
    kind: 'session.logout',
    origin: 'server',
    from: 'ann',
    fromResource: 'phone',
    route: 'service',
    reason: 'session taken over',
  }),
  {
    name: 'a level nobody knows',
    turns: [client(connect(9))],
    want: [{ kind: 'app.unknown', origin: 'client', reason: 'MQTT level 9' }],
  },
  {
    name: 'the name Facebook uses: compressed, not read',
    turns: [client(packet(0x10, text('MQTToT'), 3, 0xc2, id(60), octets('x\xda\x01')))],
    want: [{ kind: 'app.unknown', origin: 'client', reason: 'MQTToT 3' }],
  },
];

export const MESSAGES: readonly Row[] = [
  row(
    'of QoS 0, both ways',
    4,
    [client(publish('chat/a', 'hei på ⚓')), server(publish('chat/a', 'hallo'))],
    { ...sent, room: 'chat/a', text: 'hei på ⚓' },
    { ...received, room: 'chat/a', text: 'hallo' },
  ),
  row(
    'of QoS 1 and 2, sent again: said once',
    4,
    [
      client(packet(0x32, text('t'), id(7), 'one'), packet(0x3a, text('t'), id(7), 'one')),
      client(packet(0x34, text('t'), id(8), 'two'), packet(0x3c, text('t'), id(8), 'two')),
      server(packet(0x40, id(7)), packet(0x50, id(8))),
      client(packet(0x62, id(8))),
      server(packet(0x70, id(8))),
      client(packet(0x3a, text('t'), id(7), 'one')),
    ],
    { ...sent, room: 't', text: 'one' },
    { ...sent, room: 't', text: 'two' },
    { ...sent, room: 't', text: 'one' },
  ),
  row(
    'retained: history for who gets it',
    4,
    [client(packet(0x31, text('t'), 'a')), server(packet(0x31, text('t'), 'b'))],
    { ...sent, room: 't', text: 'a' },
    { ...received, room: 't', text: 'b', copy: 'history' },
  ),
  row('an empty retained one deletes', 4, [client(packet(0x31, text('t')))], {
    ...sent,
    kind: 'message.delete',
    room: 't',
  }),
  row(
    'own words that come back',
    4,
    [client(publish('t', 'a')), server(publish('t', 'a'), publish('t', 'a'))],
    { ...sent, room: 't', text: 'a' },
    { ...received, room: 't', text: 'a', copy: 'echo', from: 'ann' },
    { ...received, room: 't', text: 'a' },
  ),
  row('of the broker itself', 4, [server(publish('$SYS/broker/uptime', '5 seconds'))], {
    ...received,
    route: 'service',
    room: '$SYS/broker/uptime',
    text: '5 seconds',
  }),
  row(
    'with properties, and an alias for the topic',
    5,
    [
      client(
        packet(0x30, text('chat/a'), 3, 0x23, id(1), 'one'),
        packet(0x30, text(''), 3, 0x23, id(1), 'two'),
      ),
      client(packet(0x30, text('t'), 9, 0x01, 1, 0x26, text('k'), text('v'), 'three')),
    ],
    { ...sent, room: 'chat/a', text: 'one' },
    { ...sent, room: 'chat/a', text: 'two' },
    { ...sent, room: 't', text: 'three' },
  ),
  row('binary', 4, [client(packet(0x30, text('t'), octets('\x01\x02\xff\x00\x03')))], {
    ...sent,
    room: 't',
    visibility: 'metadata',
    reason: 'binary payload',
  }),
  row(
    'text of a C program, and of an older character set',
    4,
    [client(packet(0x30, text('t'), octets('abc\0')), packet(0x30, text('t'), octets('caf\xe9')))],
    { ...sent, room: 't', text: 'abc' },
    { ...sent, room: 't', text: 'café' },
  ),
  row('nothing in it', 4, [client(packet(0x30, text('t')))], { ...sent, room: 't' }),
  row(
    'chat as JSON',
    4,
    [
      server(publish('t', json({ from: 'bob', text: 'hi "ann"', ts: 5 }))),
      client(publish('t', json({ user: 'carl', message: 'hi' }))),
    ],
    {
      ...received,
      room: 't',
      from: 'bob',
      text: 'hi "ann"',
      markup: json({ from: 'bob', text: 'hi "ann"', ts: 5 }),
    },
    // Who the client is, the server knows better than the client's words.
    { ...sent, room: 't', text: 'hi', markup: json({ user: 'carl', message: 'hi' }) },
  ),
  row(
    'JSON that is no chat, or hides more',
    4,
    [
      server(
        publish('t', '{"temperature":5}'),
        publish('t', json({ from: 'bob', text: 'hi', secret: 'plan' })),
        publish('t', '{"from":"bob","text":"secret","text":"hi"}'),
        publish('t', '{"from":"bob"'),
      ),
    ],
    { ...received, room: 't', text: '{"temperature":5}' },
    { ...received, room: 't', text: '{"from":"bob","text":"hi","secret":"plan"}' },
    { ...received, room: 't', text: '{"from":"bob","text":"secret","text":"hi"}' },
    { ...received, room: 't', text: '{"from":"bob"' },
  ),
];

const join = {
  kind: 'room.join',
  origin: 'client',
  from: 'ann',
  route: 'room',
  state: 'requested',
};

export const ROOMS: readonly Row[] = [
  row(
    'SUBSCRIBE, one of two refused',
    4,
    [
      client(packet(0x82, id(1), text('chat/+/room'), 1, text('chat/dm/ann'), 0)),
      server(packet(0x90, id(1), 1, 0x80)),
    ],
    { ...join, room: 'chat/+/room' },
    { ...join, room: 'chat/dm/ann' },
    {
      kind: 'room.decline',
      origin: 'server',
      to: ['ann'],
      room: 'chat/dm/ann',
      route: 'room',
      reason: 'unspecified error',
    },
  ),
  row(
    'SUBSCRIBE and UNSUBSCRIBE of 5.0',
    5,
    [
      client(packet(0x82, id(1), 2, 0x0b, 9, text('a'), 1)),
      server(packet(0x90, id(1), 0, 0x87)),
      client(packet(0xa2, id(2), 0, text('a'), text('b'))),
      server(packet(0xb0, id(2), 0, 0, 0)),
    ],
    { ...join, room: 'a' },
    {
      kind: 'room.decline',
      origin: 'server',
      to: ['ann'],
      room: 'a',
      route: 'room',
      reason: 'not authorized',
    },
    { ...join, kind: 'room.leave', room: 'a' },
    { ...join, kind: 'room.leave', room: 'b' },
  ),
];

export const EVASIONS: readonly Row[] = [
  row(
    'a remaining length longer than needed',
    4,
    [client(joined(octets('\x30\x86\x80\x80\x00'), text('t'), octets('abc')))],
    { ...sent, room: 't', text: 'abc' },
  ),
  row(
    'QoS 3',
    4,
    [client(packet(0x36, text('t'), id(1), 'a'))],
    { anomaly: 'mqtt-invalid-qos' },
    { ...sent, room: 't', text: 'a', anomalies: ['mqtt-invalid-qos'] },
  ),
  row(
    'a repetition with another text, or of another identifier',
    4,
    [
      client(
        packet(0x32, text('t'), id(7), 'harmless'),
        packet(0x3a, text('t'), id(7), 'secret'),
        packet(0x3a, text('t'), id(9), 'more'),
      ),
    ],
    { ...sent, room: 't', text: 'harmless' },
    { ...sent, room: 't', text: 'secret' },
    { ...sent, room: 't', text: 'more' },
  ),
  row(
    'words in the topic, none in the payload',
    4,
    [client(packet(0x30, text('the secret plan'), '   '))],
    { ...sent, room: 'the secret plan', text: '   ' },
  ),
  row(
    'a topic with a wildcard',
    4,
    [client(publish('a/#', 'b'))],
    { anomaly: 'mqtt-odd-topic' },
    { ...sent, room: 'a/#', text: 'b', anomalies: ['mqtt-odd-topic'] },
  ),
  row(
    'an alias of no topic',
    5,
    [client(packet(0x30, text(''), 3, 0x23, id(4), 'x'))],
    { anomaly: 'mqtt-unknown-alias' },
    { ...sent, text: 'x', anomalies: ['mqtt-unknown-alias'] },
  ),
  row(
    'lengths beyond the packet',
    4,
    [client(packet(0x30, id(500), 'abc'), packet(0x82, id(1), id(500), 'abc'), publish('t', 'on'))],
    { anomaly: 'mqtt-malformed' },
    { anomaly: 'mqtt-malformed' },
    { ...sent, room: 't', text: 'on' },
  ),
  row('properties beyond the packet', 5, [client(packet(0x30, text('t'), 0x7f, 'abc'))], {
    anomaly: 'mqtt-malformed',
  }),
  row(
    'types of nobody',
    4,
    [client(packet(0xf0, 'abc'), packet(0x20, 0, 0)), server(packet(0x82, id(1), text('a'), 0))],
    { kind: 'app.unknown', origin: 'client', reason: 'AUTH' },
    { kind: 'app.unknown', origin: 'client', reason: 'packet type 2 from the client' },
    { kind: 'app.unknown', origin: 'server', reason: 'packet type 8 from the server' },
  ),
  row(
    'octets that are no packet, then packets again',
    4,
    [client(octets('\0\0\0\0\0'), publish('topic', 'on'))],
    { anomaly: 'mqtt-no-packet' },
    { ...sent, room: 'topic', text: 'on' },
  ),
  {
    name: 'a user name that is a token is nobody: the client identifier is the account',
    turns: [
      client(packet(0x10, text('MQTT'), 4, 0x82, id(60), text('phone'), text('Bearer s3cr3t'))),
      server(packet(0x20, 0, 0)),
    ],
    want: [{ ...signedIn(), account: 'phone', from: 'phone' }],
  },
  row(
    'JSON: a name that stands twice, with a line end before its colon',
    4,
    [client(publish('t', '{"text"\n:"secret","text":"hi","from":"x"}'))],
    { ...sent, room: 't', text: '{"text"\n:"secret","text":"hi","from":"x"}' },
  ),
  row(
    'JSON: characters written as numbers, in what is not taken apart',
    4,
    [client(publish('t', '{"text":"\\u0073ecret \\\\u0073","from":"x","more":"y"}'))],
    {
      ...sent,
      room: 't',
      text: '{"text":"secret \\\\u0073","from":"x","more":"y"}',
      markup: '{"text":"\\u0073ecret \\\\u0073","from":"x","more":"y"}',
    },
  ),
  row(
    'JSON: a colon inside the text is none',
    4,
    [client(publish('t', json({ text: 'a ":" b', from: 'x' })))],
    { ...sent, room: 't', text: 'a ":" b', markup: json({ text: 'a ":" b', from: 'x' }) },
  ),
  row(
    'properties with words behind a topic as neutral forms have it',
    5,
    [client(packet(0x30, text('$$'), 12, 0x26, text('a'), text('secret'), ' '))],
    { ...sent, room: '$$', text: ' ' },
  ),
  row('CONNECT twice', 4, [client(connect())], { anomaly: 'mqtt-second-connect' }),
  row(
    'NUL between the letters',
    4,
    [client(packet(0x30, text('t'), octets('sec\0ret words here')))],
    { ...sent, room: 't', text: 'sec\0ret words here' },
  ),
];
