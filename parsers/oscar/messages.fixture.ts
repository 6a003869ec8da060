/** Test support: messages, typing and what becomes of them, and what must be heard. */
import {
  client,
  type Heard,
  hex,
  octets,
  type Row,
  server,
} from '../../test/support/parser-harness.ts';
import {
  name,
  PAGER,
  piece,
  received,
  SELF,
  SHOW_COOKIE,
  sent,
  snac,
  text16,
  tlv,
  user,
  words,
} from './oscar.fixture.ts';

const ANN = 'annother';
const COOKIE = '3132333435363738';
/** The account is known, and its sign-in said. */
export const OPENING = [client(SHOW_COOKIE), server(PAGER, SELF)] as const;
export const SIGNED_IN: Heard = {
  kind: 'session.login',
  origin: 'server',
  account: ANN,
  from: ANN,
};

export function toBob(text: string, more: Heard = {}): Heard {
  const parties = { kind: 'message', origin: 'client', account: ANN, from: ANN, to: ['bobb'] };
  return { ...parties, text, route: 'direct', messageId: COOKIE, ...more };
}

export function fromBob(text: string, more: Heard = {}): Heard {
  return { ...toBob(text), origin: 'server', from: 'bobb', to: [ANN], ...more };
}

export const MESSAGES: readonly Row[] = [
  {
    name: 'sent and received',
    turns: [
      ...OPENING,
      client(sent('Bob B', words(piece('0000', "'hi'")), tlv(3), tlv(6))),
      server(snac('0004/000c', "'12345678' 0001", name('Bob B'))),
      server(received('Bob B', words(piece('0000', "'yo'")))),
    ],
    want: [SIGNED_IN, toBob('hi'), fromBob('yo')],
  },
  {
    name: 'HTML is undone and kept; text that looks like it is text',
    turns: [
      ...OPENING,
      client(
        sent('Bob B', words(piece('0000', octets('<HTML><BODY>a<BR>b &lt;c&gt;</BODY></HTML>')))),
        sent('Bob B', words(piece('0000', octets('1 < 2')))),
      ),
    ],
    want: [
      SIGNED_IN,
      toBob('a\nb <c>', { markup: '<HTML><BODY>a<BR>b &lt;c&gt;</BODY></HTML>' }),
      toBob('1 < 2'),
    ],
  },
  {
    name: 'character sets: UTF-16, ISO 8859-1, UTF-8 by its name or as ASCII',
    turns: [
      ...OPENING,
      client(
        sent('Bob B', words(piece('0002', '0068 00e9'))),
        sent('Bob B', words(piece('0003', '68 e9 80'))),
        sent('Bob B', words(piece('000d', '68 c3a9'))),
        sent('Bob B', words(piece('0000', '68 c3a9'))),
        sent('Bob B', words(piece('0000', '68 e9'))),
        sent('Bob B', words(piece('0002', 'd83d de00 0000'))),
      ),
    ],
    want: [SIGNED_IN, ...['hé', 'hé€', 'hé', 'hé', 'hé', '😀'].map((text) => toBob(text))],
  },
  {
    name: 'several pieces are one text',
    turns: [
      ...OPENING,
      client(sent('Bob B', words(piece('0000', "'one '"), piece('0000', "'two'")))),
    ],
    want: [SIGNED_IN, toBob('one two', { markup: 'one two\none \ntwo' })],
  },
  {
    name: 'written by a machine; kept while away, with its time',
    turns: [
      ...OPENING,
      server(
        received('Bob B', words(piece('0000', "'out'")), tlv(4)),
        received('Bob B', words(piece('0000', "'late'")), tlv(6), tlv(0x16, '4a834806')),
        received('Bob B', words(piece('0000', "'not stored'")), tlv(0x16, '4a834806')),
      ),
    ],
    want: [
      SIGNED_IN,
      fromBob('out', { form: 'auto-reply' }),
      fromBob('late', { sentAt: '2009-08-12T22:53:58Z' }),
      fromBob('not stored'),
    ],
  },
  {
    name: 'to a telephone',
    turns: [...OPENING, client(sent('+1 212 5550100', words(piece('0000', "'hi'"))))],
    want: [SIGNED_IN, toBob('hi', { to: ['+12125550100'], form: 'sms' })],
  },
  {
    name: 'numbers among themselves write plain text, or say that it is HTML',
    turns: [
      client(SHOW_COOKIE),
      server(PAGER, snac('0001/000f', user('100001'))),
      client(
        sent('200002', words(piece('0000', "'a < b &amp; <b>c</b>'"))),
        sent('200002', words(piece('0000', "'<HTML>a &amp; b</HTML>'"))),
        sent('bob', words(piece('0000', "'a &amp; b'"))),
      ),
    ],
    want: [
      { ...SIGNED_IN, account: '100001', from: '100001' },
      icq('a < b &amp; <b>c</b>'),
      icq('a & b', { markup: '<HTML>a &amp; b</HTML>' }),
      icq('a & b', { markup: 'a &amp; b', to: ['bob'] }),
    ],
  },
  {
    name: 'typing: began, stopped, went',
    turns: [
      ...OPENING,
      client(
        snac('0004/0014', '00'.repeat(8), '0001', name('Bob B'), '0002'),
        snac('0004/0014', '00'.repeat(8), '0001', name('Bob B'), '0000'),
      ),
      server(
        snac('0004/0014', '00'.repeat(8), '0001', name('Bob B'), '0001'),
        snac('0004/0014', '00'.repeat(8), '0001', name('Bob B'), '000f'),
      ),
    ],
    want: [
      SIGNED_IN,
      typing('client', 'composing'),
      typing('client', 'active'),
      typing('server', 'paused'),
      typing('server', 'gone'),
    ],
  },
  {
    name: 'errors are of the message with the same number; others are nothing',
    turns: [
      ...OPENING,
      client(sent('Bob B', words(piece('0000', "'hi'")))),
      server(snac('0004/0001', '0004'), snac('0004/0001', '0004')),
      server(snac('0004/000b', "'12345678' 0001", name('Bob B'), '0002')),
      client(snac('0004/000b', "'12345678' 0001", name('Bob B'), '0001')),
      server(
        snac('0004/000a', '0001', user('Bob B'), '0003 0002', '0001', user('carl'), '0001 0077'),
      ),
    ],
    want: [
      SIGNED_IN,
      toBob('hi'),
      receipt('bobb', { state: 'failed', reason: 'not signed in', refersTo: COOKIE }),
      receipt('bobb', { state: 'failed', reason: 'denied', refersTo: COOKIE }),
      {
        ...receipt('bobb', { state: 'failed', reason: 'busy', refersTo: COOKIE }),
        origin: 'client',
        from: ANN,
        to: ['bobb'],
      },
      receipt('bobb', { state: 'missed', reason: 'rate limit', status: '3' }),
      receipt('carl', { state: 'missed', reason: 'code 0077', status: '1' }),
    ],
  },
  {
    name: 'asking to be a contact, and the answers',
    turns: [
      ...OPENING,
      client(
        snac('0013/0018', name('Bob B'), text16('please'), '0000'),
        snac('0013/001a', name('Bob B'), '01', text16('ok')),
        snac('0013/001a', name('Bob B'), '00', text16('')),
        snac('0013/0014', name('Bob B'), text16(''), '0000'),
        snac('0013/0016', name('Bob B')),
      ),
      server(
        snac('0013/0019', name('Bob B'), text16('hej'), '0000'),
        snac('0013/001b', name('Bob B'), '00', text16('no')),
        snac('0013/0015', name('Bob B'), text16(''), '0000'),
        snac('0013/001c', name('Bob B')),
      ),
    ],
    want: [
      SIGNED_IN,
      asked('contact.request', 'client', { text: 'please' }),
      asked('contact.approve', 'client', { text: 'ok' }),
      asked('contact.deny', 'client'),
      asked('contact.approve', 'client'),
      asked('contact.remove', 'client', { list: 'reverse' }),
      asked('contact.request', 'server', { text: 'hej' }),
      asked('contact.deny', 'server', { text: 'no' }),
      asked('contact.approve', 'server'),
      asked('contact.add', 'server', { list: 'reverse' }),
    ],
  },
  {
    name: 'a channel that is not known, and a message that is cut',
    turns: [
      ...OPENING,
      client(snac('0004/0006', "'12345678' 0005", name('Bob B'), tlv(2, "'hi'"))),
      client(snac('0004/0006', "'12345678' 0001 05 'bob'")),
      client(sent('Bob B', hex('0002 0005 0101'))),
    ],
    want: [
      SIGNED_IN,
      {
        kind: 'app.unknown',
        origin: 'client',
        account: ANN,
        from: ANN,
        to: ['bobb'],
        reason: 'ICBM channel 5',
      },
      { anomaly: 'snac-malformed' },
      { anomaly: 'oscar-bad-tlv' },
      { anomaly: 'oscar-no-text' },
    ],
  },
];

function icq(text: string, more: Heard = {}): Heard {
  return toBob(text, { account: '100001', from: '100001', to: ['200002'], ...more });
}

function typing(origin: string, state: string): Heard {
  const [from, to] = origin === 'client' ? [ANN, 'bobb'] : ['bobb', ANN];
  return { kind: 'typing', origin, account: ANN, from, to: [to], route: 'direct', state };
}

function receipt(from: string, more: Heard): Heard {
  return { kind: 'message.receipt', origin: 'server', account: ANN, from, to: [ANN], ...more };
}

function asked(kind: string, origin: string, more: Heard = {}): Heard {
  const [from, to] = origin === 'client' ? [ANN, 'bobb'] : ['bobb', ANN];
  return { kind, origin, account: ANN, from, to: [to], contact: 'bobb', ...more };
}
