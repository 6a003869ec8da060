/** Contacts, contact lists and files, and what is heard of them; and what tries to hide. */
import { deflate } from 'pako';
import { client, octets, type Row, server } from '../../test/support/parser-harness.ts';
import {
  abort,
  accept,
  BOB,
  bob,
  bytes,
  field,
  ID,
  ME,
  me,
  offer,
  old,
  packet,
  receive,
  receive80,
  received,
  reject,
  row,
  send,
  send80,
  sent,
  u16,
  u32,
  written,
} from './gadu.fixture.ts';

const contact = (kind: string, uin: string, list = 'roster') => ({
  kind,
  origin: 'client',
  from: me,
  contact: uin,
  list,
});
const written105 = (uin: number, type: number) => bytes(written(uin).length, written(uin), type);

const XML = `<ContactBook><Contacts><Contact><GGNumber>654321</GGNumber><ShowName>B &amp; O</ShowName></Contact>
  <Contact><GGNumber>9</GGNumber></Contact></Contacts></ContactBook>`;
const LIST = 'Bob;Kowal;;Bobek;;praca;654321;\r\n;;;Zażółć;;;9;\r\n';

export const CONTACTS: readonly Row[] = [
  row(
    'at sign-in, added, blocked, removed',
    [
      client(packet(0x0f, u32(BOB), 3, u32(9), 4), packet(0x10, u32(10), 1)),
      client(
        packet(0x0d, u32(9), 3),
        packet(0x0e, u32(9), 3),
        packet(0x0d, u32(9), 4),
        packet(0x0e, u32(9), 4),
      ),
    ],
    [
      contact('contact.list', bob),
      contact('contact.list', '9', 'block'),
      contact('contact.list', '10'),
      contact('contact.add', '9'),
      contact('contact.remove', '9'),
      contact('contact.block', '9', 'block'),
      contact('contact.unblock', '9', 'block'),
    ],
  ),
  row(
    'the same since 10.5',
    [
      client(
        packet(0x77, written105(BOB, 3), written105(9, 4)),
        packet(0x78),
        packet(0x7b, written105(9, 3)),
        packet(0x7c, written105(9, 3)),
      ),
    ],
    [
      contact('contact.list', bob),
      contact('contact.list', '9', 'block'),
      contact('contact.add', '9'),
      contact('contact.remove', '9'),
    ],
    '10.5',
  ),
  row(
    'list kept by the server: lines, in two packets',
    [
      client(packet(0x16, 0, old(LIST).subarray(0, 20))),
      client(packet(0x16, 1, old(LIST).subarray(20, -1))),
    ],
    [
      { ...contact('contact.list', bob), name: 'Bobek', groups: ['praca'] },
      { ...contact('contact.list', '9'), name: 'Zażółć' },
    ],
  ),
  row(
    'the same compressed, and as XML',
    [
      server(packet(0x30, 6, deflate(bytes(LIST)))),
      server(packet(0x41, 0, u32(1), 2, 1, deflate(bytes(XML)))),
    ],
    [
      { ...contact('contact.list', bob), origin: 'server', name: 'Bobek', groups: ['praca'] },
      { ...contact('contact.list', '9'), origin: 'server', name: 'Zażółć' },
      { ...contact('contact.list', bob), origin: 'server', name: 'B & O' },
      { ...contact('contact.list', '9'), origin: 'server' },
    ],
  ),
];

const file = { method: 'gg', token: ID, name: 'plan.pdf', size: 52341 };
const offered = { ...sent, kind: 'file.offer', file };

export const FILES: readonly Row[] = [
  row(
    'the dossier: offered, accepted from an offset, cancelled',
    [client(offer('plan.pdf', 52341)), server(accept(BOB, 10)), client(abort())],
    [
      offered,
      { ...received, kind: 'file.accept', file: { ...file, offset: 10 } },
      { ...sent, kind: 'file.cancel', file },
    ],
  ),
  row(
    'offered by the other side, declined',
    [server(offer('zażółć.pdf', 9, { from: BOB, to: ME })), client(reject(BOB))],
    [
      {
        ...received,
        kind: 'file.offer',
        file: { method: 'gg', token: ID, name: 'zażółć.pdf', size: 9 },
      },
      {
        ...sent,
        kind: 'file.decline',
        file: { method: 'gg', token: ID, name: 'zażółć.pdf', size: 9 },
        reason: 'declined',
      },
    ],
  ),
  row(
    'a voice call',
    [client(offer('', 0, { kind: 1 })), server(reject(BOB, 1))],
    [
      { ...sent, kind: 'call.offer', call: { media: 'audio', token: ID } },
      { ...received, kind: 'call.decline', call: { media: 'audio', token: ID }, reason: 'busy' },
    ],
  ),
  row(
    'kept by the server of 11',
    [
      server(
        packet(
          0xa0,
          field(1, 6),
          field(4, bytes(field(1, 1), field(2, written(BOB)))),
          field(
            6,
            bytes(
              field(1, 'other'),
              field(2, 'drive://x'),
              field(6, 'image/png'),
              field(7, 'a.png'),
              field(8, 300),
            ),
          ),
        ),
      ),
    ],
    [
      {
        ...received,
        kind: 'file.offer',
        file: { method: 'gg', url: 'drive://x', mime: 'image/png', name: 'a.png', size: 300 },
      },
    ],
    '10.5',
  ),
];

