/** Sessions, messages and what belongs to them, and what is heard of them. */
import { client, hex, type Row, server } from '../../test/support/parser-harness.ts';
import {
  bob,
  bytes,
  field,
  fixed,
  fixed64,
  login80,
  ME,
  me,
  old,
  packet,
  receive,
  receive80,
  received,
  row,
  send,
  sent,
  u16,
  u32,
  welcome,
  written,
} from './gadu.fixture.ts';

const image = u32(10, 0xcafe);
const token = '0000cafe0000000a';
const inline = { size: 10, method: 'gg', token, purpose: 'inline' };

const state = (version: string) => ({
  kind: 'presence',
  origin: 'client',
  protocolVersion: version,
  account: me,
  from: me,
});

export const SESSIONS: readonly Row[] = [
  {
    name: 'sign-in of 5 and 6, with a description in windows-1250',
    turns: [
      server(welcome),
      client(packet(0x0c, u32(ME, 7, 2, 0x11, 0), u16(0))),
      client(
        packet(
          0x15,
          u32(ME, 7, 5, 0x20),
          0,
          u32(0),
          u16(0),
          u32(0),
          u16(0),
          50,
          0xbe,
          old('zajęty'),
        ),
      ),
    ],
    want: [
      { ...state('5'), state: 'available' },
      { ...state('6'), state: 'busy', status: 'zajęty' },
    ],
  },
  row('sign-in of 7', [], [], '7'),
  row('sign-in of 8', [], [], '8'),
  row('sign-in of 11', [], [], '10.5'),
  {
    name: 'refused',
    turns: [server(welcome), client(login80()), server(packet(0x43, u32(1)))],
    want: [
      { ...state('8'), state: 'available' },
      {
        kind: 'session.failed',
        origin: 'server',
        protocolVersion: '8',
        account: me,
        from: me,
        route: 'service',
        reason: 'login failed',
      },
    ],
  },
  row(
    'the server ends it',
    [server(packet(0x0b), packet(0x0d))],
    [
      {
        kind: 'session.logout',
        origin: 'server',
        from: me,
        route: 'service',
        reason: 'disconnected by the server',
      },
    ],
  ),
  row(
    'own states of 7 and 8',
    [
      client(packet(0x38, u32(0x4003, 0, 8), 'zajęty!')),
      client(packet(0x02, u32(0x16), old('na łódce'))),
      client(packet(0x38, u32(0x18, 0, 4), 'a\r\nb')),
      client(packet(0x14, 1, u32(9), 'nickname\0ann\0city\0Gdynia\0')),
    ],
    [
      { kind: 'presence', origin: 'client', from: me, state: 'busy', status: 'zajęty!' },
      { kind: 'presence', origin: 'client', from: me, state: 'invisible', status: 'na łódce' },
      { kind: 'presence', origin: 'client', from: me, state: 'free-for-chat', status: 'a\nb' },
      {
        kind: 'presence',
        origin: 'client',
        from: me,
        state: 'profile',
        name: 'ann',
        status: 'ann Gdynia',
      },
    ],
  ),
  row(
    'states of contacts, in the words of every version',
    [
      server(packet(0x02, u32(654321, 5), old('ł'))),
      server(
        packet(
          0x0c,
          u32(654321, 2, 0),
          u16(1550),
          u32(0x11),
          u16(0),
          u32(700000, 3, 0),
          u16(0),
          u32(0),
          u16(0),
        ),
      ),
      server(packet(0x0f, u32(0x40000000 + 654321), 5, u32(0), u16(0), 0x20, 0, 0, old('tu'))),
      server(
        packet(
          0x11,
          u32(654321),
          4,
          u32(0),
          u16(0),
          0x20,
          0,
          0,
          2,
          'ja',
          u32(700000),
          1,
          u32(0),
          u16(0),
          0x20,
          0,
          0,
        ),
      ),
      server(packet(0x17, u32(654321), 0x21, u32(0), u16(0), 0x2a, 0, 0, u32(0))),
      server(
        packet(
          0x37,
          u32(654321, 0x4004, 0, 0),
          u16(0),
          0,
          0,
          u32(0, 5),
          'he⚓',
          u32(700000, 0x14, 0, 0),
          u16(0),
          0,
          0,
          u32(0, 0),
        ),
      ),
    ],
    [
      ['654321', 'busy', 'ł'],
      ['654321', 'available'],
      ['700000', 'busy'],
      ['654321', 'busy', 'tu'],
      ['654321', 'available', 'ja'],
      ['700000', 'unavailable'],
      ['654321', 'dnd'],
      ['654321', 'available', 'he⚓'],
      ['700000', 'invisible'],
    ].map(([from, now, status]) => ({
      kind: 'presence',
      origin: 'server',
      from,
      state: now,
      ...(status === undefined ? {} : { status }),
    })),
  ),
];

