/** Ways past a filter, and what is said of each: README.md, "Known evasions". */
import {
  client,
  joined,
  octets,
  type Row,
  server,
  sha256,
} from '../../test/support/parser-harness.ts';
import {
  ALICE,
  CLIENT,
  carried,
  FROM_BOB,
  mime,
  OPEN,
  OPENED,
  plain,
  SERVER,
  TO_BOB,
} from './wire.fixture.ts';

const open = [client(OPEN.client), server(OPEN.server)];

function inside(name: string, turns: Row['turns'], want: Row['want']): Row {
  return { name, turns: [...open, ...turns], want: [OPENED, ...want] };
}

const odd = (...anomalies: string[]) => ({ anomalies });

export const EVASIONS: readonly Row[] = [
  inside(
    'headers in any case, folded, with blanks',
    [
      server(
        carried(
          'MSG bob@retro.test Bob',
          'mime-version: 1.0\r\nCONTENT-TYPE :\r\n text/plain;\r\n\tcharset=utf-8\r\n\r\nsecret',
        ),
      ),
    ],
    [{ kind: 'message', ...FROM_BOB, text: 'secret' }],
  ),
  inside(
    'two types: what may be a text to somebody is told as one',
    [
      server(
        carried(
          'MSG bob@retro.test Bob',
          'Content-Type: text/x-clientcaps\r\nContent-Type: text/plain\r\n\r\nsecret',
        ),
      ),
    ],
    [
      { anomaly: 'msnp-two-content-types' },
      { anomaly: 'msnp-two-readings' },
      {
        kind: 'message',
        ...FROM_BOB,
        text: 'secret',
        ...odd('msnp-two-content-types', 'msnp-two-readings'),
      },
    ],
  ),
  inside(
    'the type that counts behind more fields than are read',
    [
      server(
        carried(
          'MSG bob@retro.test Bob',
          `Content-Type: text/x-clientcaps\r\n${'A: b\r\n'.repeat(260)}Content-Type: text/plain\r\n\r\nsecret`,
        ),
      ),
    ],
    [
      { anomaly: 'msnp-bad-headers' },
      { anomaly: 'msnp-two-readings' },
      {
        kind: 'message',
        ...FROM_BOB,
        text: 'secret',
        ...odd('msnp-bad-headers', 'msnp-two-readings'),
      },
    ],
  ),
  inside(
    'two types, of which one is an invitation',
    [
      server(
        carried(
          'MSG bob@retro.test Bob',
          [
            'Content-Type: text/x-clientcaps',
            'Content-Type: text/x-msmsgsinvite; charset=UTF-8',
            '',
            'Invitation-Command: INVITE',
            'Invitation-Cookie: 7',
            'Application-File: x.exe',
            'Application-FileSize: 1',
            '',
            '',
          ].join('\r\n'),
        ),
      ),
    ],
    [
      { anomaly: 'msnp-two-content-types' },
      { anomaly: 'msnp-two-readings' },
      {
        kind: 'file.offer',
        ...FROM_BOB,
        file: { name: 'x.exe', size: 1, method: 'msnftp', token: '7' },
        ...odd('msnp-two-content-types', 'msnp-two-readings'),
      },
    ],
  ),
  inside(
    'lines that end in LF or CR alone: to some another type, or another beginning of the text',
    [
      server(
        carried(
          'MSG bob@retro.test Bob',
          'Content-Type: text/x-clientcaps\n\nX\r\nContent-Type: text/plain\r\n\r\nsecret',
        ),
        carried('MSG bob@retro.test Bob', 'Content-Type: text/plain\r\rsecret'),
        carried(
          'MSG bob@retro.test Bob',
          'Content-Type: text/x-msmsgscontrol\r\nA: b\nContent-Type: text/plain\r\n\r\nsecret',
        ),
      ),
    ],
    [
      { anomaly: 'msnp-two-readings' },
      {
        kind: 'message',
        ...FROM_BOB,
        text: 'X\nContent-Type: text/plain\n\nsecret',
        ...odd('msnp-two-readings'),
      },
      { anomaly: 'msnp-two-readings' },
      {
        kind: 'message',
        ...FROM_BOB,
        text: 'Content-Type: text/plain\r\rsecret',
        ...odd('msnp-two-readings'),
      },
      { anomaly: 'msnp-two-content-types' },
      { anomaly: 'msnp-two-readings' },
      {
        kind: 'message',
        ...FROM_BOB,
        text: 'secret',
        ...odd('msnp-two-content-types', 'msnp-two-readings'),
      },
    ],
  ),
  inside(
    'a text in another charset is read in it, where it is known',
    [
      server(
        carried('MSG bob@retro.test Bob', mime('text/plain; charset=UTF-7', '+AHMAZQ-cre+AHQ')),
        carried('MSG bob@retro.test Bob', mime('text/plain; x=UTF-16LE', 's\0e\0c\0r\0e\0t\0')),
        carried(
          'MSG bob@retro.test Bob',
          joined(octets(mime('text/plain; charset=IBM037', '')), octets('\xa2\x85')),
        ),
      ),
    ],
    [
      { anomaly: 'msnp-odd-charset' },
      { kind: 'message', ...FROM_BOB, text: 'secret', ...odd('msnp-odd-charset') },
      { anomaly: 'msnp-odd-charset' },
      { kind: 'message', ...FROM_BOB, text: 'secret', ...odd('msnp-odd-charset') },
      { anomaly: 'msnp-odd-charset' },
      { kind: 'message', ...FROM_BOB, text: '¢…', ...odd('msnp-odd-charset') },
    ],
  ),
  inside(
    'numbers of parts with something behind them are numbers to those who put them together',
    [
      server(
        carried('MSG bob@retro.test Bob', plain('sec', 'Message-ID: {A}\r\nChunks: 2x\r\n')),
        carried('MSG bob@retro.test Bob', 'Message-ID: {A}\r\nChunk: 1;\r\n\r\nret'),
      ),
    ],
    [{ kind: 'message', ...FROM_BOB, text: 'secret', messageId: '{A}' }],
  ),
  inside(
    'a type that is not known, and none at all: words are told',
    [
      server(
        carried('MSG bob@retro.test Bob', mime('text/html', '<b>secret</b>')),
        carried('MSG bob@retro.test Bob', 'P4-Context: x\r\n\r\nsecret'),
        carried('MSG bob@retro.test Bob', mime('application/x-new', 'binary')),
      ),
    ],
    [
      { kind: 'app.unknown', ...SERVER, reason: 'MSG text/html', text: '<b>secret</b>' },
      { kind: 'app.unknown', ...SERVER, reason: 'MSG untyped', text: 'secret' },
      { kind: 'app.unknown', ...SERVER, reason: 'MSG application/x-new' },
    ],
  ),
  inside(
    'a chunk whose beginning is elsewhere; one twice; more than are kept',
    [
      server(
        carried('MSG bob@retro.test Bob', 'Message-ID: {B}\r\nChunk: 1\r\n\r\nsecret'),
        carried('MSG bob@retro.test Bob', plain('a', 'Message-ID: {C}\r\nChunks: 3\r\n')),
        carried('MSG bob@retro.test Bob', 'Message-ID: {C}\r\nChunk: 1\r\n\r\nb'),
        carried('MSG bob@retro.test Bob', 'Message-ID: {C}\r\nChunk: 1\r\n\r\nX'),
        carried('MSG bob@retro.test Bob', 'Message-ID: {C}\r\nChunk: 2\r\n\r\nc'),
        carried('MSG bob@retro.test Bob', plain('a', 'Message-ID: {D}\r\nChunks: 99999\r\n')),
      ),
    ],
    [
      { anomaly: 'msnp-bad-chunk' },
      {
        kind: 'app.unknown',
        ...SERVER,
        reason: 'MSG chunk',
        text: 'secret',
        ...odd('msnp-bad-chunk'),
      },
      { anomaly: 'msnp-bad-chunk' },
      { kind: 'app.unknown', ...SERVER, reason: 'MSG chunk', text: 'X', ...odd('msnp-bad-chunk') },
      { kind: 'message', ...FROM_BOB, text: 'abc', messageId: '{C}' },
      { anomaly: 'msnp-chunk-limit' },
      {
        kind: 'app.unknown',
        ...SERVER,
        reason: 'MSG chunk',
        text: 'a',
        ...odd('msnp-chunk-limit'),
      },
    ],
  ),
  inside(
    'chunks of two people under one identifier are two messages',
    [
      server(carried('MSG bob@retro.test Bob', plain('to ', 'Message-ID: {A}\r\nChunks: 2\r\n'))),
      client(carried('MSG 5 N', plain('sec', 'Message-ID: {A}\r\nChunks: 2\r\n'))),
      client(carried('MSG 6 N', 'Message-ID: {A}\r\nChunk: 1\r\n\r\nret')),
      server(carried('MSG bob@retro.test Bob', 'Message-ID: {A}\r\nChunk: 1\r\n\r\nyou')),
    ],
    [
      { kind: 'message', ...TO_BOB, text: 'secret', messageId: '{A}' },
      { kind: 'message', ...FROM_BOB, text: 'to you', messageId: '{A}' },
    ],
  ),
  inside(
    'a name for one message, and typing for somebody else',
    [
      server(
        carried('MSG bob@retro.test Bob', plain('trust me', 'P4-Context: Carol\r\n')),
        carried(
          'MSG bob@retro.test Bob',
          mime('text/x-msmsgscontrol', '', 'TypingUser: carol@retro.test\r\n'),
        ),
      ),
    ],
    [
      { anomaly: 'msnp-name-override' },
      {
        kind: 'message',
        ...FROM_BOB,
        text: 'trust me',
        name: 'Carol',
        ...odd('msnp-name-override'),
      },
      { anomaly: 'msnp-typing-for-other' },
      { kind: 'typing', ...FROM_BOB, state: 'composing', ...odd('msnp-typing-for-other') },
    ],
  ),
  inside(
    'lengths that are none; a command in its payload is found again',
    [
      client('MSG 5 N +12\r\nMIME-Version: 1.0\r\n\r\n', carried('MSG 6 N', plain('seen'))),
      client('MSG 7 N 99999999999\r\n', carried('MSG 8 N', plain('seen too'))),
    ],
    [
      { anomaly: 'msnp-bad-length' },
      { kind: 'app.unknown', ...CLIENT, from: ALICE, reason: 'MSG', ...odd('msnp-bad-length') },
      { kind: 'message', ...TO_BOB, text: 'seen' },
      { anomaly: 'msnp-bad-length' },
      { kind: 'app.unknown', ...CLIENT, from: ALICE, reason: 'MSG', ...odd('msnp-bad-length') },
      { kind: 'message', ...TO_BOB, text: 'seen too' },
    ],
  ),
  inside(
    'a payload beyond all bounds is said before it comes, and passed over',
    [client(carried('MSG 5 N', 'x'.repeat(65_537)).subarray(0, 20))],
    [
      { anomaly: 'msnp-payload-too-large' },
      {
        kind: 'app.unknown',
        ...CLIENT,
        from: ALICE,
        reason: 'MSG',
        ...odd('msnp-payload-too-large'),
      },
    ],
  ),
  inside(
    'commands in lower case, tabs for blanks, LF alone, empty lines',
    [client('cal\t7  Carol@retro.test\n\r\n\r\nPNG\r\n')],
    [
      { anomaly: 'msnp-lone-lf' },
      { anomaly: 'msnp-verb-case' },
      { anomaly: 'msnp-odd-blank' },
      {
        kind: 'room.invite',
        ...CLIENT,
        from: ALICE,
        to: ['carol@retro.test'],
        room: '4711',
        route: 'room',
        ...odd('msnp-verb-case', 'msnp-odd-blank'),
      },
    ],
  ),
  inside(
    'control characters for spaces, and addresses in escapes: read as servers do',
    [
      client(
        joined(octets('MSG\x0b5\x1cA\x0c67\r\n'), octets(plain('hi!!!'))),
        'CAL 6 bob%40retro.test\r\n',
      ),
    ],
    [
      { anomaly: 'msnp-odd-blank' },
      { kind: 'message', ...TO_BOB, text: 'hi!!!', ...odd('msnp-odd-blank') },
      OPENED,
    ],
  ),
  inside(
    'something that is no command: said, so that a rule can deny it',
    [client('MSG\xc2\xa05\xc2\xa0A\xc2\xa062\r\n', plain('hi'), carried('MSG 6 A', plain('seen')))],
    [
      { anomaly: 'msnp-bad-command' },
      {
        kind: 'app.unknown',
        ...CLIENT,
        from: ALICE,
        reason: 'no command',
        ...odd('msnp-bad-command'),
      },
      { kind: 'message', ...TO_BOB, text: 'seen' },
    ],
  ),
  {
    name: 'who is let in as one cannot become another, whatever is said before or after',
    turns: [
      client('ANS 1 alice@retro.test 1.2 4711\r\nANS 2 boss@retro.test x 4712\r\n'),
      server('ANS 1 OK\r\n911 2\r\nJOI bob@retro.test Bob\r\n'),
      client('USR 3 boss@retro.test x\r\n', carried('MSG 4 N', plain('it was me'))),
      client('USR 5 SSO I boss@retro.test\r\n', carried('MSG 6 N', plain('and again'))),
    ],
    want: [
      { kind: 'message', ...TO_BOB, text: 'it was me' },
      { kind: 'message', ...TO_BOB, text: 'and again' },
    ],
  },
  {
    name: 'commands of a switchboard make no conversation of a notification server',
    turns: [
      server('VER 1 MSNP9\r\nUSR 2 OK alice@retro.test Alice 1 0\r\n'),
      client('USR 3 boss@retro.test x\r\nANS 4 boss@retro.test x 4711\r\nCHG 5 BSY 0\r\nOUT\r\n'),
    ],
    want: [
      { kind: 'session.login', ...SERVER, protocolVersion: '9', from: ALICE, name: 'Alice' },
      { kind: 'presence', ...CLIENT, protocolVersion: '9', from: ALICE, state: 'busy' },
      { kind: 'session.logout', ...CLIENT, protocolVersion: '9', from: ALICE },
    ],
  },
  {
    name: 'the first command in lower case, the address in escapes',
    turns: [
      client('ans 1 alice%40retro.test 1.2 4711\r\n'),
      server('IRO 1 1 1 bob@retro.test Bob\r\n'),
    ],
    want: [{ anomaly: 'msnp-verb-case' }],
  },
  inside(
    'an image that is no base64 is a file all the same',
    [client(carried('MSG 5 N', mime('image/gif', 'base64:%%')))],
    [
      { anomaly: 'msnp-bad-base64' },
      {
        kind: 'file.offer',
        ...TO_BOB,
        file: { size: 9, mime: 'image/gif', method: 'attachment', purpose: 'ink' },
        ...odd('msnp-bad-base64'),
      },
      {
        kind: 'file.complete',
        ...TO_BOB,
        file: {
          size: 9,
          mime: 'image/gif',
          method: 'attachment',
          purpose: 'ink',
          sha256: sha256(octets('base64:%%')),
        },
        ...odd('msnp-bad-base64'),
      },
    ],
  ),
  {
    name: 'a message to another network with a length that is none, and a page that is no page',
    turns: [
      server('USR 2 OK alice@retro.test Alice 1 0\r\n'),
      client('UUM 5 bob@yahoo.com 32 1 +40\r\n'),
      client(carried('PAG 6 tel:+4930123 D', '<text>secret</text>')),
    ],
    want: [
      { kind: 'session.login', ...SERVER, from: ALICE, name: 'Alice' },
      { anomaly: 'msnp-bad-length' },
      { kind: 'app.unknown', ...CLIENT, from: ALICE, reason: 'UUM', ...odd('msnp-bad-length') },
      {
        kind: 'app.unknown',
        ...CLIENT,
        from: ALICE,
        reason: 'PAG',
        text: '<text>secret</text>',
      },
    ],
  },
  {
    name: 'ADL without its list: said, so that a rule can deny it',
    turns: [
      server('USR 2 OK alice@retro.test Alice 1 0\r\n'),
      client(carried('ADL 5', '<xx l="1"/>')),
    ],
    want: [
      { kind: 'session.login', ...SERVER, from: ALICE, name: 'Alice' },
      { anomaly: 'msnp-bad-xml' },
      { kind: 'app.unknown', ...CLIENT, from: ALICE, reason: 'ADL', ...odd('msnp-bad-xml') },
    ],
  },
];
