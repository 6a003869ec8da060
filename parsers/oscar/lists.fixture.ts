/** Test support: contact lists, rooms, icons, and what must be heard of them. */
import {
  client,
  type Heard,
  octets,
  type Row,
  server,
  sha256,
} from '../../test/support/parser-harness.ts';
import { OPENING, SIGNED_IN } from './messages.fixture.ts';
import {
  CHAT,
  flap,
  HELLO,
  item,
  name,
  PAGER,
  rendezvous,
  roomWords,
  SELF,
  SHOW_COOKIE,
  snac,
  tlv,
  user,
} from './oscar.fixture.ts';

const ANN = 'annother';
const ALIAS = 0x0131;
const own = (kind: string, more: Heard): Heard => ({
  kind,
  origin: 'client',
  account: ANN,
  from: ANN,
  ...more,
});
const listed = (more: Heard): Heard => ({
  kind: 'contact.list',
  origin: 'server',
  account: ANN,
  ...more,
});

const ROOM = '4-0-Den';
const IN_DEN = { account: ANN, room: 'Den' };
const DEN_COOKIE = "'den cookie'";
const bob = (kind: string, more: Heard = {}): Heard => ({
  kind,
  origin: 'server',
  ...IN_DEN,
  from: 'bobb',
  ...more,
});

const PICTURE = octets('GIF89a');

export const LISTS: readonly Row[] = [
  {
    name: 'the list of the server: groups, aliases, who has not agreed, blocked ones, other entries',
    turns: [
      ...OPENING,
      server(
        snac(
          '0013/0006',
          '00 0007',
          item('Bob B', 1, 0, tlv(ALIAS, "'Bobby'"), tlv(0x13c, "'owes me'")),
          item('200002', 2, 0, tlv(0x66)),
          item('Buddies', 1, 1, tlv(0xc8, '0001')),
          item('carl', 0, 3),
          item('dora', 0, 2),
          item('eve', 0, 0x0e),
          item('1', 0, 0x14, tlv(0xd5, '00')),
          '4a834806',
        ),
      ),
    ],
    want: [
      SIGNED_IN,
      listed({
        contact: 'bobb',
        list: 'roster',
        groups: ['Buddies'],
        name: 'Bobby',
        text: 'owes me',
      }),
      listed({ contact: '200002', list: 'roster', subscription: 'none' }),
      listed({ contact: 'carl', list: 'block' }),
      listed({ contact: 'dora', list: 'allow' }),
      listed({ contact: 'eve', list: 'block' }),
    ],
  },
  {
    name: 'changes to it, by this client and by another one of the account',
    turns: [
      ...OPENING,
      client(
        snac('0013/0008', item('Friends', 7, 1), item('Bob B', 7, 0)),
        snac(
          '0013/0009',
          item('', 0, 1, tlv(0xc8, '0007')),
          item('Bob B', 7, 0, tlv(ALIAS, "'B'")),
        ),
        snac('0013/000a', item('Bob B', 7, 0)),
        snac('0013/0008', item('carl', 0, 3), item('dora', 0, 2)),
        snac('0013/000a', item('carl', 0, 3), item('dora', 0, 2)),
      ),
      server(snac('0013/0008', item('eve', 7, 0)), snac('0013/000a', item('Friends', 7, 1))),
      client(snac('0013/0008', item('fay', 7, 0))),
    ],
    want: [
      SIGNED_IN,
      own('contact.add', { contact: 'bobb', list: 'roster', groups: ['Friends'] }),
      own('contact.add', {
        contact: 'bobb',
        list: 'roster',
        groups: ['Friends'],
        name: 'B',
        state: 'updated',
      }),
      own('contact.remove', { contact: 'bobb', list: 'roster', groups: ['Friends'] }),
      own('contact.block', { contact: 'carl', list: 'block' }),
      own('contact.add', { contact: 'dora', list: 'allow' }),
      own('contact.unblock', { contact: 'carl', list: 'block' }),
      own('contact.remove', { contact: 'dora', list: 'allow' }),
      {
        kind: 'contact.add',
        origin: 'server',
        account: ANN,
        contact: 'eve',
        list: 'roster',
        groups: ['Friends'],
      },
      own('contact.add', { contact: 'fay', list: 'roster' }),
    ],
  },
  {
    name: 'the older lists: told before the client is ready, changed after it',
    turns: [
      ...OPENING,
      client(
        snac('0003/0004', name('Bob B'), name('carl')),
        snac('0009/0007', name('dora'), name('Ann Other')),
        snac('0009/0005', name('fay')),
        snac('0001/0002', '0001 0003 0110 0001'),
        snac('0003/0004', name('eve')),
        snac('0003/0005', name('carl')),
        snac('0003/000f', name('gil')),
        snac('0009/0007', name('hal')),
        snac('0009/0008', name('hal')),
        snac('0009/0005', name('hal')),
        snac('0009/0006', name('hal')),
      ),
    ],
    want: [
      SIGNED_IN,
      own('contact.list', { contact: 'bobb', list: 'roster' }),
      own('contact.list', { contact: 'carl', list: 'roster' }),
      own('contact.list', { contact: 'dora', list: 'block' }),
      own('contact.list', { contact: 'fay', list: 'allow' }),
      own('contact.add', { contact: 'eve', list: 'roster' }),
      own('contact.remove', { contact: 'carl', list: 'roster' }),
      own('contact.add', { contact: 'gil', list: 'roster', state: 'temporary' }),
      own('contact.block', { contact: 'hal', list: 'block' }),
      own('contact.unblock', { contact: 'hal', list: 'block' }),
      own('contact.add', { contact: 'hal', list: 'allow' }),
      own('contact.remove', { contact: 'hal', list: 'allow' }),
    ],
  },
  {
    name: 'an item beyond its SNAC: those before it are said',
    turns: [...OPENING, client(snac('0013/0008', item('Bob B', 7, 0), '0009 '))],
    want: [
      SIGNED_IN,
      own('contact.add', { contact: 'bobb', list: 'roster' }),
      { anomaly: 'snac-malformed' },
    ],
  },
];

