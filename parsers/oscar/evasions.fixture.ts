/** Test support: ways to get past a filter, and what must be heard all the same. */
import {
  client,
  type Heard,
  hex,
  octets,
  type Row,
  server,
} from '../../test/support/parser-harness.ts';
import { OPENING, SIGNED_IN, toBob } from './messages.fixture.ts';
import {
  CHAT,
  flap,
  item,
  name,
  piece,
  rendezvous,
  roomWords,
  sent,
  snac,
  tlv,
  user,
  words,
} from './oscar.fixture.ts';

const text = (written: string) => words(piece('0000', octets(written)));
const ANN = 'annother';
const odd = (...anomalies: readonly string[]) => ({ anomalies });

export const EVASIONS: readonly Row[] = [
  {
    name: 'a word split by markup, comments, references, styles nobody sees',
    turns: [
      ...OPENING,
      client(
        sent('Bob B', text('fal<b></b>con')),
        sent('Bob B', text('fal<!-- x -->con')),
        sent('Bob B', text('f&#97;l&#x63;on')),
        sent('Bob B', text('<style>x</style>falcon')),
      ),
    ],
    want: [
      SIGNED_IN,
      toBob('falcon', { markup: 'fal<b></b>con' }),
      toBob('falcon', { markup: 'fal<!-- x -->con' }),
      toBob('falcon', { markup: 'f&#97;l&#x63;on' }),
      toBob('falcon', { markup: '<style>x</style>falcon' }),
    ],
  },
  {
    name: 'a word split over pieces, also of different character sets',
    turns: [
      ...OPENING,
      client(
        sent('Bob B', words(piece('0000', "'fal'"), piece('0000', "'con'"))),
        sent('Bob B', words(piece('0000', "'fal'"), piece('0002', '0063 006f 006e'))),
      ),
    ],
    want: [
      SIGNED_IN,
      toBob('falcon', { markup: 'falcon\nfal\ncon' }),
      { anomaly: 'oscar-mixed-charsets' },
      toBob('falcon', { markup: 'falcon\nfal\ncon', ...odd('oscar-mixed-charsets') }),
    ],
  },
  {
    name: 'pieces of which a client shows one: the last (libpurple), or one of another kind (older ones)',
    turns: [
      ...OPENING,
      client(
        sent('Bob B', words(piece('0000', "'x'"), piece('0000', "'falcon'"))),
        sent('Bob B', tlv(2, '0501 0001 01', "0201 000a 0000 0000 'falcon'")),
        sent(
          'Bob B',
          tlv(2, '0501 0001 01', piece('0000', "'ok'"), "0701 000a 0000 0000 'falcon'"),
        ),
      ),
    ],
    want: [
      SIGNED_IN,
      toBob('xfalcon', { markup: 'xfalcon\nx\nfalcon' }),
      { anomaly: 'oscar-bad-fragment' },
      toBob('falcon', odd('oscar-bad-fragment')),
      { anomaly: 'oscar-bad-fragment' },
      toBob('ok', { markup: 'ok\nok\nfalcon', ...odd('oscar-bad-fragment') }),
    ],
  },
  {
    name: 'the flag of versions ahead, where there are none: no server looks at it',
    turns: [
      ...OPENING,
      client(
        flap(2, "0004 0006 8000 00000007 '12345678' 0001", name('Bob B'), text('falcon')),
        flap(
          2,
          '0004 0006 8000 00000007 0006 0001 0002 0004',
          "'12345678' 0001",
          name('Bob B'),
          text('hi'),
        ),
      ),
    ],
    want: [
      SIGNED_IN,
      { anomaly: 'oscar-versions-ahead' },
      toBob('falcon', odd('oscar-versions-ahead')),
      { anomaly: 'oscar-versions-ahead' },
      toBob('hi', odd('oscar-versions-ahead')),
    ],
  },
  {
    name: 'signing in as another, in the middle of a session',
    turns: [
      ...OPENING,
      client(
        snac('0017/0006', tlv(1, "'Carl'")),
        snac('0017/0002', tlv(1, "'Carl'")),
        flap(1, '00000001', tlv(1, "'Carl'")),
        sent('Bob B', text('hi')),
      ),
    ],
    want: [
      SIGNED_IN,
      { anomaly: 'oscar-other-account' },
      { anomaly: 'oscar-other-account' },
      { anomaly: 'oscar-other-account' },
      toBob('hi'),
    ],
  },
  {
    name: 'UTF-16 under another name, or with an odd octet at its end',
    turns: [
      ...OPENING,
      client(
        sent('Bob B', words(piece('0000', '0066 0061 006c 0063 006f 006e'))),
        sent('Bob B', words(piece('0002', '0066 0061 006c 0063 006f 006e 00'))),
        // Not UTF-16: a NUL in the middle of ASCII stays where it is.
        sent('Bob B', words(piece('0000', "'fa' 00 'lcon!'"))),
      ),
    ],
    want: [
      SIGNED_IN,
      toBob('falcon'),
      { anomaly: 'oscar-odd-utf16' },
      toBob('falcon\ufffd', odd('oscar-odd-utf16')),
      toBob('fa\0lcon!'),
    ],
  },
  {
    name: 'two texts in one message: the first is shown, the others stand beside it',
    turns: [...OPENING, client(sent('Bob B', text('harmless'), tlv(3), text('fal'), text('con')))],
    want: [
      SIGNED_IN,
      { anomaly: 'oscar-repeated-tlv' },
      toBob('harmless', { markup: 'harmless\nfal\ncon', ...odd('oscar-repeated-tlv') }),
    ],
  },
  {
    name: 'lengths beyond their parents: TLV, piece, name',
    turns: [
      ...OPENING,
      client(
        sent('Bob B', text('falcon'), hex('0006 0fff')),
        sent('Bob B', tlv(2, "0101 000a 0000 0000 'falcon'", '0101 ffff')),
        snac('0004/0006', "'12345678' 0001 ff 'bob'"),
      ),
    ],
    want: [
      SIGNED_IN,
      { anomaly: 'oscar-bad-tlv' },
      toBob('falcon', odd('oscar-bad-tlv')),
      { anomaly: 'oscar-bad-fragment' },
      toBob('falcon', odd('oscar-bad-fragment')),
      { anomaly: 'snac-malformed' },
    ],
  },
  {
    name: 'the word in every place that others are shown',
    turns: [
      ...OPENING,
      client(
        snac('0002/0004', tlv(4, "'falcon'")),
        snac('0002/0004', tlv(2, "'falcon'")),
        snac('0001/001e', tlv(0x1d, "0002 04 0b 0007 'falcons' 0000")),
        snac('0013/0008', item('bob', 1, 0, tlv(0x131, "'falcon'"), tlv(0x13c, "'falcon'"))),
        snac('0013/0018', name('bob'), "0006 'falcon' 0000"),
        snac(
          '0004/0006',
          "'12345678' 0002",
          name('bob'),
          rendezvous('0000', CHAT, tlv(0x0c, "'falcon'"), tlv(0x2711, '0004', name('4-0-falcon'))),
        ),
      ),
    ],
    want: [
      SIGNED_IN,
      own('presence', { state: 'away', status: 'falcon' }),
      own('presence', { state: 'profile', status: 'falcon' }),
      own('presence', { state: 'away', status: 'falcons' }),
      own('contact.add', { contact: 'bob', list: 'roster', name: 'falcon', text: 'falcon' }),
      own('contact.request', { to: ['bob'], contact: 'bob', text: 'falcon' }),
      own('room.invite', {
        to: ['bob'],
        room: 'falcon',
        route: 'direct',
        messageId: '3132333435363738',
        text: 'falcon',
      }),
    ],
  },
  {
    name: 'a whispered word in a room, one under a wrong label, one behind another',
    turns: [
      ...OPENING,
      server(snac('000e/0002', '0004', name('4-0-Den'), '0000')),
      client(
        snac('000e/0005', "'12345678' 0003", tlv(2, "'Bob B'"), roomWords('us-ascii', "'falcon'")),
        snac('000e/0005', "'12345678' 0003", tlv(1), roomWords('x-none', '0066 0061 006c')),
        snac('000e/0005', "'12345678' 0003", tlv(5, tlv(1, "'ok'"), tlv(1, "'falcon'"))),
      ),
    ],
    want: [
      SIGNED_IN,
      toBob('falcon', { room: 'Den' }),
      toBob('fal', { room: 'Den', to: undefined, route: 'room' }),
      { anomaly: 'oscar-repeated-tlv' },
      toBob('ok', {
        room: 'Den',
        to: undefined,
        route: 'room',
        markup: 'ok\nfalcon',
        ...odd('oscar-repeated-tlv'),
      }),
    ].map(known),
  },
  {
    name: 'commands that are newer, renamed, or the other side’s',
    turns: [
      ...OPENING,
      client(
        snac('0004/0099', "'falcon'"),
        snac('0026/0001', "'falcon'"),
        snac('0004/0007', "'12345678' 0001", user('bob'), text('falcon')),
        flap(7, "'falcon'"),
      ),
    ],
    want: [
      SIGNED_IN,
      own('app.unknown', { reason: 'SNAC 0004/0099' }),
      own('app.unknown', { reason: 'SNAC 0026/0001' }),
      own('app.unknown', { reason: 'SNAC 0004/0007' }),
      { kind: 'app.unknown', origin: 'client', account: ANN, reason: 'FLAP channel 7' },
    ],
  },
  {
    name: 'the screen name in another spelling is the same account',
    turns: [...OPENING, client(sent('B o B b', text('hi')))],
    want: [SIGNED_IN, toBob('hi')],
  },
];

function own(kind: string, more: Heard): Heard {
  return { kind, origin: 'client', account: ANN, from: ANN, ...more };
}

/** Without the fields that are not there. */
function known(heard: Heard): Heard {
  return Object.fromEntries(Object.entries(heard).filter(([, value]) => value !== undefined));
}