const HEJ = '<span>hej</span>';

export const MESSAGES: readonly Row[] = [
  row(
    'the dossier: to 654321',
    [
      client(
        hex(`2d 00 00 00 29 00 00 00 f1 fb 09 00 01 00 00 00 08 00 00 00 25 00 00 00 29 00 00 00
      '<span>hej</span>' 00 'hej' 00`),
      ),
    ],
    [{ ...sent, messageId: '1', text: 'hej', markup: HEJ }],
  ),
  row(
    'of 7: windows-1250',
    [client(send('zażółć')), server(receive('gęślą\r\njaźń'))],
    [
      { ...sent, messageId: '5', text: 'zażółć' },
      { ...received, messageId: '5', text: 'gęślą\njaźń' },
    ],
    '7',
  ),
  row(
    'of 8: markup, and letters that windows-1250 has not',
    [server(receive80('<b>hi</b> &amp; ⚓<br>x', 'hi & ?\r\nx'))],
    [{ ...received, messageId: '5', text: 'hi & ⚓\nx', markup: '<b>hi</b> &amp; ⚓<br>x' }],
  ),
  row(
    'kept for somebody who was away',
    [server(receive('late', '', 9))],
    [{ ...received, messageId: '5', text: 'late', sentAt: '1970-01-01T00:16:40Z' }],
  ),
  row(
    'said by oneself elsewhere',
    [server(receive80(HEJ, 'hej', '', 0x5a))],
    [
      {
        ...received,
        from: me,
        to: [bob],
        messageId: '5',
        text: 'hej',
        markup: HEJ,
        copy: 'carbon',
      },
    ],
  ),
  row(
    'of 11',
    [
      client(
        packet(
          0x7d,
          field(1, written(654321)),
          field(2, 8),
          field(3, 7),
          field(5, 'hej'),
          field(6, HEJ),
        ),
      ),
      server(
        packet(
          0x7e,
          field(1, written(654321)),
          field(2, 1),
          field(3, 8),
          fixed(4, 1000),
          field(5, 'ho'),
        ),
      ),
      server(
        packet(
          0x82,
          field(1, written(654321)),
          field(2, 0),
          field(3, 9),
          fixed(4, 1000),
          field(5, 'own'),
        ),
      ),
    ],
    [
      { ...sent, messageId: '7', text: 'hej', markup: HEJ },
      { ...received, messageId: '8', text: 'ho', sentAt: '1970-01-01T00:16:40Z' },
      { ...received, from: me, to: [bob], messageId: '9', text: 'own', copy: 'carbon' },
    ],
    '10.5',
  ),
  row(
    'conference: one message each, all of them named',
    [client(send('do dwojga', bytes(1, u32(2, 700000, 9))))],
    [{ ...sent, messageId: '5', text: 'do dwojga', thread: '9,123456,654321,700000' }],
  ),
  row(
    'of the network itself',
    [server(packet(0x0a, u32(0, 5, 1000, 8), old('news')))],
    [
      {
        kind: 'message',
        origin: 'server',
        to: [me],
        route: 'service',
        messageId: '5',
        text: 'news',
      },
    ],
  ),
  row(
    'acknowledged, either way',
    [
      server(
        packet(0x05, u32(2, 654321, 5)),
        packet(0x87, field(1, 1), field(2, 7), fixed(3, 1000)),
      ),
      client(packet(0x46, u32(8)), packet(0x86, field(1, 2), field(2, 9), field(3, 1))),
    ],
    [
      {
        kind: 'message.receipt',
        origin: 'server',
        from: bob,
        to: [me],
        route: 'direct',
        refersTo: '5',
        state: 'delivered',
      },
      { kind: 'message.receipt', origin: 'server', refersTo: '7', state: 'accepted' },
      { kind: 'message.receipt', origin: 'client', from: me, refersTo: '8', state: 'received' },
      { kind: 'message.receipt', origin: 'client', from: me, refersTo: '9', state: 'received' },
    ],
  ),
  row(
    'typing',
    [client(packet(0x59, u16(5), u32(654321))), server(packet(0x59, u16(0), u32(654321)))],
    [
      { ...sent, kind: 'typing', state: 'composing' },
      { ...received, kind: 'typing', state: 'paused' },
    ],
  ),
  row(
    'a direct connection is asked for: GG 6',
    [client(send('\u0002', '', 0x10))],
    [{ ...sent, kind: 'file.offer', file: { method: 'gg' } }],
  ),
  row(
    'an image inside: offered, asked for, sent in two parts',
    [
      server(receive('see: ', bytes(2, u16(13), u16(5), 0x80, 9, 1, image))),
      client(send('', bytes(4, image))),
      server(
        receive('', bytes(5, image, 'cat.png\0', '01234')),
        receive('', bytes(6, image, '56789')),
      ),
    ],
    [
      { ...received, messageId: '5', text: 'see: ' },
      { ...received, kind: 'file.offer', file: inline },
      { ...sent, kind: 'file.accept', file: inline },
      { ...received, kind: 'file.start', file: { ...inline, name: 'cat.png' } },
      {
        ...received,
        kind: 'file.complete',
        file: {
          ...inline,
          name: 'cat.png',
          sha256: '84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882',
        },
      },
    ],
  ),
  row(
    'an image in the markup of 10',
    [server(receive80(`a<img name="${token}"/>`, 'a'))],
    [
      { ...received, messageId: '5', text: 'a', markup: `a<img name="${token}"/>` },
      { ...received, kind: 'file.offer', file: inline },
    ],
  ),
];