export const ROOMS: readonly Row[] = [
  {
    name: 'invitations: sent, taken back, received, declined',
    turns: [
      ...OPENING,
      client(invite('0004/0006', name('Bob B'))),
      client(snac('0004/0006', "'12345678' 0002", name('Bob B'), rendezvous('0001', CHAT))),
      server(invite('0004/0007', user('Bob B'))),
      client(snac('0004/0006', "'12345678' 0002", name('Bob B'), rendezvous('0001', CHAT))),
      server(snac('0004/0007', "'12345678' 0002", user('Bob B'), rendezvous('0002', CHAT))),
    ],
    want: [
      SIGNED_IN,
      invited('room.invite', 'client', { text: 'come & café', markup: 'come &amp; café' }),
      invited('room.decline', 'client', { state: 'cancelled' }),
      invited('room.invite', 'server', { text: 'come & café', markup: 'come &amp; café' }),
      invited('room.decline', 'client'),
    ],
  },
  {
    name: 'an invitation that says it is an answer, or a cancel: clients show it',
    turns: [
      ...OPENING,
      client(
        invite('0004/0006', name('Bob B'), '0002'),
        invite('0004/0006', name('Bob B'), '0001'),
      ),
    ],
    want: [
      SIGNED_IN,
      invited('room.invite', 'client', { text: 'come & café', markup: 'come &amp; café' }),
      invited('room.invite', 'client', { text: 'come & café', markup: 'come &amp; café' }),
    ],
  },
  {
    name: 'a room is asked for, and its name is in its cookie',
    turns: [
      ...OPENING,
      client(
        snac(
          '000d/0008',
          '0004 06',
          octets('create'),
          'ffff 01 0002',
          tlv(0xd3, "'Den'"),
          tlv(0xd6),
        ),
        snac('000d/0008', '0004', name('!aol://2719:10-4-My%20Den'), 'ffff 01 0000'),
      ),
    ],
    want: [
      SIGNED_IN,
      own('room.join', { room: 'Den', state: 'requested' }),
      own('room.join', { room: 'My Den', state: 'requested' }),
    ],
  },
  {
    name: 'a room without a known cookie: it tells its name, self info the account',
    turns: [
      server(HELLO),
      client(flap(1, '00000001', tlv(6, DEN_COOKIE))),
      server(
        snac('0001/0003', '0001 000e'),
        SELF,
        snac('000e/0002', '0004', name(ROOM), '0000 02 0000'),
        snac('000e/0003', user('Bob B'), user('Ann Other')),
        snac('000e/0003', user('carl')),
      ),
      client(snac('000e/0005', "'12345678' 0003", tlv(1), tlv(6), roomWords('utf-8', '68 c3a9'))),
      server(
        chat('Ann Other', roomWords('utf-8', '68 c3a9')),
        chat('Bob B', roomWords('unicode-2-0', '0068 0069')),
        chat('Bob B', roomWords('us-ascii', "'<b>x</b>'")),
        chat('Bob B', roomWords('iso-8859-1', '68 e9'), tlv(2, "'Ann Other'")),
        snac('000e/0004', user('Bob B')),
      ),
    ],
    want: [
      bob('room.join', { state: 'present' }),
      bob('room.join', { from: ANN }),
      bob('room.join', { from: 'carl' }),
      bob('message', { ...said('hé'), origin: 'client', from: ANN }),
      bob('message', { ...said('hé'), from: ANN, copy: 'echo' }),
      bob('message', said('hi')),
      bob('message', { ...said('x'), markup: '<b>x</b>' }),
      bob('message', { ...said('hé'), to: [ANN], route: 'direct' }),
      bob('room.leave'),
    ],
  },
];

