/** Golden tests: messages over MSRP. Wire in, events out. */
import { client, hex, type Row, server } from '../../test/support/parser-harness.ts';
import { ANN, ANN_TO_BOB, announced, BOB, BOB_TO_ANN, other, send } from './msrp.fixture.ts';

const CPIM = (from: string, to: string, text: string) =>
  `From: <sip:${from}>\r\nTo: <sip:${to}>\r\nDateTime: 2026-11-23T06:31:02Z\r\n\r\nContent-Type: text/plain;charset=utf-8\r\n\r\n${text}`;
const ROOM = 'room@conf.example';

export const TEXTS: readonly Row[] = [
  {
    name: 'the vector of the dossier: one chunk, no session known',
    turns: [
      client(
        hex(
          '4d535250206b337839516437662053454e440d0a546f2d506174683a206d7372703a2f2f626f622e6578616d706c652e636f6d3a383838382f62306273657373313b7463700d0a46726f6d2d506174683a206d7372703a2f2f616c6963652e6578616d706c652e636f6d3a373737372f616c316365356535353b7463700d0a4d6573736167652d49443a206d2d303030310d0a427974652d52616e67653a20312d31372f31370d0a436f6e74656e742d547970653a20746578742f706c61696e0d0a0d0a73686966742073746172747320617420390d0a2d2d2d2d2d2d2d6b33783951643766240d0a',
        ),
      ),
    ],
    want: [
      {
        kind: 'message',
        origin: 'client',
        text: 'shift starts at 9',
        messageId: 'm-0001',
        route: 'direct',
      },
    ],
  },
  {
    name: 'both ways, with answers and an empty SEND that binds the session',
    context: announced(),
    turns: [
      client(send('a001', ''), send('a002', 'hei \u2693')),
      server(other('a001', '200 OK'), other('a002', '200 OK'), send('b001', 'svar & <tegn>')),
    ],
    want: [
      { kind: 'message', ...ANN_TO_BOB, text: 'hei ⚓', messageId: 'm1' },
      { kind: 'message', ...BOB_TO_ANN, text: 'svar & <tegn>', messageId: 'm1' },
    ],
  },
  {
    name: 'html, CPIM, is typing',
    context: announced(),
    turns: [
      client(
        send('a001', '<b>fet</b>', { type: 'text/html' }),
        send('a002', CPIM(ANN, BOB, 'inside'), { type: 'message/cpim', messageId: 'm2' }),
        send(
          'a003',
          '<isComposing xmlns="urn:ietf:params:xml:ns:im-iscomposing"><state>active</state></isComposing>',
          { type: 'application/im-iscomposing+xml' },
        ),
      ),
    ],
    want: [
      { kind: 'message', ...ANN_TO_BOB, text: 'fet', markup: '<b>fet</b>', messageId: 'm1' },
      {
        kind: 'message',
        ...ANN_TO_BOB,
        text: 'inside',
        messageId: 'm2',
        sentAt: '2026-11-23T06:31:02Z',
      },
      { kind: 'typing', ...ANN_TO_BOB, state: 'composing' },
    ],
  },
  {
    name: 'three chunks, another message between them, a character cut in two',
    context: announced(),
    turns: [
      client(
        send('a001', 'one \xe2\x9a', { flag: '+', total: 16 }),
        send('a002', 'between', { messageId: 'm2' }),
        send('a003', '\x93 two', { flag: '+', from: 6, total: 16 }),
      ),
      server(other('a001', '200 OK')),
      client(send('a004', ' three', { from: 11, total: 17 })),
    ],
    want: [
      { kind: 'message', ...ANN_TO_BOB, text: 'between', messageId: 'm2' },
      { kind: 'message', ...ANN_TO_BOB, text: 'one ⚓ two three', messageId: 'm1' },
    ],
  },
  {
    name: 'chunks out of order; a total that is not known before the end',
    context: announced(),
    turns: [
      client(
        send('a001', 'last', { from: 6, total: 10 }),
        send('a002', 'first ', { flag: '+', total: 10 }),
        send('a003', 'no ', { messageId: 'm2', flag: '+', total: '*' }),
        send('a004', 'total', { messageId: 'm2', from: 3, total: '*' }),
      ),
    ],
    want: [
      { kind: 'message', ...ANN_TO_BOB, text: 'first last', messageId: 'm1' },
      { kind: 'message', ...ANN_TO_BOB, text: 'no total', messageId: 'm2' },
    ],
  },
  {
    name: 'given up by the sender',
    context: announced(),
    turns: [
      client(
        send('a001', 'never ', { flag: '+', total: 20 }),
        send('a002', '', { flag: '#', from: 6, total: 20 }),
        send('a003', 'mind', { from: 6, total: 10 }),
      ),
    ],
    want: [],
  },
  {
    name: 'not delivered; reports',
    context: announced(),
    turns: [
      client(send('a001', 'x'), send('a002', 'y', { messageId: 'm2' })),
      server(
        other('a001', '403 Forbidden'),
        other('b001', 'REPORT', {
          'Message-ID': 'm2',
          'Byte-Range': '1-1/1',
          Status: '000 200 OK',
        }),
        other('b002', 'REPORT', { 'Message-ID': 'm3', Status: '000 408 Timed out' }),
      ),
    ],
    want: [
      { kind: 'message', ...ANN_TO_BOB, text: 'x', messageId: 'm1' },
      { kind: 'message', ...ANN_TO_BOB, text: 'y', messageId: 'm2' },
      {
        kind: 'message.receipt',
        ...BOB_TO_ANN,
        state: 'failed',
        reason: '403 Forbidden',
        refersTo: 'm1',
      },
      { kind: 'message.receipt', ...BOB_TO_ANN, state: 'received', refersTo: 'm2' },
      {
        kind: 'message.receipt',
        ...BOB_TO_ANN,
        state: 'failed',
        reason: '408 Timed out',
        refersTo: 'm3',
      },
    ],
  },
  {
    name: 'a room: to all, to one, from others, the own words back, a name',
    context: announced(undefined, ROOM),
    turns: [
      client(
        other('a000', 'NICKNAME', { 'Use-Nickname': '"Annie"' }),
        send('a001', CPIM(ANN, ROOM, 'to all'), { type: 'message/cpim' }),
        send('a002', CPIM(ANN, 'carl@e.example', 'to carl'), { type: 'message/cpim' }),
      ),
      server(
        send('b001', CPIM('carl@e.example', ROOM, 'hi all'), { type: 'message/cpim' }),
        send('b002', CPIM(ANN, ROOM, 'to all'), { type: 'message/cpim' }),
        send('b003', CPIM('carl@e.example', ANN, 'hi ann'), { type: 'message/cpim' }),
      ),
    ],
    want: [
      {
        kind: 'presence',
        origin: 'client',
        account: 'ann@e.example',
        from: 'ann@e.example',
        room: 'room@conf.example',
        state: 'renamed',
        route: 'room',
        name: 'Annie',
      },
      {
        kind: 'message',
        origin: 'client',
        account: 'ann@e.example',
        from: 'ann@e.example',
        room: 'room@conf.example',
        text: 'to all',
        messageId: 'm1',
        route: 'room',
        sentAt: '2026-11-23T06:31:02Z',
      },
      {
        kind: 'message',
        origin: 'client',
        account: 'ann@e.example',
        from: 'ann@e.example',
        to: ['carl@e.example'],
        room: 'room@conf.example',
        text: 'to carl',
        messageId: 'm1',
        route: 'direct',
        sentAt: '2026-11-23T06:31:02Z',
      },
      {
        kind: 'message',
        origin: 'server',
        account: 'ann@e.example',
        from: 'carl@e.example',
        room: 'room@conf.example',
        text: 'hi all',
        messageId: 'm1',
        route: 'room',
        sentAt: '2026-11-23T06:31:02Z',
      },
      {
        kind: 'message',
        origin: 'server',
        account: 'ann@e.example',
        from: 'ann@e.example',
        room: 'room@conf.example',
        text: 'to all',
        messageId: 'm1',
        route: 'room',
        copy: 'echo',
        sentAt: '2026-11-23T06:31:02Z',
      },
      {
        kind: 'message',
        origin: 'server',
        account: 'ann@e.example',
        from: 'carl@e.example',
        to: ['ann@e.example'],
        room: 'room@conf.example',
        text: 'hi ann',
        messageId: 'm1',
        route: 'direct',
        sentAt: '2026-11-23T06:31:02Z',
      },
    ],
  },
  {
    name: 'no session known: CPIM and user parts tell',
    turns: [
      client(send('a001', CPIM(ANN, BOB, 'x'), { type: 'message/cpim' })),
      server(send('b001', 'y').replace('msrp://bob.e.example:2856', 'msrp://bob@e.example:2856')),
    ],
    want: [
      {
        kind: 'message',
        ...ANN_TO_BOB,
        text: 'x',
        messageId: 'm1',
        sentAt: '2026-11-23T06:31:02Z',
      },
      {
        kind: 'message',
        origin: 'server',
        from: 'bob@e.example',
        text: 'y',
        messageId: 'm1',
        route: 'direct',
      },
    ],
  },
  {
    name: 'a file behind a URL',
    context: announced(),
    turns: [
      client(
        send(
          'a001',
          '<file><file-info type="file"><file-size>5</file-size><file-name>a.txt</file-name><content-type>text/plain</content-type><data url="https://f.example/1"/></file-info></file>',
          { type: 'application/vnd.gsma.rcs-ft-http+xml' },
        ),
      ),
    ],
    want: [
      {
        kind: 'file.offer',
        ...ANN_TO_BOB,
        file: {
          name: 'a.txt',
          size: 5,
          mime: 'text/plain',
          method: 'http-upload',
          url: 'https://f.example/1',
        },
        messageId: 'm1',
      },
    ],
  },
];