const odd = (name: string) => ({ anomaly: name });
const text80 = { ...sent, messageId: '5' };

const own = {
  kind: 'presence',
  origin: 'client',
  from: me,
  state: 'available',
} as const;
const failed = {
  kind: 'session.failed',
  origin: 'server',
  route: 'service',
  reason: 'login failed',
} as const;
const LINE = ';;;a;;;';

export const EVASIONS: readonly Row[] = [
  row(
    'a word split by markup, or written in references',
    [client(send80('se<b></b>cr&#101;t', 'secret'))],
    [{ ...text80, text: 'secret', markup: 'se<b></b>cr&#101;t' }],
  ),
  row(
    'two texts that differ: both are told',
    [client(send80('<b>hello</b>', 'secret'))],
    [
      odd('gg-texts-differ'),
      { ...text80, text: 'hello\nsecret', markup: '<b>hello</b>', anomalies: ['gg-texts-differ'] },
    ],
  ),
  row(
    'two texts that differ in their blanks alone: who reads the plain one sees words',
    [client(send80('s e c r e t', 'secret')), client(send80('a  b<br>c к', 'a b\r\nc ?'))],
    [
      odd('gg-texts-differ'),
      {
        ...text80,
        text: 's e c r e t\nsecret',
        anomalies: ['gg-texts-differ'],
        markup: 's e c r e t',
      },
      { ...text80, text: 'a  b\nc к', markup: 'a  b<br>c к' },
    ],
  ),
  row(
    'images named in markup as nobody writes it',
    [
      client(
        send80(`<img ${'x'.repeat(300)} NAME = '00000007000003e8'><img name=0000000800000001>`, ''),
      ),
    ],
    [
      ...['0000000700000' + '3e8', '0000000800000001'].map((token) => ({
        ...sent,
        kind: 'file.offer',
        file: {
          method: 'gg',
          purpose: 'inline',
          size: Number.parseInt(token.slice(8), 16),
          token,
        },
      })),
    ],
  ),
  row(
    'a second sign-in makes nobody of another before the server says so',
    [
      client(packet(0x15, u32(BOB, 0, 2, 0x20), 0, octets('\0'.repeat(14)))),
      client(send('hi')),
      server(packet(0x09)),
      client(packet(0x15, u32(BOB, 0, 2, 0x20), 0, octets('\0'.repeat(14)))),
      server(packet(0x03)),
    ],
    [
      odd('gg-second-login'),
      { ...own, anomalies: ['gg-second-login'] },
      { ...sent, messageId: '5', text: 'hi' },
      { ...failed, from: bob },
      odd('gg-second-login'),
      { ...own, anomalies: ['gg-second-login'] },
      {
        kind: 'session.login',
        origin: 'server',
        route: 'service',
        account: bob,
        from: bob,
        protocolVersion: '6',
      },
    ],
  ),
  row(
    'a list whose last line has no end, and one that follows it',
    [
      client(packet(0x16, 0, `${LINE}1`), packet(0x16, 0, `${LINE}2`)),
      server(packet(0x10, 6, `${LINE}3;x\0`)),
    ],
    [
      { ...contact('contact.list', '1'), name: 'a' },
      { ...contact('contact.list', '3'), origin: 'server', name: 'a' },
    ],
  ),
  row('plain text alone', [client(send80('', 'two'))], [{ ...text80, text: 'two' }]),
  row(
    'offsets outside the packet',
    [client(packet(0x2d, u32(BOB, 5, 8, 9999, 3), 'hi\0', 'hi\0'))],
    [odd('gg-bad-offsets'), { ...text80, text: 'hi', anomalies: ['gg-bad-offsets'] }],
  ),
  row(
    'octets between the texts',
    [client(packet(0x2d, u32(BOB, 5, 8, 30, 33), 'hi\0secret\0', 'hi\0'))],
    [
      odd('gg-bad-offsets'),
      odd('gg-texts-differ'),
      {
        ...text80,
        text: 'hi\nsecret\nhi',
        markup: 'hi\nsecret',
        anomalies: ['gg-bad-offsets', 'gg-texts-differ'],
      },
    ],
  ),
  row(
    'no NUL behind the text',
    [client(packet(0x0b, u32(BOB, 5, 8), 'secret'))],
    [odd('gg-malformed'), { ...sent, messageId: '5', text: 'secret', anomalies: ['gg-malformed'] }],
  ),
  row(
    'a conference of more than its packet holds',
    [client(send('hi', bytes(1, u32(0x40000001, 9))))],
    [odd('gg-malformed'), { ...sent, messageId: '5', text: 'hi', anomalies: ['gg-malformed'] }],
  ),
  row(
    'a record that nobody knows',
    [client(send('hi', bytes(0x33, 'secret')))],
    [
      { ...sent, messageId: '5', text: 'hi' },
      { kind: 'app.unknown', origin: 'client', reason: 'message attribute 0x33' },
    ],
  ),
  row(
    'packets that nobody knows',
    [client(packet(0xfe, 'secret'), packet(0x90000000)), server(packet(0x54, 'title'))],
    [
      { kind: 'app.unknown', origin: 'client', reason: 'packet type 0xfe' },
      { kind: 'app.unknown', origin: 'client', reason: 'packet type 0x90000000' },
      { kind: 'app.unknown', origin: 'server', reason: 'packet type 0x54' },
    ],
  ),
  row(
    'a ping that carries words',
    [client(packet(0x08, 'secret'))],
    [
      odd('gg-ping-carries'),
      {
        kind: 'app.unknown',
        origin: 'client',
        reason: 'ping with a payload',
        anomalies: ['gg-ping-carries'],
      },
    ],
  ),
  row(
    'protobuf: a field twice, and one beyond the packet',
    [
      client(packet(0x7d, field(1, written(BOB)), field(3, 5), field(5, 'secret'), field(5, 'hi'))),
      client(packet(0x7d, field(1, written(BOB)), field(3, 5), field(5, 'hi'), 0x32, 0x7f, 'x')),
    ],
    [
      { ...sent, messageId: '5', text: 'secret\nhi' },
      odd('gg-malformed'),
      { ...sent, messageId: '5', text: 'hi', anomalies: ['gg-malformed'] },
    ],
    '10.5',
  ),
  row(
    'protobuf: a group before the text, as every reader passes over it',
    [
      client(
        packet(
          0x7d,
          field(1, written(BOB)),
          field(3, 5),
          bytes(0x63, field(1, written(9)), field(5, 'unseen'), 0x64),
          field(5, 'secret'),
        ),
      ),
      client(packet(0x7d, field(1, written(BOB)), field(3, 5), field(5, 'hi'), 0x64)),
    ],
    [
      { ...sent, messageId: '5', text: 'secret' },
      odd('gg-malformed'),
      { ...sent, messageId: '5', text: 'hi', anomalies: ['gg-malformed'] },
    ],
    '10.5',
  ),
  row(
    'a list that is no zlib stream, or a bomb',
    [
      client(packet(0x40, 0, u32(1), 2, 1, 'no zlib')),
      client(packet(0x40, 0, u32(1), 2, 1, deflate(new Uint8Array(3_000_000)))),
    ],
    [odd('gg-bad-list'), odd('gg-bad-list')],
  ),
  row(
    'a file of 2^53 octets, a name without NUL, a kind that nobody knows',
    [
      client(
        packet(
          0x20,
          octets('12345678'),
          u32(ME, BOB, 4),
          'n'.repeat(255),
          u32(0, 0x200000),
          octets('\0'.repeat(20)),
        ),
      ),
      client(offer('x', 1, { kind: 9 })),
    ],
    [
      odd('gg-malformed'),
      {
        ...sent,
        kind: 'file.offer',
        file: { method: 'gg', token: '3132333435363738', name: 'n'.repeat(255) },
        anomalies: ['gg-malformed'],
      },
      { kind: 'app.unknown', origin: 'client', reason: 'transfer kind 9' },
    ],
  ),
  row(
    'an image of more than was announced',
    [
      server(
        receive('', bytes(5, u32(3, 1), 'a\0', 'abc')),
        receive('', bytes(5, u32(3, 2), 'a\0', 'abcdef')),
      ),
    ],
    [
      {
        ...received,
        kind: 'file.start',
        file: { size: 3, method: 'gg', token: '0000000100000003', purpose: 'inline', name: 'a' },
      },
      {
        ...received,
        kind: 'file.complete',
        file: {
          size: 3,
          method: 'gg',
          token: '0000000100000003',
          purpose: 'inline',
          name: 'a',
          sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
        },
      },
      {
        ...received,
        kind: 'file.start',
        file: { size: 3, method: 'gg', token: '0000000200000003', purpose: 'inline', name: 'a' },
      },
      odd('gg-image-size'),
      {
        ...received,
        kind: 'file.complete',
        file: {
          size: 3,
          method: 'gg',
          token: '0000000200000003',
          purpose: 'inline',
          name: 'a',
          sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
        },
        anomalies: ['gg-image-size'],
      },
    ],
  ),
  row(
    'octets that are no packet, then packets again',
    [
      client(u32(0x12345678, 0x7fffffff), send80('', 'hej')),
      server(u32(0x2e, 0x7fffffff), receive80('', 'ho', bytes(2, u16(0)))),
    ],
    [
      odd('gg-no-packet'),
      { ...text80, text: 'hej' },
      odd('gg-no-packet'),
      { ...received, messageId: '5', text: 'ho' },
    ],
  ),
];