export const ICONS: readonly Row[] = [
  {
    name: 'icons: put there, fetched in both ways, none there',
    turns: [
      client(SHOW_COOKIE),
      server(PAGER, SELF),
      client(snac('0010/0002', '0001 0006', PICTURE)),
      server(
        snac('0010/0005', name('Bob B'), "0001 00 03 'abc' 0006", PICTURE),
        snac('0010/0005', name('Bob B'), "0001 00 03 'abc' 0000"),
        snac('0010/0007', name('Bob B'), "0400 00 01 'x' 00 0400 00 01 'y' 0006", PICTURE),
        snac('0010/0005', name('Bob B'), "0001 00 03 'abc' 0007", PICTURE),
      ),
    ],
    want: [
      SIGNED_IN,
      icon('file.offer', 'client', { purpose: 'picture' }),
      icon('file.complete', 'client', { purpose: 'picture', sha256: sha256(PICTURE) }),
      icon('file.offer', 'server', { purpose: 'picture', token: '616263' }),
      icon('file.complete', 'server', {
        purpose: 'picture',
        token: '616263',
        sha256: sha256(PICTURE),
      }),
      icon('file.offer', 'server', { purpose: 'emoticon', token: '79' }),
      icon('file.complete', 'server', {
        purpose: 'emoticon',
        token: '79',
        sha256: sha256(PICTURE),
      }),
      { anomaly: 'snac-malformed' },
    ],
  },
];

function invite(label: string, party: Uint8Array, type = '0000'): Uint8Array {
  const place = tlv(0x2711, '0004', name(ROOM), '0000');
  const text = tlv(0x0c, octets('come &amp; caf\u00c3\u00a9'));
  const proposal = rendezvous(type, CHAT, tlv(0x0a, '0001'), text, place);
  return snac(label, "'12345678' 0002", party, proposal);
}

function invited(kind: string, origin: string, more: Heard = {}): Heard {
  const [from, to] = origin === 'client' ? [ANN, 'bobb'] : ['bobb', ANN];
  const parties = { kind, origin, account: ANN, from, to: [to], room: 'Den' };
  return { ...parties, route: 'direct', messageId: '3132333435363738', ...more };
}

function chat(from: string, ...tlvs: readonly Uint8Array[]): Uint8Array {
  return snac('000e/0006', "'12345678' 0003", tlv(3, user(from)), tlv(1), ...tlvs);
}

function said(text: string): Heard {
  return { text, route: 'room', messageId: '3132333435363738' };
}

function icon(kind: string, origin: string, file: Heard): Heard {
  const party = origin === 'client' ? { from: ANN } : { from: 'bobb', to: [ANN] };
  const whole = { size: 6, method: 'attachment', ...file };
  return { kind, origin, account: ANN, ...party, route: 'service', file: whole };
}