export const EVASIONS: readonly Row[] = [
  {
    name: 'end-lines in the body: of other transactions, without a flag, without a line before',
    context: announced(),
    turns: [
      client(
        send(
          'a001',
          'one\r\n-------a002$\r\ntwo\r\n-------a001!\r\nthree-------a001$\r\nMSRP a009 SEND\r\nfour',
        ),
      ),
    ],
    want: [
      {
        kind: 'message',
        ...ANN_TO_BOB,
        text: 'one\r\n-------a002$\r\ntwo\r\n-------a001!\r\nthree-------a001$\r\nMSRP a009 SEND\r\nfour',
        messageId: 'm1',
      },
    ],
  },
  {
    name: 'overlapping chunks that differ: the later ones count',
    context: announced(),
    turns: [
      client(
        send('a001', 'harmless ', { flag: '+', total: 12 }),
        send('a002', 'harmful ', { flag: '+', total: 12 }),
        send('a003', 'end', { from: 9, total: 12 }),
      ),
    ],
    want: [
      { anomaly: 'msrp-overlapping-chunks' },
      { kind: 'message', ...ANN_TO_BOB, text: 'harmful  end', messageId: 'm1' },
    ],
  },
  {
    name: 'a range that is none; octets beyond the total',
    context: announced(),
    turns: [
      client(
        send('a001', 'x', { headers: { 'Byte-Range': '0-x/1' } }),
        send('a002', 'abc', { total: 4, flag: '+', messageId: 'm2' }),
        send('a003', 'defgh', { from: 3, total: 4, messageId: 'm2' }),
      ),
    ],
    want: [
      { anomaly: 'msrp-bad-range' },
      { kind: 'message', ...ANN_TO_BOB, text: 'x', messageId: 'm1', anomalies: ['msrp-bad-range'] },
      { anomaly: 'msrp-bad-range' },
      { anomaly: 'size-exceeded' },
      {
        kind: 'message',
        ...ANN_TO_BOB,
        text: 'abcdefgh',
        messageId: 'm2',
        anomalies: ['msrp-bad-range', 'size-exceeded'],
      },
    ],
  },
  {
    name: 'new methods; paths in another order',
    context: announced(),
    turns: [
      client(
        other('a001', 'WHISPER'),
        send('a002', 'x').replace(/(To-Path: [^\r]*\r\n)(From-Path: [^\r]*\r\n)/, '$2$1'),
      ),
    ],
    want: [
      { kind: 'app.unknown', ...ANN_TO_BOB, reason: 'WHISPER' },
      { anomaly: 'msrp-bad-path' },
      { kind: 'message', ...ANN_TO_BOB, text: 'x', messageId: 'm1', anomalies: ['msrp-bad-path'] },
    ],
  },
  {
    name: 'what is no MSRP between messages is passed over, and named once',
    context: announced(),
    turns: [client('GET / HTTP/1.0\r\n\r\n', send('a001', 'x'))],
    want: [
      { anomaly: 'msrp-bad-start-line' },
      { kind: 'message', ...ANN_TO_BOB, text: 'x', messageId: 'm1' },
    ],
  },
  {
    name: 'the wrapper says somebody else',
    context: announced(),
    turns: [client(send('a001', CPIM('eve@e.example', BOB, 'x'), { type: 'message/cpim' }))],
    want: [
      { anomaly: 'cpim-sender-differs' },
      {
        kind: 'message',
        ...ANN_TO_BOB,
        text: 'x',
        messageId: 'm1',
        sentAt: '2026-11-23T06:31:02Z',
        anomalies: ['cpim-sender-differs'],
      },
    ],
  },
  {
    name: 'a message that never came to its end',
    context: announced(),
    turns: [
      client(send('a001', 'half', { flag: '+', total: 8 })),
      server(other('b001', 'WHISPER')),
    ],
    want: [{ kind: 'app.unknown', ...BOB_TO_ANN, reason: 'WHISPER' }],
  },
];
