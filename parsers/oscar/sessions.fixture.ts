/** Test support: signing in and out, presence, notices, and what must be heard of them. */
import {
  client,
  type Heard,
  hex,
  octets,
  type Row,
  server,
} from '../../test/support/parser-harness.ts';
import {
  COOKIE,
  flap,
  HELLO,
  name,
  PAGER,
  SELF,
  SHOW_COOKIE,
  snac,
  tlv,
  user,
} from './oscar.fixture.ts';

const ANN = { account: 'annother', from: 'annother' };
const login: Heard = { kind: 'session.login', origin: 'server', ...ANN };

const LONG = (middle: string) => `${'x'.repeat(300)}${middle}${'y'.repeat(300)}`;

/** Octets of a roasted password: never in an event. */
const ROASTED = '9a45f0b458f5a8a3';

export const SESSIONS: readonly Row[] = [
  {
    name: 'BUCP: the name is asked for, the MD5 is right',
    turns: [
      server(HELLO),
      client(HELLO, snac('0017/0006', tlv(1, "'Ann Other'"), tlv(0x4b))),
      server(snac('0017/0007', "0003 'key'")),
      client(snac('0017/0002', tlv(1, "'Ann Other'"), tlv(0x25, '00'.repeat(16)))),
      server(snac('0017/0003', tlv(1, "'Ann Other'"), tlv(5, "'10.0.0.2:5190'"), tlv(6, COOKIE))),
    ],
    want: [login],
  },
  {
    name: 'BUCP: the MD5 is wrong; tried again under another name',
    turns: [
      client(HELLO, snac('0017/0002', tlv(1, "'Ann Other'"), tlv(0x25, '00'.repeat(16)))),
      server(snac('0017/0003', tlv(1, "'Ann Other'"), tlv(8, '0005'))),
      client(snac('0017/0002', tlv(1, "'Bob'"), tlv(0x25, '00'.repeat(16)))),
      server(snac('0017/0003', tlv(8, '9999'))),
    ],
    want: [
      { kind: 'session.failed', origin: 'server', ...ANN, reason: 'incorrect password' },
      {
        kind: 'session.failed',
        origin: 'server',
        account: 'bob',
        from: 'bob',
        reason: 'code 9999',
      },
    ],
  },
  {
    name: 'roasted password: the answer is the sign-off',
    turns: [
      server(HELLO),
      client(flap(1, '00000001', tlv(1, "'100001'"), tlv(2, ROASTED), tlv(3, "'ICQ'"))),
      server(flap(4, tlv(1, "'100001'"), tlv(5, "'10.0.0.2'"), tlv(6, COOKIE))),
    ],
    want: [{ kind: 'session.login', origin: 'server', account: '100001', from: '100001' }],
  },
  {
    name: 'roasted password: refused',
    turns: [
      client(flap(1, '00000001', tlv(1, "'100001'"), tlv(2, ROASTED))),
      server(flap(4, tlv(8, '0018'))),
    ],
    want: [
      {
        kind: 'session.failed',
        origin: 'server',
        account: '100001',
        from: '100001',
        reason: 'connecting too often',
      },
    ],
  },
  {
    name: 'the sign-in was not seen (Kerberos, TLS): self info tells, once; the client signs off',
    turns: [
      server(HELLO),
      client(SHOW_COOKIE),
      server(PAGER, SELF, SELF),
      client(flap(5), flap(4)),
      server(flap(4)),
    ],
    want: [login, { kind: 'session.logout', origin: 'client', ...ANN }],
  },
  {
    name: 'signed in elsewhere: the server says why',
    turns: [
      client(SHOW_COOKIE),
      server(PAGER, SELF, flap(4, tlv(9, '0001'), tlv(0x0b, "'http://x'"))),
    ],
    want: [
      login,
      { kind: 'session.logout', origin: 'server', ...ANN, reason: 'signed in elsewhere' },
    ],
  },
  {
    name: 'the last frame may lack its length: nothing is made of it',
    turns: [client(SHOW_COOKIE), server(PAGER, SELF, hex('2a04 0009'))],
    want: [login],
  },
  {
    name: 'a server of icons has self info and no session',
    turns: [client(SHOW_COOKIE), server(snac('0001/0003', '0001 0010'), SELF, flap(4))],
    want: [],
  },
  {
    name: 'a list of flags stands before the body where the head says so',
    turns: [
      client(SHOW_COOKIE),
      server(PAGER, flap(2, '0001 000f 8000 00000000 0006 0001 0002 0004', user('Ann Other'))),
    ],
    want: [login],
  },
  {
    name: 'a long away text of which the middle changes is another',
    turns: [
      client(SHOW_COOKIE),
      server(PAGER, SELF),
      client(
        snac('0002/0004', tlv(4, octets(LONG('a')))),
        snac('0002/0004', tlv(4, octets(LONG('a')))),
        snac('0002/0004', tlv(4, octets(LONG('b')))),
      ),
      server(
        snac('0002/0006', user('bob'), tlv(4, octets(LONG('a')))),
        snac('0002/0006', user('bob'), tlv(4, octets(LONG('a')))),
        snac('0002/0006', user('bob'), tlv(4, octets(LONG('b')))),
      ),
    ],
    want: [
      login,
      ...['a', 'b'].map((middle) => ({
        kind: 'presence',
        origin: 'client',
        ...ANN,
        state: 'away',
        status: LONG(middle),
      })),
      ...['a', 'b'].map((middle) => ({
        kind: 'presence',
        origin: 'server',
        account: 'annother',
        from: 'bob',
        state: 'away',
        status: LONG(middle),
      })),
    ],
  },
  {
    name: 'own presence: status, its text, away, back, idle; what is said twice is heard once',
    turns: [
      client(SHOW_COOKIE),
      server(PAGER, SELF),
      client(
        snac('0001/001e', tlv(6, '10020000')),
        snac('0001/001e', tlv(6, '10020000')),
        snac('0001/001e', tlv(0x1d, "0002 04 09 0005 'music' 0000 0009 04 00")),
        snac('0001/001e', tlv(6, '10020013')),
        snac(
          '0002/0004',
          tlv(3, octets('text/aolrtf; charset="unicode-2-0"')),
          tlv(4, '0062 2013'),
        ),
        snac('0001/001e', tlv(6, '10020000')),
        snac('0002/0004', tlv(4)),
        snac('0001/0011', '00000258'),
        snac('0001/0011', '00000000'),
        snac('0001/0011', '00000000'),
      ),
    ],
    want: [
      login,
      { kind: 'presence', origin: 'client', ...ANN, state: 'available' },
      { kind: 'presence', origin: 'client', ...ANN, state: 'available', status: 'music' },
      { kind: 'presence', origin: 'client', ...ANN, state: 'dnd' },
      { kind: 'presence', origin: 'client', ...ANN, state: 'dnd', status: 'b–' },
      { kind: 'presence', origin: 'client', ...ANN, state: 'available' },
      { kind: 'presence', origin: 'client', ...ANN, state: 'idle' },
      { kind: 'presence', origin: 'client', ...ANN, state: 'available' },
    ],
  },
  {
    name: 'AIM away: HTML, and back; the profile',
    turns: [
      client(SHOW_COOKIE),
      server(PAGER, SELF),
      client(
        snac('0002/0004', tlv(4, "'<b>out</b> &amp; about'")),
        snac('0002/0004', tlv(4)),
        snac('0002/0004', tlv(1, "'text/aolrtf'"), tlv(2, "'call me'"), tlv(5)),
      ),
    ],
    want: [
      login,
      {
        kind: 'presence',
        origin: 'client',
        ...ANN,
        state: 'away',
        status: 'out & about',
        markup: '<b>out</b> &amp; about',
      },
      { kind: 'presence', origin: 'client', ...ANN, state: 'available' },
      { kind: 'presence', origin: 'client', ...ANN, state: 'profile', status: 'call me' },
    ],
  },
  {
    name: 'presence of others: classes and status words, gone, texts that were asked for',
    turns: [
      client(SHOW_COOKIE),
      server(
        PAGER,
        SELF,
        snac('0003/000b', user('Bob B', tlv(1, '0010')), user('carl', tlv(1, '0030'))),
        snac('0003/000b', user('Bob B', tlv(1, '0010'))),
        snac('0003/000b', user('200002', tlv(1, '0050'), tlv(6, '00000020'))),
        snac('0003/000b', user('Bob B', tlv(1, '0010'), tlv(4, '000a'))),
        snac('0003/000b', user('Bob B', tlv(1, '0010'), tlv(0x1d, "0002 04 06 0002 'hi' 0000"))),
        snac('0003/000c', user('Bob B')),
        snac('0002/0006', user('carl', tlv(1, '0030')), tlv(4, "'lunch'"), tlv(2, "'me<br>me'")),
        snac('0002/0006', user('carl', tlv(1, '0030')), tlv(4, "'lunch'")),
      ),
    ],
    want: [
      login,
      other('bobb', 'available'),
      other('carl', 'away'),
      other('200002', 'chat'),
      other('bobb', 'idle'),
      { ...other('bobb', 'available'), status: 'hi' },
      other('bobb', 'offline'),
      { ...other('carl', 'away'), status: 'lunch' },
      { ...other('carl', 'profile'), status: 'me\nme', markup: 'me<br>me' },
    ],
  },
  {
    name: 'popups, message of the day, warnings',
    turns: [
      client(SHOW_COOKIE),
      server(
        PAGER,
        SELF,
        snac('0008/0002', tlv(1, "'<b>Sale</b>'"), tlv(2, "'http://x/'")),
        snac('0001/0013', '0004', tlv(0x0b, "'Welcome'")),
        snac('0001/0010', '0064', user('Bob B')),
        snac('0001/0010', '00c8'),
      ),
      client(snac('0004/0008', '0000', name('Bob B'))),
    ],
    want: [
      login,
      {
        ...notice('Sale'),
        markup: '<b>Sale</b>',
        subject: 'http://x/',
      },
      notice('Welcome'),
      { ...other('bobb', 'warned'), to: ['annother'], status: '10 %' },
      {
        kind: 'presence',
        origin: 'server',
        account: 'annother',
        to: ['annother'],
        state: 'warned',
        status: '20 %',
      },
      { kind: 'presence', origin: 'client', ...ANN, to: ['bobb'], state: 'warned' },
    ],
  },
  {
    name: 'what is not known: family, subtype, the wrong way round, FLAP version and channel',
    turns: [
      client(flap(1, '00000002')),
      client(
        snac('0099/0001'),
        snac('0004/0007', "'12345678' 0001"),
        flap(6, '00'),
        snac('0004/0033'),
      ),
      server(snac('0004/0006', "'12345678' 0001")),
    ],
    want: [
      unknown('client', 'FLAP version 2'),
      unknown('client', 'SNAC 0099/0001'),
      unknown('client', 'SNAC 0004/0007'),
      unknown('client', 'FLAP channel 6'),
      unknown('client', 'SNAC 0004/0033'),
      unknown('server', 'SNAC 0004/0006'),
    ],
  },
  {
    name: 'a SNAC without its head, TLVs beyond their frame',
    turns: [
      client(flap(2, '0004 0006'), flap(1, '00000001', '0006 00ff 00')),
      server(snac('0003/000b', "03 'bob' 0000 0002 0001 0002 0010")),
    ],
    want: [
      { anomaly: 'snac-too-short' },
      { anomaly: 'oscar-bad-tlv' },
      { kind: 'presence', origin: 'server', from: 'bob', state: 'available' },
      { anomaly: 'oscar-bad-tlv' },
    ],
  },
];

function other(from: string, state: string): Heard {
  return { kind: 'presence', origin: 'server', account: 'annother', from, state };
}

function notice(text: string): Heard {
  const place = { kind: 'message', origin: 'server', account: 'annother', to: ['annother'] };
  return { ...place, text, form: 'notice', route: 'service' };
}

function unknown(origin: string, reason: string): Heard {
  return { kind: 'app.unknown', origin, reason };
}
