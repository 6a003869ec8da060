/** Golden tests: what hides, and how it is seen. Wire in, events out. */
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { client, type Row } from '../../test/support/parser-harness.ts';
import { ANN_TO_BOB, BOB, message, request } from './sip.fixture.ts';

const raw = (bytes: Uint8Array) => String.fromCharCode(...bytes);
const nested = (depth: number, inside: string): string =>
  depth === 0
    ? inside
    : `--b${depth}\r\nContent-Type: multipart/mixed;boundary=b${depth - 1}\r\n\r\n${nested(depth - 1, inside)}\r\n--b${depth}--`;

export const EVASIONS: readonly Row[] = [
  {
    name: 'a word split by markup and references',
    turns: [client(message('text/html', 'pro<b></b>ject&#x20;fal<!-- x -->con'))],
    want: [
      {
        kind: 'message',
        ...ANN_TO_BOB,
        text: 'project falcon',
        markup: 'pro<b></b>ject&#x20;fal<!-- x -->con',
        messageId: 'c1',
      },
    ],
  },
  {
    name: 'the text packed with deflate',
    turns: [
      client(message('text/plain', raw(deflateSync('packed')), { 'Content-Encoding': 'deflate' })),
    ],
    want: [{ kind: 'message', ...ANN_TO_BOB, text: 'packed', messageId: 'c1' }],
  },
  {
    name: 'encodings that are not undone: unknown, raw deflate, broken base64, a bomb',
    turns: [
      client(
        message('text/plain', 'xxxx', { 'Content-Encoding': 'br' }),
        message('text/plain', raw(deflateRawSync('packed')), { e: 'deflate' }),
        message('text/plain', 'a*b', { 'Content-Transfer-Encoding': 'base64' }),
        message('text/plain', raw(gzipSync(new Uint8Array(3 << 20))), {
          'Content-Encoding': 'gzip',
        }),
      ),
    ],
    want: [
      { anomaly: 'body-encoding-broken' },
      {
        kind: 'app.unknown',
        ...ANN_TO_BOB,
        reason: 'MESSAGE text/plain',
        messageId: 'c1',
        anomalies: ['body-encoding-broken'],
      },
      { anomaly: 'body-encoding-broken' },
      {
        kind: 'app.unknown',
        ...ANN_TO_BOB,
        reason: 'MESSAGE text/plain',
        messageId: 'c1',
        anomalies: ['body-encoding-broken'],
      },
      { anomaly: 'body-encoding-broken' },
      {
        kind: 'app.unknown',
        ...ANN_TO_BOB,
        reason: 'MESSAGE text/plain',
        messageId: 'c1',
        anomalies: ['body-encoding-broken'],
      },
      { anomaly: 'body-encoding-broken' },
      {
        kind: 'app.unknown',
        ...ANN_TO_BOB,
        reason: 'MESSAGE text/plain',
        messageId: 'c1',
        anomalies: ['body-encoding-broken'],
      },
    ],
  },
  {
    name: 'wrappers in wrappers, deeper than is opened',
    turns: [
      client(
        message('multipart/mixed;boundary=b2', nested(2, '--b0\r\n\r\nfound\r\n--b0--')),
        message('multipart/mixed;boundary=b7', nested(7, '--b0\r\n\r\ndeep\r\n--b0--')),
        message('multipart/mixed', 'no boundary'),
        message('message/cpim', 'From: <im:ann@e.example>'),
      ),
    ],
    want: [
      { kind: 'message', ...ANN_TO_BOB, text: 'found', messageId: 'c1' },
      { anomaly: 'body-nested-too-deep' },
      {
        kind: 'app.unknown',
        ...ANN_TO_BOB,
        reason: 'MESSAGE multipart/mixed',
        messageId: 'c1',
        anomalies: ['body-nested-too-deep'],
      },
      { anomaly: 'multipart-malformed' },
      {
        kind: 'app.unknown',
        ...ANN_TO_BOB,
        reason: 'MESSAGE multipart/mixed',
        messageId: 'c1',
        anomalies: ['multipart-malformed'],
      },
      { anomaly: 'cpim-malformed' },
      {
        kind: 'message',
        ...ANN_TO_BOB,
        text: 'From: <im:ann@e.example>',
        messageId: 'c1',
        anomalies: ['cpim-malformed'],
      },
    ],
  },
  {
    name: 'sender and recipient: the wrapper says somebody else, the Request-URI decides',
    turns: [
      client(
        message('message/cpim', 'From: <im:eve@e.example>\r\n\r\n\r\nx'),
        request(
          'MESSAGE sip:eve@evil.example',
          { To: `<sip:${BOB}>`, 'Content-Type': 'text/plain' },
          'x',
        ),
      ),
    ],
    want: [
      { anomaly: 'cpim-sender-differs' },
      {
        kind: 'message',
        ...ANN_TO_BOB,
        text: 'x',
        messageId: 'c1',
        anomalies: ['cpim-sender-differs'],
      },
      { anomaly: 'sip-recipient-differs' },
      {
        kind: 'message',
        protocolVersion: '2.0',
        origin: 'client',
        account: 'ann@e.example',
        from: 'ann@e.example',
        to: ['eve@evil.example'],
        text: 'x',
        messageId: 'c1',
        route: 'direct',
        anomalies: ['sip-recipient-differs'],
      },
    ],
  },
  {
    name: 'lines that end in LF alone',
    turns: [client(message('text/plain', 'hi').replaceAll('\r\n', '\n'))],
    want: [
      { anomaly: 'sip-lone-lf' },
      { kind: 'message', ...ANN_TO_BOB, text: 'hi', messageId: 'c1', anomalies: ['sip-lone-lf'] },
    ],
  },
  {
    name: 'no length, two lengths, a length that is none; then a whole message',
    turns: [
      client(
        message('text/plain', '').replace('Content-Length: 0\r\n', ''),
        message('text/plain', 'hi', { l: '9' }),
        message('text/plain', '').replace('Length: 0', 'Length: 0x2'),
        message('text/plain', 'seen'),
      ),
    ],
    want: [
      { anomaly: 'sip-no-length' },
      { anomaly: 'sip-length-conflict' },
      {
        kind: 'message',
        ...ANN_TO_BOB,
        text: 'hi',
        messageId: 'c1',
        anomalies: ['sip-length-conflict'],
      },
      { anomaly: 'sip-bad-length' },
      { kind: 'message', ...ANN_TO_BOB, text: 'seen', messageId: 'c1' },
    ],
  },
  {
    name: 'a body longer than it says: the rest is no message',
    turns: [
      client(
        message('text/plain', 'hi').replace('Length: 2', 'Length: 1'),
        message('text/plain', 'seen'),
      ),
    ],
    want: [
      { kind: 'message', ...ANN_TO_BOB, text: 'h', messageId: 'c1' },
      { anomaly: 'sip-method-mismatch' },
      { kind: 'message', ...ANN_TO_BOB, text: 'seen', anomalies: ['sip-method-mismatch'] },
      {
        kind: 'app.unknown',
        ...ANN_TO_BOB,
        reason: 'iMESSAGE',
        anomalies: ['sip-method-mismatch'],
      },
    ],
  },
  {
    name: 'renamed and new methods, another version (said once)',
    turns: [
      client(
        request(`CHAT sip:${BOB}`, { 'Content-Type': 'text/plain' }, 'x'),
        message('text/plain', 'x').replace('SIP/2.0\r\n', 'SIP/3.0\r\n'),
        message('text/plain', 'y').replace('SIP/2.0\r\n', 'SIP/3.0\r\n'),
        request(`MESSAGE sip:${BOB}`, { CSeq: '1 INFO', 'Content-Type': 'text/plain' }, 'x'),
      ),
    ],
    want: [
      { kind: 'message', ...ANN_TO_BOB, text: 'x' },
      { kind: 'app.unknown', ...ANN_TO_BOB, reason: 'CHAT' },
      {
        kind: 'app.unknown',
        protocolVersion: '3.0',
        origin: 'client',
        account: 'ann@e.example',
        from: 'ann@e.example',
        to: ['bob@e.example'],
        reason: 'SIP/3.0',
        route: 'direct',
      },
      { anomaly: 'sip-method-mismatch' },
      {
        kind: 'message',
        ...ANN_TO_BOB,
        text: 'x',
        messageId: 'c1',
        anomalies: ['sip-method-mismatch'],
      },
    ],
  },
  {
    name: 'header lines that are none; names in any case',
    turns: [
      client(
        message('text/plain', 'x').replace('Via:', 'nonsense\r\nVIA:').replace('From:', 'fRoM  :'),
      ),
    ],
    want: [
      { anomaly: 'sip-bad-header' },
      { kind: 'message', ...ANN_TO_BOB, text: 'x', messageId: 'c1', anomalies: ['sip-bad-header'] },
    ],
  },
  {
    name: 'what is no SIP between messages is passed over, and named once',
    turns: [
      client(
        'GET / HTTP/1.0\r\nHost: x\r\n\r\n',
        message('text/plain', 'x'),
        '\r\n\r\n',
        message('text/plain', 'y'),
      ),
    ],
    want: [
      { anomaly: 'sip-bad-start-line' },
      {
        kind: 'message',
        ...ANN_TO_BOB,
        text: 'x',
        messageId: 'c1',
        anomalies: ['sip-bad-start-line'],
      },
      { kind: 'message', ...ANN_TO_BOB, text: 'y', messageId: 'c1' },
    ],
  },
  {
    name: 'an SMS that is none',
    turns: [client(message('application/vnd.3gpp.sms', '\x00\x01\xff\xff'))],
    want: [
      { anomaly: 'sms-malformed' },
      {
        kind: 'message',
        ...ANN_TO_BOB,
        messageId: 'c1',
        form: 'sms',
        anomalies: ['sms-malformed'],
      },
    ],
  },
];