const inRoom = { room: '77', route: 'room' };
export const ROOMS: readonly Row[] = [
  row(
    'of 11',
    [
      client(packet(0x47, u32(1, 0))),
      server(packet(0x45, u32(77, 0, 1))),
      client(packet(0x90, u32(77, 0, 2, 2, 654321, 0x1e, 9, 0x1e))),
      client(
        packet(
          0x8d,
          field(2, 8),
          field(3, 3),
          field(5, 'all'),
          field(6, '<b>all</b>'),
          fixed64(10, 77),
        ),
      ),
      server(
        packet(
          0x88,
          field(1, written(654321)),
          field(2, 0),
          field(3, 4),
          fixed(4, 0),
          field(5, 'hi'),
          fixed64(10, 77),
        ),
      ),
      server(packet(0x8e, field(2, 0), field(3, 5), fixed(4, 0), field(5, 'own'), fixed64(10, 77))),
      server(
        packet(
          0x93,
          u32(77, 0, 0, 1, 1, 5),
          'title',
          u32(3),
          'tea',
          u32(2, 2, 654321, 0x1e, 9, 0x1e),
        ),
      ),
      server(
        packet(0x9e, field(1, written(654321)), field(2, written(9)), fixed(3, 3), fixed64(10, 77)),
      ),
      server(
        packet(0x9e, field(1, written(ME)), field(2, written(9)), fixed(3, 1), fixed64(10, 78)),
      ),
      client(packet(0x52, u32(77, 0, 6))),
      server(packet(0x66, u32(77, 0, 9))),
    ],
    [
      { kind: 'room.join', origin: 'server', from: me, ...inRoom },
      { kind: 'room.invite', origin: 'client', from: me, to: [bob, '9'], ...inRoom },
      {
        kind: 'message',
        origin: 'client',
        from: me,
        ...inRoom,
        messageId: '3',
        text: 'all',
        markup: '<b>all</b>',
      },
      { kind: 'message', origin: 'server', from: bob, ...inRoom, messageId: '4', text: 'hi' },
      {
        kind: 'message',
        origin: 'server',
        from: me,
        ...inRoom,
        messageId: '5',
        text: 'own',
        copy: 'carbon',
      },
      { kind: 'room.topic', origin: 'server', ...inRoom, text: 'tea' },
      { kind: 'room.join', origin: 'server', from: bob, ...inRoom, state: 'present' },
      { kind: 'room.join', origin: 'server', from: '9', ...inRoom, state: 'present' },
      { kind: 'room.leave', origin: 'server', from: bob, ...inRoom },
      { kind: 'room.invite', origin: 'server', from: '9', to: [me], room: '78', route: 'room' },
      { kind: 'room.leave', origin: 'client', from: me, ...inRoom, state: 'requested' },
      { kind: 'room.leave', origin: 'server', from: '9', ...inRoom },
    ],
    '10.5',
  ),
];
