/** Golden tests: calls, chat sessions, files offered in SDP. Wire in, events out. */
import { client, type Row, server } from '../../test/support/parser-harness.ts';
import { ANN, ANN_TO_BOB, answer, BOB, BOB_TO_ANN, request } from './sip.fixture.ts';

const SDP = { 'Content-Type': 'application/sdp' };
const START = 'v=0\r\no=- 1 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\n';
const AUDIO = `${START}m=audio 4000 RTP/AVP 0\r\n`;
const VIDEO = `${AUDIO}m=video 4002 RTP/AVP 31\r\n`;
const CHAT = `${START}m=message 2855 TCP/MSRP *\r\na=accept-types:text/plain\r\na=path:msrp://10.0.0.1:2855/s1;tcp\r\n`;
const FILE =
  `${START}m=message 2857 TCP/MSRP *\r\na=accept-types:*\r\na=path:msrp://10.0.0.1:2857/f1;tcp\r\na=sendonly\r\n` +
  'a=file-selector:name:"plan%20%22a%22.pdf" type:application/pdf size:4096 hash:sha-1:72:24:5F:E8:65:3D:DA:F3:71:36:2F:86:D4:71:91:3E:E4:A2:CE:2E\r\n' +
  'a=file-transfer-id:ft1\r\na=file-disposition:attachment\r\n';
const TAKEN = `${START}m=message 2858 TCP/MSRP *\r\na=path:msrp://10.0.0.2:2858/g1;tcp\r\na=recvonly\r\n`;
const invite = (body: string, headers: Readonly<Record<string, string>> = {}) =>
  request(`INVITE sip:${BOB}`, { ...(body === '' ? {} : SDP), ...headers }, body);
const inDialog = { To: `<sip:${BOB}>;tag=b` };

