/** Signing in and out, presence, notices: wire in, events out. */
import { client, type Row, server } from '../../test/support/parser-harness.ts';
import {
  ALICE,
  BOB,
  CAROL,
  CLIENT,
  CLIENT_15,
  carried,
  mime,
  SERVER,
  SERVER_15,
  SIGN_IN,
  SIGNED_IN,
} from './wire.fixture.ts';

const signIn = [client(SIGN_IN.client), server(SIGN_IN.server)];

/** A row of what comes after signing in. */
function after(name: string, turns: Row['turns'], want: Row['want']): Row {
  return { name, turns: [...signIn, ...turns], want: [SIGNED_IN, ...want] };
}

export const SESSIONS: readonly Row[] = [
  {
    name: 'MSNP9 with TWN: versions, the name of the account, OUT',
    turns: [
      client('VER 1 MSNP9 MSNP8 CVR0\r\nCVR 2 0x0409 winnt 5.1 i386 MSNMSGR 6.0.0602 MSMSGS '),
      client(
        'alice@retro.test\r\nUSR 3 TWN I Alice@Retro.test\r\nUSR 4 TWN S t=secret&p=secret\r\n',
      ),
      server('VER 1 MSNP9\r\nCVR 2 6.0 6.0 6.0 http://a http://b\r\nUSR 3 TWN S lc=1033\r\n'),
      server('USR 4 OK alice@retro.test Alice%20\xc3\x84ngstr%C3%B6m 1 0\r\n'),
      client('OUT\r\n'),
    ],
    want: [
      {
        kind: 'session.login',
        ...SERVER,
        protocolVersion: '9',
        from: ALICE,
        name: 'Alice Ängström',
      },
      { kind: 'session.logout', ...CLIENT, protocolVersion: '9', from: ALICE },
    ],
  },
  {
    name: 'MSNP7 with MD5; the server sends it elsewhere first',
    turns: [
      client('VER 0 MSNP7 MSNP6 MSNP5 MSNP4 CVR0\r\nINF 1\r\nUSR 2 MD5 I alice@retro.test\r\n'),
      server('VER 0 MSNP7\r\nINF 1 MD5\r\nXFR 2 NS 207.46.106.79:1863 0\r\n'),
      client('OUT\r\n'),
    ],
    want: [],
  },
  {
    name: 'MSNP7 with MD5, accepted',
    turns: [
      client(
        'VER 0 MSNP7 CVR0\r\nINF 1\r\nUSR 2 MD5 I alice@retro.test\r\nUSR 3 MD5 S 0123abcd\r\n',
      ),
      server('VER 0 MSNP7\r\nINF 1 MD5\r\nUSR 2 MD5 S 989048851.1851137130\r\n'),
      server('USR 3 OK alice@retro.test Alice\r\n'),
    ],
    want: [{ kind: 'session.login', ...SERVER, protocolVersion: '7', from: ALICE, name: 'Alice' }],
  },
  {
    name: 'a wrong password, by the server',
    turns: [
      client('VER 1 MSNP15 CVR0\r\nUSR 3 SSO I alice@retro.test\r\nUSR 4 SSO S t=secret b64\r\n'),
      server('VER 1 MSNP15\r\nUSR 3 SSO S MBI nonce\r\n911 4\r\n'),
    ],
    want: [
      {
        kind: 'session.failed',
        ...SERVER_15,
        from: ALICE,
        reason: '911 authentication failed',
      },
    ],
  },
  {
    name: 'a client that leaves before it is let in (its ticket was refused by HTTPS)',
    turns: [
      client('VER 1 MSNP15 CVR0\r\nUSR 3 SSO I alice@retro.test\r\n'),
      server('VER 1 MSNP15\r\nUSR 3 SSO S MBI nonce\r\n'),
      client('OUT\r\n'),
    ],
    want: [
      {
        kind: 'session.failed',
        ...CLIENT_15,
        from: ALICE,
        reason: 'left before the server had answered',
      },
    ],
  },
  {
    name: 'no version in common',
    turns: [client('VER 1 MSNP2 CVR0\r\n'), server('VER 1 0\r\n')],
    want: [{ kind: 'session.failed', origin: 'server', reason: 'no version in common' }],
  },
  {
    name: 'a version that this decoder does not know: said, and read on',
    turns: [
      client('VER 1 MSNP24 CVR0\r\n'),
      server('VER 1 MSNP24\r\nUSR 2 OK alice@retro.test 1 0\r\n'),
    ],
    want: [
      { kind: 'app.unknown', origin: 'server', protocolVersion: '24', reason: 'MSNP24' },
      { kind: 'session.login', ...SERVER, protocolVersion: '24', from: ALICE },
    ],
  },
  after(
    'signed in at another place',
    [server('OUT OTH\r\n')],
    [{ kind: 'session.logout', ...SERVER_15, from: ALICE, reason: 'signed in at another place' }],
  ),
  after(
    'presence: own, and that of contacts with and without a network',
    [
      client('CHG 9 BSY 1074004004 %3Cmsnobj%2F%3E\r\n'),
      server('CHG 9 BSY 1074004004\r\nILN 9 NLN bob@retro.test 1 Bob%20B 1074004004 0\r\n'),
      server('NLN AWY carol@retro.test 1 1073741856 %3Cmsnobj%2F%3E\r\nFLN bob@retro.test 1 0\r\n'),
      server('NLN IDL 1:dan@retro.test Dan 2788999228:48\r\n'),
    ],
    [
      { kind: 'presence', ...CLIENT_15, from: ALICE, state: 'busy' },
      { kind: 'presence', ...SERVER_15, from: BOB, to: [ALICE], state: 'available', name: 'Bob B' },
      // A name that is a number, and no network before it.
      { kind: 'presence', ...SERVER_15, from: CAROL, to: [ALICE], state: 'away', name: '1' },
      { kind: 'presence', ...SERVER_15, from: BOB, to: [ALICE], state: 'offline' },
      {
        kind: 'presence',
        ...SERVER_15,
        from: 'dan@retro.test',
        to: [ALICE],
        state: 'idle',
        name: 'Dan',
      },
    ],
  ),
  after(
    'status text: XML undone; what is heard; CDATA; an empty one says nothing',
    [
      client(carried('UUX 10', '<Data><PSM>1 &lt; 2 &amp; 3 – ✓</PSM><CurrentMedia/></Data>')),
      server('UUX 10 0\r\n'),
      server(
        carried(
          'UBX bob@retro.test 1',
          '<Data><PSM>at <![CDATA[<home>]]></PSM><CurrentMedia>\\0Music\\01\\0{0} - {1}\\0So What\\0Miles Davis\\0</CurrentMedia></Data>',
        ),
        carried('UBX carol@retro.test', '<Data><PSM></PSM><CurrentMedia></CurrentMedia></Data>'),
        'UBX carol@retro.test 0\r\n',
      ),
    ],
    [
      { kind: 'presence', ...CLIENT_15, from: ALICE, status: '1 < 2 & 3 – ✓' },
      {
        kind: 'presence',
        ...SERVER_15,
        from: BOB,
        to: [ALICE],
        status: 'at <home>\nSo What - Miles Davis',
      },
    ],
  ),
  after(
    'a name of one’s own',
    [
      client(
        'PRP 7 MFN Alice%20%C3%84\r\nREA 8 alice@retro.test Alice\r\nREA 9 bob@retro.test B\r\n',
      ),
    ],
    [
      { kind: 'presence', ...CLIENT_15, from: ALICE, state: 'renamed', name: 'Alice Ä' },
      { kind: 'presence', ...CLIENT_15, from: ALICE, state: 'renamed', name: 'Alice' },
    ],
  ),
  after(
    'MSNP18: presence as a publication',
    [
      server(
        carried(
          'NFY PUT',
          'Routing: 1.0\r\nTo: 1:alice@retro.test\r\nFrom: 1:bob@retro.test;epid={1}\r\n\r\n' +
            'Reliability: 1.0\r\n\r\nNotification: 1.0\r\nNotifNum: 0\r\nUri: /user\r\n' +
            'Content-Type: application/user+xml\r\nContent-Length: 120\r\n\r\n' +
            '<user><s n="IM"><Status>BSY</Status></s><s n="PE"><FriendlyName>Bob</FriendlyName><PSM>hi &amp; bye</PSM></s></user>',
        ),
        carried(
          'NFY DEL',
          'Routing: 1.0\r\nTo: 1:alice@retro.test\r\nFrom: 1:bob@retro.test\r\n\r\n' +
            'Reliability: 1.0\r\n\r\nNotification: 1.0\r\nUri: /user\r\n\r\n',
        ),
      ),
    ],
    [
      {
        kind: 'presence',
        ...SERVER_15,
        from: BOB,
        to: [ALICE],
        state: 'busy',
        status: 'hi & bye',
        name: 'Bob',
      },
      { kind: 'presence', ...SERVER_15, from: BOB, to: [ALICE], state: 'offline' },
    ],
  ),
  after(
    'notices: the profile says nothing; waiting messages and mail are told, not their text',
    [
      server(
        carried(
          'MSG Hotmail Hotmail',
          mime('text/x-msmsgsprofile; charset=UTF-8', 'MSPAuth: secret\r\n'),
        ),
        carried(
          'MSG Hotmail Hotmail',
          mime(
            'text/x-msmsgsinitialmdatanotification; charset=UTF-8',
            'Mail-Data: <MD><E><I>0</I></E><M><T>11</T><RT>2026-11-23T06:40:40Z</RT><E>Bob@retro.test</E>' +
              '<I>0DF6</I><N>=?utf-8?B?QsO2Yg==?=</N></M></MD>\r\n',
          ),
        ),
        carried(
          'MSG Hotmail Hotmail',
          mime(
            'text/x-msmsgsemailnotification; charset=UTF-8',
            'From: Carol\r\nMessage-URL: /x\r\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe_an_dich?=\r\nFrom-Addr: carol@retro.test\r\n',
          ),
        ),
      ),
    ],
    [
      {
        kind: 'message',
        ...SERVER_15,
        from: BOB,
        to: [ALICE],
        route: 'service',
        form: 'notice',
        sentAt: '2026-11-23T06:40:40Z',
        messageId: '0DF6',
        name: 'Böb',
      },
      {
        kind: 'message',
        ...SERVER_15,
        from: CAROL,
        to: [ALICE],
        route: 'service',
        form: 'notice',
        subject: 'Grüße an dich',
        name: 'Carol',
      },
    ],
  ),
  after(
    'the network speaks in words',
    [
      server(
        carried('MSG Hotmail Hotmail', mime('text/plain; charset=UTF-8', 'Down at 5\r\nBack at 6')),
      ),
    ],
    [
      {
        kind: 'message',
        ...SERVER_15,
        to: [ALICE],
        route: 'service',
        form: 'notice',
        text: 'Down at 5\nBack at 6',
      },
    ],
  ),
  after(
    'pages to and from a telephone, and alerts',
    [
      client(
        carried('PAG 5 bob@retro.test D', '<TEXT xml:space="preserve" enc="utf-8">call me</TEXT>'),
      ),
      server(
        carried(
          'IPG',
          '<NOTIFICATION id="0"><FROM name="tel:+15551234"/><MSG pri="1"><BODY lang="1033"><TEXT>ok</TEXT></BODY></MSG></NOTIFICATION>',
        ),
        carried(
          'NOT',
          '<NOTIFICATION id="2"><MSG><BODY><TEXT>Rain &amp; wind</TEXT></BODY></MSG></NOTIFICATION>',
        ),
        carried(
          'NOT',
          '<NOTIFICATION id="0"><MSG><BODY>&lt;NotificationData/&gt;</BODY></MSG></NOTIFICATION>',
        ),
      ),
    ],
    [
      {
        kind: 'message',
        ...CLIENT_15,
        from: ALICE,
        to: [BOB],
        route: 'direct',
        form: 'sms',
        text: 'call me',
      },
      {
        kind: 'message',
        ...SERVER_15,
        from: 'tel:+15551234',
        to: [ALICE],
        route: 'direct',
        form: 'sms',
        text: 'ok',
      },
      {
        kind: 'message',
        ...SERVER_15,
        to: [ALICE],
        route: 'service',
        form: 'headline',
        text: 'Rain & wind',
      },
    ],
  ),
  after(
    'a command that nobody knows',
    [client('XYZ 12 something\r\nPNG\r\n'), server('ABC 0 1 2\r\nQNG 45\r\n')],
    [
      { kind: 'app.unknown', ...CLIENT_15, from: ALICE, reason: 'XYZ' },
      { kind: 'app.unknown', ...SERVER_15, reason: 'ABC' },
    ],
  ),
];
