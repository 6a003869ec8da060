/** Golden tests: signing in and out. Wire in, events out. */
import { client, type Row, server } from '../../test/support/parser-harness.ts';
import {
  ANN,
  ANN_TO_BOB,
  BOB,
  BOB_TO_ANN,
  incoming,
  message,
  register,
  registered,
} from './sip.fixture.ts';

const CREDENTIALS = { Authorization: 'Digest username="ann", nonce="n", response="c0ffee"' };
const SECOND = { CSeq: '2 REGISTER' };
const THIRD = { CSeq: '3 REGISTER' };

export const SESSIONS: readonly Row[] = [
  {
    name: 'a challenge, credentials, signed in, refreshed, signed out',
    turns: [
      client(register()),
      server(registered('401 Unauthorized', { 'WWW-Authenticate': 'Digest realm="e", nonce="n"' })),
      client(register({ ...SECOND, ...CREDENTIALS })),
      server(registered('200 OK', SECOND)),
      client(register(THIRD)),
      server(registered('200 OK', THIRD)),
      client(register({ CSeq: '4 REGISTER', Contact: '*', Expires: '0' })),
      server(registered('200 OK', { CSeq: '4 REGISTER' })),
    ],
    want: [
      {
        kind: 'session.login',
        protocolVersion: '2.0',
        origin: 'server',
        account: 'ann@e.example',
        route: 'service',
      },
      {
        kind: 'session.login',
        protocolVersion: '2.0',
        origin: 'server',
        account: 'ann@e.example',
        state: 'refreshed',
        route: 'service',
      },
      {
        kind: 'session.logout',
        protocolVersion: '2.0',
        origin: 'server',
        account: 'ann@e.example',
        route: 'service',
      },
    ],
  },
  {
    name: 'refused: by a second challenge, unless it is stale; and outright',
    turns: [
      client(register({ Authorization: 'Digest username="trunk7", response="f00"' })),
      server(
        registered('401 Unauthorized', { 'WWW-Authenticate': 'Digest nonce="m", stale=TRUE' }),
      ),
      client(register({ ...SECOND, Authorization: 'Digest username="trunk7", response="f01"' })),
      server(registered('401 Unauthorized', { ...SECOND, 'WWW-Authenticate': 'Digest nonce="o"' })),
      client(register({ ...THIRD, ...CREDENTIALS })),
      server(registered('100 Trying', THIRD), registered('403 Wrong password', THIRD)),
    ],
    want: [
      {
        kind: 'session.failed',
        protocolVersion: '2.0',
        origin: 'server',
        account: 'ann@e.example',
        reason: '401 Unauthorized',
        route: 'service',
        name: 'trunk7',
      },
      {
        kind: 'session.failed',
        protocolVersion: '2.0',
        origin: 'server',
        account: 'ann@e.example',
        reason: '403 Wrong password',
        route: 'service',
      },
    ],
  },
  {
    name: 'no refusals: the interval is too brief, the bindings are only asked for',
    turns: [
      client(register()),
      server(registered('423 Interval Too Brief')),
      client(register(SECOND).replace(/Contact: [^\r]*\r\n/, '')),
      server(registered('200 OK', SECOND)),
    ],
    want: [],
  },
  {
    name: 'expiry of the binding counts before that of the request',
    turns: [
      client(register({ Contact: '<sip:ann@10.0.0.1>;expires=0' })),
      server(registered()),
      client(register({ ...SECOND, Contact: '<sip:ann@10.0.0.1>;expires=60', Expires: '0' })),
      server(registered('200 OK', SECOND)),
    ],
    want: [
      {
        kind: 'session.logout',
        protocolVersion: '2.0',
        origin: 'server',
        account: 'ann@e.example',
        route: 'service',
      },
      {
        kind: 'session.login',
        protocolVersion: '2.0',
        origin: 'server',
        account: 'ann@e.example',
        route: 'service',
      },
    ],
  },
  {
    name: 'the request was not seen',
    turns: [
      server(registered('200 OK', { Contact: '<sip:ann@10.0.0.1>;expires=600' }), registered()),
    ],
    want: [
      {
        kind: 'session.login',
        protocolVersion: '2.0',
        origin: 'server',
        account: 'ann@e.example',
        route: 'service',
      },
    ],
  },
  {
    name: 'two accounts on one connection, and one that is none of them',
    turns: [
      client(register()),
      server(registered()),
      client(register({ From: `<sip:${BOB}>;tag=a`, To: `<sip:${BOB}>`, 'Call-ID': 'r2' })),
      server(registered('200 OK', { To: `<sip:${BOB}>;tag=s`, 'Call-ID': 'r2' })),
      client(
        message('text/plain', 'as ann', { To: '<sip:carl@e.example>' }).replace(
          BOB,
          'carl@e.example',
        ),
      ),
      server(incoming('text/plain', 'to ann', { From: '<sip:carl@e.example>;tag=c' })),
      client(
        message('text/plain', 'as eve', {
          From: '<sip:eve@e.example>;tag=e',
          To: '<sip:carl@e.example>',
        }).replace(BOB, 'carl@e.example'),
      ),
    ],
    want: [
      {
        kind: 'session.login',
        protocolVersion: '2.0',
        origin: 'server',
        account: 'ann@e.example',
        route: 'service',
      },
      {
        kind: 'session.login',
        protocolVersion: '2.0',
        origin: 'server',
        account: 'bob@e.example',
        route: 'service',
      },
      {
        kind: 'message',
        protocolVersion: '2.0',
        origin: 'client',
        account: 'ann@e.example',
        from: 'ann@e.example',
        to: ['carl@e.example'],
        text: 'as ann',
        messageId: 'c1',
        route: 'direct',
      },
      {
        kind: 'message',
        protocolVersion: '2.0',
        origin: 'server',
        account: 'ann@e.example',
        from: 'carl@e.example',
        to: ['ann@e.example'],
        text: 'to ann',
        messageId: 'c2',
        route: 'direct',
      },
      { anomaly: 'sip-foreign-sender' },
      {
        kind: 'message',
        protocolVersion: '2.0',
        origin: 'client',
        account: 'bob@e.example',
        from: 'eve@e.example',
        to: ['carl@e.example'],
        text: 'as eve',
        messageId: 'c1',
        route: 'direct',
        anomalies: ['sip-foreign-sender'],
      },
    ],
  },
  {
    name: 'the table of flows took the server for the client',
    turns: [
      client(incoming('text/plain', 'before').replace('sip:ann@10.0.0.1:5060', `sip:${ANN}`)),
      server(register()),
      client(registered()),
      server(message('text/plain', 'mine')),
      client(incoming('text/plain', 'for me')),
    ],
    want: [
      {
        kind: 'message',
        protocolVersion: '2.0',
        origin: 'client',
        account: 'bob@e.example',
        from: 'bob@e.example',
        to: ['ann@e.example'],
        text: 'before',
        messageId: 'c2',
        route: 'direct',
      },
      {
        kind: 'session.login',
        protocolVersion: '2.0',
        origin: 'server',
        account: 'ann@e.example',
        route: 'service',
      },
      { kind: 'message', ...ANN_TO_BOB, text: 'mine', messageId: 'c1' },
      { kind: 'message', ...BOB_TO_ANN, text: 'for me', messageId: 'c2' },
    ],
  },
];