export const CALLS: readonly Row[] = [
  {
    name: 'a call: offered, rings, taken, ended',
    turns: [
      client(invite(AUDIO, { Subject: 'lunch' })),
      server(answer('180 Ringing', 'INVITE'), answer('200 OK', 'INVITE', SDP, AUDIO)),
      client(
        request(`ACK sip:${BOB}`, inDialog),
        request(`BYE sip:${BOB}`, { ...inDialog, CSeq: '2 BYE' }),
      ),
      server(answer('200 OK', 'BYE', { CSeq: '2 BYE' })),
    ],
    want: [
      {
        kind: 'call.offer',
        ...ANN_TO_BOB,
        call: { media: 'audio', token: 'c1' },
        subject: 'lunch',
      },
      { kind: 'call.accept', ...BOB_TO_ANN, call: { media: 'audio', token: 'c1' } },
      { kind: 'call.end', ...ANN_TO_BOB, call: { media: 'audio', token: 'c1' } },
    ],
  },
  {
    name: 'a video call of the other side, not taken',
    turns: [
      server(
        invite(VIDEO, { From: `<sip:${BOB}>;tag=b`, To: `<sip:${ANN}>` }).replace(
          BOB,
          'ann@10.0.0.1',
        ),
      ),
      client(
        answer('486 Busy Here', 'INVITE', { From: `<sip:${BOB}>;tag=b`, To: `<sip:${ANN}>;tag=a` }),
      ),
    ],
    want: [
      { kind: 'call.offer', ...BOB_TO_ANN, call: { media: 'video', token: 'c1' } },
      {
        kind: 'call.decline',
        ...ANN_TO_BOB,
        call: { media: 'video', token: 'c1' },
        reason: '486 Busy Here',
      },
    ],
  },
  {
    name: 'given up before it was taken: one end, whatever is answered then',
    turns: [
      client(invite(AUDIO), request(`CANCEL sip:${BOB}`), request(`CANCEL sip:${BOB}`)),
      server(answer('200 OK', 'CANCEL'), answer('487 Request Terminated', 'INVITE')),
    ],
    want: [
      { kind: 'call.offer', ...ANN_TO_BOB, call: { media: 'audio', token: 'c1' } },
      {
        kind: 'call.end',
        ...ANN_TO_BOB,
        call: { media: 'audio', token: 'c1' },
        reason: 'cancelled',
      },
    ],
  },
  {
    name: 'challenged: the same call comes again with credentials',
    turns: [
      client(invite(AUDIO)),
      server(answer('407 Proxy Authentication Required', 'INVITE')),
      client(request(`ACK sip:${BOB}`), invite(AUDIO, { CSeq: '2 INVITE' })),
      server(answer('404 Not Found', 'INVITE', { CSeq: '2 INVITE' })),
    ],
    want: [
      { kind: 'call.offer', ...ANN_TO_BOB, call: { media: 'audio', token: 'c1' } },
      { kind: 'call.offer', ...ANN_TO_BOB, call: { media: 'audio', token: 'c1' }, copy: 'echo' },
      {
        kind: 'call.decline',
        ...BOB_TO_ANN,
        call: { media: 'audio', token: 'c1' },
        reason: '404 Not Found',
      },
    ],
  },
  {
    name: 'an audio call becomes a video call; a hold is nothing',
    turns: [
      client(invite(AUDIO)),
      server(answer('200 OK', 'INVITE', SDP, AUDIO)),
      client(
        invite(AUDIO.replace('RTP/AVP 0\r\n', 'RTP/AVP 0\r\na=sendonly\r\n'), {
          ...inDialog,
          CSeq: '2 INVITE',
        }),
        invite(VIDEO, { ...inDialog, CSeq: '3 INVITE' }),
      ),
    ],
    want: [
      { kind: 'call.offer', ...ANN_TO_BOB, call: { media: 'audio', token: 'c1' } },
      { kind: 'call.accept', ...BOB_TO_ANN, call: { media: 'audio', token: 'c1' } },
      { kind: 'call.offer', ...ANN_TO_BOB, call: { media: 'video', token: 'c1' } },
    ],
  },
  {
    name: 'a description of no media (RFC 3264 §5): it rings all the same; once in the call it is no news',
    turns: [
      client(invite(START)),
      server(answer('200 OK', 'INVITE', SDP, AUDIO)),
      client(invite(START, { ...inDialog, CSeq: '2 INVITE' })),
    ],
    want: [
      { kind: 'call.offer', ...ANN_TO_BOB, call: { token: 'c1' } },
      { kind: 'call.accept', ...BOB_TO_ANN, call: { media: 'audio', token: 'c1' } },
    ],
  },
  {
    name: 'an offer to be made in the answer',
    turns: [client(invite('')), server(answer('200 OK', 'INVITE', SDP, AUDIO))],
    want: [
      { kind: 'call.offer', ...ANN_TO_BOB, call: { token: 'c1' } },
      { kind: 'call.accept', ...BOB_TO_ANN, call: { media: 'audio', token: 'c1' } },
    ],
  },
  {
    name: 'a chat session makes no event by itself',
    turns: [
      client(invite(CHAT)),
      server(answer('200 OK', 'INVITE', SDP, CHAT.replace(/10.0.0.1:2855.s1/, '10.0.0.2:2856/s2'))),
      client(request(`BYE sip:${BOB}`, { ...inDialog, CSeq: '2 BYE' })),
    ],
    want: [],
  },
  {
    name: 'a file: offered, taken',
    turns: [client(invite(FILE)), server(answer('200 OK', 'INVITE', SDP, TAKEN))],
    want: [
      {
        kind: 'file.offer',
        ...ANN_TO_BOB,
        file: {
          name: 'plan "a".pdf',
          size: 4096,
          mime: 'application/pdf',
          method: 'msrp',
          token: 'ft1',
        },
      },
      {
        kind: 'file.accept',
        ...BOB_TO_ANN,
        file: {
          name: 'plan "a".pdf',
          size: 4096,
          mime: 'application/pdf',
          method: 'msrp',
          token: 'ft1',
        },
      },
    ],
  },
  {
    name: 'a file: refused outright, or by a port of 0',
    turns: [
      client(invite(FILE)),
      server(answer('603 Decline', 'INVITE')),
      client(invite(FILE.replace('ft1', 'ft2'), { 'Call-ID': 'c5' })),
      server(
        answer('200 OK', 'INVITE', { ...SDP, 'Call-ID': 'c5' }, TAKEN.replace('2858 TCP', '0 TCP')),
      ),
    ],
    want: [
      {
        kind: 'file.offer',
        ...ANN_TO_BOB,
        file: {
          name: 'plan "a".pdf',
          size: 4096,
          mime: 'application/pdf',
          method: 'msrp',
          token: 'ft1',
        },
      },
      {
        kind: 'file.decline',
        ...BOB_TO_ANN,
        file: {
          name: 'plan "a".pdf',
          size: 4096,
          mime: 'application/pdf',
          method: 'msrp',
          token: 'ft1',
        },
        reason: '603 Decline',
      },
      {
        kind: 'file.offer',
        ...ANN_TO_BOB,
        file: {
          name: 'plan "a".pdf',
          size: 4096,
          mime: 'application/pdf',
          method: 'msrp',
          token: 'ft2',
        },
      },
      {
        kind: 'file.decline',
        ...BOB_TO_ANN,
        file: {
          name: 'plan "a".pdf',
          size: 4096,
          mime: 'application/pdf',
          method: 'msrp',
          token: 'ft2',
        },
      },
    ],
  },
  {
    name: 'a file of the other side, given up before it was answered; a part, to be shown',
    turns: [
      server(
        invite(
          FILE.replace('attachment', 'render').replace(
            'a=sendonly',
            'a=sendonly\r\na=file-range:1025-*',
          ),
          { From: `<sip:${BOB}>;tag=b`, To: `<sip:${ANN}>` },
        ).replace(BOB, 'ann@10.0.0.1'),
        request('CANCEL sip:ann@10.0.0.1', { From: `<sip:${BOB}>;tag=b`, To: `<sip:${ANN}>` }),
      ),
    ],
    want: [
      {
        kind: 'file.offer',
        ...BOB_TO_ANN,
        file: {
          name: 'plan "a".pdf',
          size: 4096,
          mime: 'application/pdf',
          method: 'msrp',
          token: 'ft1',
          purpose: 'inline',
          offset: 1024,
        },
      },
      {
        kind: 'file.cancel',
        ...BOB_TO_ANN,
        file: {
          name: 'plan "a".pdf',
          size: 4096,
          mime: 'application/pdf',
          method: 'msrp',
          token: 'ft1',
          purpose: 'inline',
          offset: 1024,
        },
        reason: 'cancelled',
      },
    ],
  },
  {
    name: 'a file is asked for',
    turns: [client(invite(FILE.replace('sendonly', 'recvonly')))],
    want: [
      {
        kind: 'file.offer',
        ...ANN_TO_BOB,
        file: {
          name: 'plan "a".pdf',
          size: 4096,
          mime: 'application/pdf',
          method: 'msrp',
          token: 'ft1',
        },
        state: 'requested',
      },
    ],
  },
  {
    name: 'a file beside a call in one multipart body',
    turns: [
      client(
        invite(
          `--z\r\nContent-Type: application/sdp\r\n\r\n${AUDIO}${FILE.slice(START.length)}\r\n--z--\r\n`,
          { 'Content-Type': 'multipart/mixed;boundary=z' },
        ),
      ),
    ],
    want: [
      { kind: 'call.offer', ...ANN_TO_BOB, call: { media: 'audio', token: 'c1' } },
      {
        kind: 'file.offer',
        ...ANN_TO_BOB,
        file: {
          name: 'plan "a".pdf',
          size: 4096,
          mime: 'application/pdf',
          method: 'msrp',
          token: 'ft1',
        },
      },
    ],
  },
  {
    name: 'Office Communicator: the first text stands in the INVITE',
    turns: [
      client(
        invite('v=0\r\nm=message 5060 sip null\r\n', {
          'Ms-Text-Format': 'text/html; charset=UTF-8;msgr=WAAt;ms-body=PGI+aGk8L2I+',
        }),
      ),
    ],
    want: [{ kind: 'message', ...ANN_TO_BOB, text: 'hi', markup: '<b>hi</b>', messageId: 'c1' }],
  },
  {
    name: 'a chat room: invited to, entered, somebody asked in, left',
    turns: [
      server(
        request(
          'INVITE sip:ann@10.0.0.1',
          {
            From: '<sip:room@e.example>;tag=r',
            To: `<sip:${ANN}>`,
            Contact: '<sip:room@10.0.0.9>;isfocus',
            ...SDP,
          },
          CHAT,
        ),
      ),
      client(
        answer(
          '200 OK',
          'INVITE',
          { From: '<sip:room@e.example>;tag=r', To: `<sip:${ANN}>;tag=a`, ...SDP },
          CHAT,
        ),
        request('REFER sip:room@e.example', {
          To: '<sip:room@e.example>',
          'Refer-To': `<sip:${BOB}>`,
          'Call-ID': 'c8',
        }),
        request('BYE sip:room@10.0.0.9', { To: '<sip:room@e.example>;tag=r', CSeq: '2 BYE' }),
      ),
    ],
    want: [
      {
        kind: 'room.invite',
        protocolVersion: '2.0',
        origin: 'server',
        account: 'ann@e.example',
        from: 'room@e.example',
        to: ['ann@e.example'],
        room: 'room@e.example',
        route: 'direct',
      },
      {
        kind: 'room.join',
        protocolVersion: '2.0',
        origin: 'client',
        account: 'ann@e.example',
        from: 'ann@e.example',
        room: 'room@e.example',
        route: 'room',
      },
      { kind: 'room.invite', ...ANN_TO_BOB, room: 'room@e.example' },
      {
        kind: 'room.leave',
        protocolVersion: '2.0',
        origin: 'client',
        account: 'ann@e.example',
        from: 'ann@e.example',
        room: 'room@e.example',
        route: 'room',
      },
    ],
  },
  {
    name: 'the end of a call that began elsewhere is nothing',
    turns: [client(request(`BYE sip:${BOB}`, inDialog)), server(answer('200 OK', 'INVITE'))],
    want: [],
  },
];
