/** Conversations of a switchboard, and what is said in them: wire in, events out. */
import { client, octets, type Row, server, sha256 } from '../../test/support/parser-harness.ts';
import {
  ALICE,
  BOB,
  CAROL,
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

const ROOM = { room: '4711', route: 'room' } as const;
const OBJECT =
  '<msnobj Creator="bob@retro.test" Size="1228" Type="2" Location="TFR4.dat" Friendly="AAA=" SHA1D="abc=" SHA1C="x"/>';
const GIF = 'GIF89a\x01\x00';

export const CONVERSATIONS: readonly Row[] = [
  inside(
    'texts both ways: the format is a header, CR LF is a line end',
    [
      client(
        carried(
          'MSG 3 A',
          plain('hi bob', 'X-MMS-IM-Format: FN=Arial; EF=B; CO=ff; CS=0; PF=22\r\n'),
        ),
        carried('MSG 4 N', plain('Grüße\r\nund mehr 😀')),
      ),
      server('ACK 3\r\n', carried('MSG bob@retro.test Bob%20B', plain('3 < 5 && 7 > 6'))),
    ],
    [
      { kind: 'message', ...TO_BOB, text: 'hi bob' },
      { kind: 'message', ...TO_BOB, text: 'Grüße\nund mehr 😀' },
      { kind: 'message', ...FROM_BOB, text: '3 < 5 && 7 > 6' },
    ],
  ),
  inside(
    'vectors.json: a switchboard message, octet for octet',
    [
      client(
        'MSG 12 A 119\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n' +
          'X-MMS-IM-Format: FN=Arial; EF=; CO=0; CS=0; PF=22\r\n\r\nhi bob',
      ),
    ],
    [{ kind: 'message', ...TO_BOB, text: 'hi bob' }],
  ),
  {
    name: 'the called side: ANS, IRO; an endpoint behind the address (MSNP16) is not part of it',
    turns: [
      client('ANS 1 Alice@retro.test;{GUID} 3.2.1 4711\r\n'),
      server(
        'IRO 1 1 2 bob@retro.test Bob 1\r\nIRO 1 2 2 alice@retro.test;{G2} Alice 1\r\nANS 1 OK\r\n',
      ),
      server(carried('MSG bob@retro.test Bob', plain('hello'))),
    ],
    want: [{ kind: 'message', ...FROM_BOB, text: 'hello' }],
  },
  inside(
    'one’s own words from another place',
    [server(carried('MSG Alice@retro.test;{G2} Alice', plain('from my phone')))],
    [
      {
        kind: 'message',
        ...SERVER,
        from: ALICE,
        to: [BOB],
        route: 'direct',
        copy: 'carbon',
        text: 'from my phone',
      },
    ],
  ),
  {
    name: 'the invitation comes by the notification server',
    turns: [
      client('VER 1 MSNP9 CVR0\r\n'),
      server('VER 1 MSNP9\r\nUSR 2 OK alice@retro.test Alice 1 0\r\n'),
      server('RNG 4711 10.0.0.9:1864 CKI 3.2.1 bob@retro.test Bob%20B U messenger.msn.com 1\r\n'),
    ],
    want: [
      { kind: 'session.login', ...SERVER, protocolVersion: '9', from: ALICE, name: 'Alice' },
      { kind: 'room.invite', ...FROM_BOB, protocolVersion: '9', name: 'Bob B' },
    ],
  },
  inside(
    'typing, nudge, action, caps that say nothing',
    [
      client(
        carried(
          'MSG 3 U',
          mime('text/x-msmsgscontrol', '\r\n', 'TypingUser: alice@retro.test\r\n'),
        ),
        carried('MSG 4 N', mime('text/x-msnmsgr-datacast', 'ID: 1\r\n\r\n\r\n')),
      ),
      server(
        carried('MSG bob@retro.test Bob', mime('text/x-clientcaps', 'Client-Name: Purple\r\n')),
        carried(
          'MSG bob@retro.test Bob',
          mime('text/x-msmsgscontrol', '', 'TypingUser: bob@retro.test\r\n'),
        ),
        carried(
          'MSG bob@retro.test Bob',
          mime('text/x-msnmsgr-datacast', 'ID: 4\r\nData: Bob waves\r\n\r\n'),
        ),
      ),
    ],
    [
      { kind: 'typing', ...TO_BOB, state: 'composing' },
      { kind: 'message', ...TO_BOB, form: 'nudge' },
      { kind: 'typing', ...FROM_BOB, state: 'composing' },
      { kind: 'message', ...FROM_BOB, form: 'action', text: 'Bob waves' },
    ],
  ),
  inside(
    'pictures for words, winks, voice clips: what can be fetched',
    [
      server(
        carried(
          'MSG bob@retro.test Bob',
          mime('text/x-mms-emoticon', `:-x\t${OBJECT}\t(y)\t${OBJECT}\t`),
        ),
        carried(
          'MSG bob@retro.test Bob',
          mime('text/x-msnmsgr-datacast', `ID: 2\r\nData: ${OBJECT}\r\n\r\n`),
        ),
        carried(
          'MSG bob@retro.test Bob',
          mime(
            'text/x-msnmsgr-datacast',
            'ID: 3\r\nData: <msnobj Creator="bob@retro.test" Size="77" Type="11" Location="clip.wav" SHA1D="c="/>\r\n\r\n',
          ),
        ),
      ),
    ],
    [
      {
        kind: 'file.offer',
        ...FROM_BOB,
        text: ':-x',
        file: { name: 'TFR4.dat', size: 1228, method: 'p2p', token: 'abc=', purpose: 'emoticon' },
      },
      {
        kind: 'file.offer',
        ...FROM_BOB,
        text: '(y)',
        file: { name: 'TFR4.dat', size: 1228, method: 'p2p', token: 'abc=', purpose: 'emoticon' },
      },
      {
        kind: 'file.offer',
        ...FROM_BOB,
        file: { name: 'TFR4.dat', size: 1228, method: 'p2p', token: 'abc=', purpose: 'emoticon' },
      },
      {
        kind: 'file.offer',
        ...FROM_BOB,
        file: { name: 'clip.wav', size: 77, method: 'p2p', token: 'c=' },
      },
    ],
  ),
  inside(
    'handwriting, and another picture: files that are the message',
    [
      client(carried('MSG 5 N', mime('image/gif', `base64:${btoa(GIF)}`))),
      server(carried('MSG bob@retro.test Bob', mime('image/png', `BASE64:${btoa('PNG')}`))),
    ],
    [
      {
        kind: 'file.offer',
        ...TO_BOB,
        file: { size: 8, mime: 'image/gif', method: 'attachment', purpose: 'ink' },
      },
      {
        kind: 'file.complete',
        ...TO_BOB,
        file: {
          size: 8,
          mime: 'image/gif',
          method: 'attachment',
          purpose: 'ink',
          sha256: sha256(octets(GIF)),
        },
      },
      {
        kind: 'file.offer',
        ...FROM_BOB,
        file: { size: 3, mime: 'image/png', method: 'attachment', purpose: 'inline' },
      },
      {
        kind: 'file.complete',
        ...FROM_BOB,
        file: {
          size: 3,
          mime: 'image/png',
          method: 'attachment',
          purpose: 'inline',
          sha256: sha256(octets('PNG')),
        },
      },
    ],
  ),
  inside(
    'a message in parts is one message; another person’s comes between them',
    [
      server(
        carried(
          'MSG bob@retro.test Bob',
          plain('The secret ', 'Message-ID: {A1}\r\nChunks: 3\r\n'),
        ),
        carried('MSG bob@retro.test Bob', 'Message-ID: {A1}\r\nChunk: 1\r\n\r\nword is '),
        carried('MSG bob@retro.test Bob', plain('in between')),
        carried('MSG bob@retro.test Bob', 'Message-ID: {A1}\r\nChunk: 2\r\n\r\nswordfish'),
      ),
    ],
    [
      { kind: 'message', ...FROM_BOB, text: 'in between' },
      { kind: 'message', ...FROM_BOB, text: 'The secret word is swordfish', messageId: '{A1}' },
    ],
  ),
  inside(
    'a third person: it becomes a room, and stays one',
    [
      client('CAL 4 carol@retro.test\r\n'),
      server('CAL 4 RINGING 4711\r\nJOI carol@retro.test Carol\r\n'),
      client(carried('MSG 5 A', plain('both of you'))),
      server(carried('MSG carol@retro.test Carol', plain('hi')), 'BYE carol@retro.test 1\r\n'),
      client(carried('MSG 6 A', plain('gone')), 'OUT\r\n'),
    ],
    [
      { kind: 'room.invite', ...CLIENT, from: ALICE, to: [CAROL], ...ROOM },
      { kind: 'room.join', ...SERVER, from: BOB, ...ROOM },
      { kind: 'room.join', ...SERVER, from: CAROL, ...ROOM, name: 'Carol' },
      { kind: 'message', ...CLIENT, from: ALICE, ...ROOM, text: 'both of you' },
      { kind: 'message', ...SERVER, from: CAROL, ...ROOM, text: 'hi' },
      { kind: 'room.leave', ...SERVER, from: CAROL, ...ROOM, reason: 'timeout' },
      { kind: 'message', ...CLIENT, from: ALICE, ...ROOM, text: 'gone' },
      { kind: 'room.leave', ...CLIENT, from: ALICE, ...ROOM },
    ],
  ),
  inside(
    'voice and video invitations, answered and ended',
    [
      client(
        carried(
          'MSG 3 N',
          mime(
            'text/x-msmsgsinvite; charset=UTF-8',
            'Application-Name: Voice\r\nApplication-GUID: {02D3C01F-BF30-4825-A83A-DE7AF41648AA}\r\n' +
              'Invitation-Command: INVITE\r\nInvitation-Cookie: 77\r\n\r\n',
          ),
        ),
      ),
      server(
        carried(
          'MSG bob@retro.test Bob',
          mime(
            'text/x-msmsgsinvite',
            'Invitation-Command: ACCEPT\r\nInvitation-Cookie: 77\r\n\r\n',
          ),
        ),
        carried(
          'MSG bob@retro.test Bob',
          mime(
            'text/x-msmsgsinvite',
            'Invitation-Command: CANCEL\r\nInvitation-Cookie: 77\r\nCancel-Code: OUTBANDCANCEL\r\n\r\n',
          ),
        ),
        carried(
          'MSG bob@retro.test Bob',
          mime(
            'text/x-msmsgsinvite',
            'Application-Name: NetMeeting\r\nApplication-GUID: {44bba842-cc51-11cf-aafa-00aa00b6015c}\r\n' +
              'Invitation-Command: INVITE\r\nInvitation-Cookie: 78\r\n\r\n',
          ),
        ),
      ),
      client(
        carried(
          'MSG 4 N',
          mime(
            'text/x-msmsgsinvite',
            'Invitation-Command: CANCEL\r\nInvitation-Cookie: 78\r\nCancel-Code: REJECT\r\n\r\n',
          ),
        ),
      ),
      server(
        carried(
          'MSG bob@retro.test Bob',
          mime(
            'text/x-msmsgsinvite',
            'Application-Name: Tetris\r\nApplication-GUID: {1}\r\nInvitation-Command: INVITE\r\nInvitation-Cookie: 79\r\n\r\n',
          ),
        ),
      ),
    ],
    [
      { kind: 'call.offer', ...TO_BOB, call: { media: 'audio', token: '77' } },
      { kind: 'call.accept', ...FROM_BOB, call: { media: 'audio', token: '77' } },
      {
        kind: 'call.end',
        ...FROM_BOB,
        call: { media: 'audio', token: '77' },
        reason: 'OUTBANDCANCEL',
      },
      { kind: 'call.offer', ...FROM_BOB, call: { media: 'video', token: '78' } },
      { kind: 'call.decline', ...TO_BOB, call: { media: 'video', token: '78' }, reason: 'REJECT' },
      { kind: 'app.unknown', ...SERVER, reason: 'MSG invitation Tetris' },
    ],
  ),
  {
    name: 'other networks and telephones by the notification server',
    turns: [
      server('USR 2 OK alice@retro.test Alice 1 0\r\n'),
      client(carried('UUM 9 yann@yahoo.test 32 1', plain('salut'))),
      server(
        carried('UBM yann@yahoo.test 32 alice@retro.test 1 1', plain('hi')),
        carried(
          'UBM yann@yahoo.test 32 2',
          mime('text/x-msmsgscontrol', '', 'TypingUser: yann@yahoo.test\r\n'),
        ),
        carried('UBM tel:+15551234 4 1', plain('from a phone')),
      ),
    ],
    want: [
      { kind: 'session.login', ...SERVER, from: ALICE, name: 'Alice' },
      {
        kind: 'message',
        ...CLIENT,
        from: ALICE,
        to: ['yann@yahoo.test'],
        route: 'direct',
        text: 'salut',
      },
      { kind: 'message', ...FROM_BOB, from: 'yann@yahoo.test', text: 'hi' },
      { kind: 'typing', ...FROM_BOB, from: 'yann@yahoo.test', state: 'composing' },
      { kind: 'message', ...FROM_BOB, from: 'tel:+15551234', text: 'from a phone', form: 'sms' },
    ],
  },
  {
    name: 'calls in SIP, inside UUN and UBN',
    turns: [
      server('USR 2 OK alice@retro.test Alice 1 0\r\n'),
      client(
        carried(
          'UUN 8 bob@retro.test 11',
          sip('INVITE sip:bob SIP/2.0\r\nCall-ID: c1\r\n\r\nm=audio 1 x\r\nm=video 2 x\r\n'),
        ),
      ),
      server(
        'UUN 8 OK\r\n',
        carried(
          'UBN bob@retro.test 11',
          sip('SIP/2.0 100 Trying\r\nCall-ID: c1\r\nCSeq: 1 INVITE\r\n\r\n'),
        ),
        carried(
          'UBN bob@retro.test 11',
          sip('SIP/2.0 200 OK\r\nCall-ID: c1\r\nCSeq: 1 INVITE\r\n\r\n'),
        ),
        carried(
          'UBN bob@retro.test 11',
          sip('BYE sip:alice SIP/2.0\r\nCall-ID: c1\r\nCSeq: 2 BYE\r\n\r\n'),
        ),
        carried('UBN bob@retro.test 3', 'whatever'),
      ),
    ],
    want: [
      { kind: 'session.login', ...SERVER, from: ALICE, name: 'Alice' },
      { kind: 'call.offer', ...TO_BOB, call: { media: 'video', token: 'c1' } },
      { kind: 'call.accept', ...FROM_BOB, call: { media: 'video', token: 'c1' } },
      { kind: 'call.end', ...FROM_BOB, call: { media: 'video', token: 'c1' } },
      { kind: 'app.unknown', ...SERVER, reason: 'UBN 3', text: 'whatever' },
    ],
  },
  {
    name: 'MSNP21: text, nudge, typing, a circle, and one’s own words from another place',
    turns: [
      client('VER 1 MSNP21 CVR0\r\n'),
      server('VER 1 MSNP21\r\nUSR 4 OK alice@retro.test 1 0\r\n'),
      client(sdg(5, '1:bob@retro.test', '1:alice@retro.test;epid={1}', 'Text', 'hi bob')),
      server(
        'SDG 5 OK\r\n',
        sdg(0, '1:alice@retro.test;epid={1}', '1:bob@retro.test;epid={2}', 'Text', 'hi alice'),
        sdg(0, '1:alice@retro.test', '1:bob@retro.test', 'Nudge', ''),
        sdg(0, '1:alice@retro.test', '1:bob@retro.test', 'Control/Typing', ''),
        sdg(0, '9:11-22@live.com;path=IM', '1:bob@retro.test', 'Text', 'hi circle'),
        sdg(0, '1:bob@retro.test', '1:alice@retro.test;epid={9}', 'Text', 'from my phone'),
        sdg(0, '1:alice@retro.test', '1:bob@retro.test', 'Signal/P2P', ''),
      ),
    ],
    want: [
      { kind: 'session.login', ...SERVER, protocolVersion: '21', from: ALICE },
      { kind: 'message', ...TO_BOB, protocolVersion: '21', text: 'hi bob' },
      { kind: 'message', ...FROM_BOB, protocolVersion: '21', text: 'hi alice' },
      { kind: 'message', ...FROM_BOB, protocolVersion: '21', form: 'nudge' },
      { kind: 'typing', ...FROM_BOB, protocolVersion: '21', state: 'composing' },
      {
        kind: 'message',
        ...SERVER,
        protocolVersion: '21',
        from: BOB,
        room: '11-22@live.com',
        route: 'room',
        text: 'hi circle',
      },
      {
        kind: 'message',
        ...SERVER,
        protocolVersion: '21',
        from: ALICE,
        to: [BOB],
        route: 'direct',
        copy: 'carbon',
        text: 'from my phone',
      },
    ],
  },
];

function sip(text: string): string {
  return `<sip e="base64" fid="1" i="x"><msg>${btoa(text)}</msg></sip>`;
}

export function sdg(
  transaction: number,
  to: string,
  from: string,
  type: string,
  body: string,
): Uint8Array {
  const content = type === 'Text' ? 'Content-Type: text/plain; charset=UTF-8\r\n' : '';
  return carried(
    `SDG ${transaction}`,
    `Routing: 1.0\r\nTo: ${to}\r\nFrom: ${from}\r\n\r\nReliability: 1.0\r\n\r\n` +
      `Messaging: 2.0\r\nMessage-Type: ${type}\r\n${content}Content-Length: ${body.length}\r\n\r\n${body}`,
  );
}
