/** Golden tests: page-mode messages and what their bodies say. Wire in, events out. */
import { gzipSync } from 'node:zlib';
import { client, hex, type Row, server } from '../../test/support/parser-harness.ts';
import { ANN_TO_BOB, answer, BOB, BOB_TO_ANN, incoming, message, request } from './sip.fixture.ts';

/** Octets as characters, as the fixtures write them. */
const raw = (bytes: Uint8Array) => String.fromCharCode(...bytes);
const CPIM =
  'From: Ann <im:ann@e.example>\r\nTo: <im:bob@e.example>\r\nDateTime: 2026-11-23T06:00:00Z\r\n' +
  'Subject: cargo\r\nNS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: m77\r\n\r\n' +
  'Content-Type: text/plain; charset=utf-8\r\n\r\nwrapped';

export const MESSAGES: readonly Row[] = [
  {
    name: 'plain text, verbatim, line end and all',
    turns: [client(message('text/plain;charset=UTF-8', 'caf\xc3\xa9\r\n'))],
    want: [{ kind: 'message', ...ANN_TO_BOB, text: 'café\r\n', messageId: 'c1' }],
  },
  {
    name: 'from the other side: the account is who it is for',
    turns: [server(incoming('text/plain', 'hi ann'))],
    want: [{ kind: 'message', ...BOB_TO_ANN, text: 'hi ann', messageId: 'c2' }],
  },
  {
    name: 'another charset; without a charset, UTF-8 or windows-1252',
    turns: [
      client(
        message('text/plain; charset="iso-8859-15"', '5 \xa4'),
        message('text/plain', '\x93q\x94'),
      ),
    ],
    want: [
      { kind: 'message', ...ANN_TO_BOB, text: '5 €', messageId: 'c1' },
      { kind: 'message', ...ANN_TO_BOB, text: '“q”', messageId: 'c1' },
    ],
  },
  {
    name: 'no Content-Type is text; no body is nothing',
    turns: [client(request(`MESSAGE sip:${BOB}`, {}, 'bare'), request(`MESSAGE sip:${BOB}`))],
    want: [{ kind: 'message', ...ANN_TO_BOB, text: 'bare', messageId: 'c1' }],
  },
  {
    name: 'html without its markup',
    turns: [client(message('text/html', '<b>bo</b>ld<br>&amp; plain'))],
    want: [
      {
        kind: 'message',
        ...ANN_TO_BOB,
        text: 'bold\n& plain',
        markup: '<b>bo</b>ld<br>&amp; plain',
        messageId: 'c1',
      },
    ],
  },
  {
    name: 'CPIM',
    turns: [client(message('message/cpim', CPIM))],
    want: [
      {
        kind: 'message',
        ...ANN_TO_BOB,
        text: 'wrapped',
        messageId: 'm77',
        subject: 'cargo',
        sentAt: '2026-11-23T06:00:00Z',
      },
    ],
  },
  {
    name: 'multipart/mixed with CPIM in it and a picture',
    turns: [
      client(
        message(
          'multipart/mixed;boundary=b1',
          `preamble\r\n--b1\r\nContent-Type: message/cpim\r\n\r\n${CPIM}\r\n--b1\r\n` +
            'Content-Type: image/png\r\nContent-Disposition: attachment; filename="a b.png"\r\n\r\nPNG\r\n--b1--\r\n',
        ),
      ),
    ],
    want: [
      {
        kind: 'message',
        ...ANN_TO_BOB,
        text: 'wrapped',
        messageId: 'm77',
        subject: 'cargo',
        sentAt: '2026-11-23T06:00:00Z',
      },
      {
        kind: 'file.offer',
        ...ANN_TO_BOB,
        file: { name: 'a b.png', size: 3, mime: 'image/png', method: 'attachment' },
        messageId: 'm77',
        subject: 'cargo',
        sentAt: '2026-11-23T06:00:00Z',
      },
    ],
  },
  {
    name: 'multipart/alternative says the same once, and what differs, too',
    turns: [
      client(
        message(
          'multipart/alternative; boundary="x y"',
          '--x y\r\n\r\nhello  there\r\n--x y\r\nContent-Type: text/html\r\n\r\n<i>hello</i> there\r\n--x y--',
        ),
        message(
          'multipart/alternative; boundary=b',
          '--b\r\n\r\nshown to some\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>shown to others</p>\r\n--b--',
        ),
      ),
    ],
    want: [
      {
        kind: 'message',
        ...ANN_TO_BOB,
        text: 'hello there',
        markup: '<i>hello</i> there',
        messageId: 'c1',
      },
      { kind: 'message', ...ANN_TO_BOB, text: 'shown to some', messageId: 'c1' },
      {
        kind: 'message',
        ...ANN_TO_BOB,
        text: 'shown to others\n',
        markup: '<p>shown to others</p>',
        messageId: 'c1',
      },
    ],
  },
  {
    name: 'encodings: base64, quoted-printable, gzip',
    turns: [
      client(
        message('text/plain', 'aGVsbG8=', { 'Content-Transfer-Encoding': 'base64' }),
        message('text/plain', 'caf=C3=A9 =\r\nau lait', {
          'Content-Transfer-Encoding': 'quoted-printable',
        }),
        message('text/plain', raw(gzipSync('packed')), { 'Content-Encoding': 'gzip' }),
      ),
    ],
    want: [
      { kind: 'message', ...ANN_TO_BOB, text: 'hello', messageId: 'c1' },
      { kind: 'message', ...ANN_TO_BOB, text: 'café au lait', messageId: 'c1' },
      { kind: 'message', ...ANN_TO_BOB, text: 'packed', messageId: 'c1' },
    ],
  },
  {
    name: 'is typing, and no longer',
    turns: [
      client(
        message(
          'application/im-iscomposing+xml',
          "<?xml version='1.0'?><isComposing xmlns='urn:ietf:params:xml:ns:im-iscomposing'><state>active</state></isComposing>",
        ),
      ),
      server(
        incoming(
          'application/im-iscomposing+xml',
          "<isComposing xmlns='urn:ietf:params:xml:ns:im-iscomposing'><state>idle</state></isComposing>",
        ),
      ),
    ],
    want: [
      { kind: 'typing', ...ANN_TO_BOB, state: 'composing' },
      { kind: 'typing', ...BOB_TO_ANN, state: 'paused' },
    ],
  },
  {
    name: 'a receipt (IMDN)',
    turns: [
      server(
        incoming(
          'message/imdn+xml',
          '<imdn xmlns="urn:ietf:params:xml:ns:imdn"><message-id>m77</message-id>' +
            '<display-notification><status><displayed/></status></display-notification></imdn>',
        ),
      ),
    ],
    want: [{ kind: 'message.receipt', ...BOB_TO_ANN, state: 'displayed', refersTo: 'm77' }],
  },
  {
    name: 'RCS: files behind URLs',
    turns: [
      client(
        message(
          'application/vnd.gsma.rcs-ft-http+xml',
          '<file xmlns="urn:gsma:params:xml:ns:rcs:rcs:fthttp"><file-info type="thumbnail"><file-size>90</file-size>' +
            '<content-type>image/png</content-type><data url="https://f.example/t"/></file-info><file-info type="file">' +
            '<file-size>4096</file-size><file-name>plan.pdf</file-name><content-type>application/pdf</content-type>' +
            '<data url="https://f.example/1?a=1&amp;b=2" until="2026-12-01T00:00:00Z"/></file-info></file>',
        ),
      ),
    ],
    want: [
      {
        kind: 'file.offer',
        ...ANN_TO_BOB,
        file: {
          size: 90,
          mime: 'image/png',
          method: 'http-upload',
          url: 'https://f.example/t',
          purpose: 'inline',
        },
        messageId: 'c1',
      },
      {
        kind: 'file.offer',
        ...ANN_TO_BOB,
        file: {
          name: 'plan.pdf',
          size: 4096,
          mime: 'application/pdf',
          method: 'http-upload',
          url: 'https://f.example/1?a=1&b=2',
        },
        messageId: 'c1',
      },
    ],
  },
  {
    name: 'Windows Messenger: a file offered, taken, not wanted, given up; an application',
    turns: [
      client(
        message(
          'text/x-msmsgsinvite; charset=UTF-8',
          'Application-Name: File Transfer\r\nApplication-GUID: {5D3E02AB-6190-11d3-BBBB-00C04F795683}\r\n' +
            'Invitation-Command: INVITE\r\nInvitation-Cookie: 58273\r\nApplication-File: plan.xls\r\nApplication-FileSize: 17920\r\n\r\n',
        ),
      ),
      server(
        incoming(
          'text/x-msmsgsinvite',
          'Invitation-Command: ACCEPT\r\nInvitation-Cookie: 58273\r\n',
        ),
        incoming(
          'text/x-msmsgsinvite',
          'Invitation-Command: CANCEL\r\nInvitation-Cookie: 58274\r\nCancel-Code: REJECT\r\n',
        ),
        incoming(
          'text/x-msmsgsinvite',
          'Invitation-Command: CANCEL\r\nInvitation-Cookie: 58275\r\nCancel-Code: FTTIMEOUT\r\n',
        ),
        incoming(
          'text/x-msmsgsinvite',
          'Application-Name: Remote Assistance\r\nInvitation-Command: INVITE\r\nInvitation-Cookie: 9\r\n',
        ),
      ),
    ],
    want: [
      {
        kind: 'file.offer',
        ...ANN_TO_BOB,
        file: { name: 'plan.xls', size: 17920, method: 'msnftp', token: '58273' },
        messageId: 'c1',
      },
      {
        kind: 'file.accept',
        ...BOB_TO_ANN,
        file: { method: 'msnftp', token: '58273' },
        messageId: 'c2',
      },
      {
        kind: 'file.decline',
        ...BOB_TO_ANN,
        file: { method: 'msnftp', token: '58274' },
        messageId: 'c2',
      },
      {
        kind: 'file.cancel',
        ...BOB_TO_ANN,
        file: { method: 'msnftp', token: '58275' },
        messageId: 'c2',
      },
      {
        kind: 'app.unknown',
        ...BOB_TO_ANN,
        reason: 'x-msmsgsinvite Remote Assistance',
        messageId: 'c2',
      },
    ],
  },
  {
    name: 'to many: the list beside the text names them',
    turns: [
      client(
        message(
          'multipart/mixed;boundary=b',
          '--b\r\nContent-Type: text/plain\r\n\r\nto all of you\r\n--b\r\nContent-Type: application/resource-lists+xml\r\n' +
            'Content-Disposition: recipient-list\r\n\r\n<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list>' +
            '<entry uri="sip:Carl@e.example"/><entry uri="sip:dora@e.example"/></list></resource-lists>\r\n--b--',
        ),
      ),
    ],
    want: [
      {
        kind: 'message',
        ...ANN_TO_BOB,
        to: ['carl@e.example', 'dora@e.example'],
        text: 'to all of you',
        messageId: 'c1',
      },
    ],
  },
  {
    name: 'encrypted, and of a type that is not known',
    turns: [
      client(message('application/pkcs7-mime', '0\x80'), message('application/x-future', 'abc')),
    ],
    want: [
      { kind: 'message', ...ANN_TO_BOB, messageId: 'c1', encrypted: 'smime' },
      {
        kind: 'app.unknown',
        ...ANN_TO_BOB,
        reason: 'MESSAGE application/x-future',
        messageId: 'c1',
      },
    ],
  },
  {
    name: 'SMS over IMS: submitted (as in the capture), delivered in UCS-2, acknowledged',
    turns: [
      client(
        message(
          'application/vnd.3gpp.sms',
          raw(hex('00 02 00 02 91 f7 0d 01 00 03 81 21 f2 00 00 04 f4 f2 9c 0e')),
        ),
      ),
      server(
        incoming(
          'application/vnd.3gpp.sms',
          raw(
            hex(
              '01 03 02 91 f7 00 15 00 04 91 32 54 00 08 62 11 32 60 00 00 40 06 00 48 00 e9 26 93',
            ),
          ),
        ),
      ),
      client(message('application/vnd.3gpp.sms', raw(hex('02 03 41 00')))),
    ],
    want: [
      {
        kind: 'message',
        protocolVersion: '2.0',
        origin: 'client',
        account: 'ann@e.example',
        from: 'ann@e.example',
        to: ['122'],
        text: 'test',
        messageId: 'c1',
        form: 'sms',
        route: 'direct',
      },
      {
        kind: 'message',
        protocolVersion: '2.0',
        origin: 'server',
        account: 'ann@e.example',
        from: '+2345',
        to: ['ann@e.example'],
        text: 'Hé⚓',
        messageId: 'c2',
        form: 'sms',
        route: 'direct',
        sentAt: '2026-11-23T06:00:00+01:00',
      },
    ],
  },
  {
    name: 'not delivered; delivered is no event',
    turns: [
      client(message('text/plain', 'one')),
      server(answer('404 Not Found', 'MESSAGE')),
      client(message('text/plain', 'two', { CSeq: '2 MESSAGE' })),
      server(answer('200 OK', 'MESSAGE', { CSeq: '2 MESSAGE' })),
    ],
    want: [
      { kind: 'message', ...ANN_TO_BOB, text: 'one', messageId: 'c1' },
      {
        kind: 'message.receipt',
        ...BOB_TO_ANN,
        state: 'failed',
        reason: '404 Not Found',
        refersTo: 'c1',
      },
      { kind: 'message', ...ANN_TO_BOB, text: 'two', messageId: 'c1' },
    ],
  },
  {
    name: 'challenged: the same text comes again with credentials, another one is another',
    turns: [
      client(message('text/plain', 'one')),
      server(answer('407 Proxy Authentication Required', 'MESSAGE')),
      client(
        message('text/plain', 'one', {
          CSeq: '2 MESSAGE',
          'Proxy-Authorization': 'Digest username="ann", response="f00"',
        }),
      ),
      server(answer('407 Proxy Authentication Required', 'MESSAGE', { CSeq: '2 MESSAGE' })),
      client(
        message('text/plain', 'other', {
          CSeq: '3 MESSAGE',
          'Proxy-Authorization': 'Digest username="ann", response="f01"',
        }),
      ),
    ],
    want: [
      { kind: 'message', ...ANN_TO_BOB, text: 'one', messageId: 'c1' },
      { kind: 'message', ...ANN_TO_BOB, text: 'one', messageId: 'c1', copy: 'echo' },
      { kind: 'message', ...ANN_TO_BOB, text: 'other', messageId: 'c1' },
    ],
  },
  {
    name: 'in a dialog the Call-ID is the thread',
    turns: [
      client(
        message('text/plain', 'hi', { To: `<sip:${BOB}>;tag=b`, CSeq: '7 MESSAGE', Subject: 's' }),
      ),
    ],
    want: [
      { kind: 'message', ...ANN_TO_BOB, text: 'hi', messageId: 'c1 7', subject: 's', thread: 'c1' },
    ],
  },
  {
    name: 'texts that other methods carry',
    turns: [
      client(
        request(`INFO sip:${BOB}`, { 'Content-Type': 'text/plain' }, 'hidden'),
        request(`INFO sip:${BOB}`, { 'Content-Type': 'application/dtmf-relay' }, 'Signal=5'),
        request(`OPTIONS sip:${BOB}`, { 'Content-Type': 'message/cpim' }, CPIM),
      ),
    ],
    want: [
      { kind: 'message', ...ANN_TO_BOB, text: 'hidden' },
      {
        kind: 'message',
        ...ANN_TO_BOB,
        text: 'wrapped',
        subject: 'cargo',
        sentAt: '2026-11-23T06:00:00Z',
      },
    ],
  },
];

export const PARTIES: readonly Row[] = [
  {
    name: 'compact forms, folding, white space before the colon, a display name with <>',
    turns: [
      client(
        `MESSAGE sip:${BOB} SIP/2.0\r\nv: SIP/2.0/TCP h\r\nf : "Ann <x> \\"q\\""\r\n <sip:%41nn@E.example:5062;transport=tcp>;tag=a\r\n` +
          `t: sip:${BOB};user=phone\r\ni: c9\r\nCSeq: 1 MESSAGE\r\nc: text/plain\r\nl: 2\r\n\r\nhi`,
      ),
    ],
    want: [{ kind: 'message', ...ANN_TO_BOB, text: 'hi', messageId: 'c9' }],
  },
  {
    name: 'telephone numbers',
    turns: [
      client(
        request(
          'MESSAGE tel:+1-201-555-0123',
          {
            From: '<sip:+12015550100@e.example;user=phone>;tag=a',
            To: '<tel:+1(201)555-0123;phone-context=x>',
            'Content-Type': 'text/plain',
          },
          'hi',
        ),
      ),
    ],
    want: [
      {
        kind: 'message',
        protocolVersion: '2.0',
        origin: 'client',
        account: '+12015550100@e.example',
        from: '+12015550100@e.example',
        to: ['+12015550123'],
        text: 'hi',
        messageId: 'c1',
        route: 'direct',
      },
    ],
  },
  {
    name: 'anonymous, but a proxy knows who',
    turns: [
      server(
        incoming('text/plain', 'boo', {
          From: '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=b',
          'P-Asserted-Identity': '"Bob" <sip:bob@e.example>',
        }),
      ),
    ],
    want: [{ kind: 'message', ...BOB_TO_ANN, text: 'boo', messageId: 'c2' }],
  },
];
