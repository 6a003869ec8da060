/** Test support: signing in and out and what must be heard of it. */
import { client, direct, LOGIN, ME, type Row, SIGNED_IN, said, server } from './rows.fixture.ts';

export const SESSIONS: readonly Row[] = [
  {
    name: 'the server grants another nick; QUIT ends, ERROR after it says nothing',
    turns: [
      'C: NICK ann',
      'S: :s 433 * ann :in use',
      'C: PRIVMSG x :early',
      'C: NICK ann_',
      'S: :s 001 Ann_ :W',
      'C: QUIT :bye',
      'S: ERROR :Closing Link',
    ],
    want: [
      { kind: 'message', origin: 'client', to: ['x'], text: 'early', ...direct },
      { ...server, kind: 'session.login', account: 'Ann_', from: 'Ann_' },
      { kind: 'session.logout', origin: 'client', account: 'Ann_', from: 'Ann_', reason: 'bye' },
    ],
  },
  {
    name: 'SASL PLAIN in chunks names the account, never the password',
    turns: [
      'C: CAP LS 302',
      'C: NICK ann',
      'C: AUTHENTICATE PLAIN',
      'S: AUTHENTICATE +',
      'C: AUTHENTICATE AGNhcm9sAHB3MQ==',
      'S: :s 903 ann :ok',
      'C: USER ann 0 * :Ann',
      'S: :s 001 ann :W',
    ],
    want: [{ ...SIGNED_IN, name: 'carol' }],
  },
  {
    name: 'refused: SASL, then the server password',
    turns: [
      'C: NICK ann',
      'C: AUTHENTICATE PLAIN',
      'C: AUTHENTICATE AGNhcm9sAHB3MQ==',
      'S: :s 904 ann :SASL failed',
      'S: :s 464 ann :Password incorrect',
      'S: ERROR :Closing Link: ann',
    ],
    want: [
      { kind: 'session.failed', ...server, from: ME, name: 'carol', reason: 'SASL failed' },
      { kind: 'session.failed', ...server, from: ME, reason: 'Password incorrect' },
      { kind: 'session.failed', ...server, from: ME, reason: 'Closing Link: ann' },
    ],
  },
  {
    name: 'killed',
    turns: [...LOGIN, 'S: ERROR :Closing Link: ann (Killed)'],
    want: [
      SIGNED_IN,
      { kind: 'session.logout', ...server, from: ME, reason: 'Closing Link: ann (Killed)' },
    ],
  },
  {
    name: 'an ERROR that closes nothing is no end',
    turns: [
      ...LOGIN,
      'S: ERROR :Invalid prefix',
      'S: PING :x',
      'S: :bob!b@h PRIVMSG ann :still here',
    ],
    want: [SIGNED_IN, said('still here', { ...server, from: 'bob', to: [ME], ...direct })],
  },
  {
    name: 'STARTTLS: nothing is read until it is granted, nothing after',
    turns: [
      'C: STARTTLS',
      'C: PRIVMSG bob :injected',
      'S: :s 670 ann :go ahead',
      'C: PRIVMSG bob :not IRC any more',
    ],
    want: [{ anomaly: 'irc-octets-after-starttls' }, { handOver: 'tls', reason: 'starttls' }],
  },
  {
    name: 'STARTTLS refused: the conversation goes on in clear',
    turns: ['C: STARTTLS', 'S: :s 691 ann :no', 'C: NICK ann', 'C: PRIVMSG bob :clear'],
    want: [said('clear', { ...client, to: ['bob'], ...direct })],
  },
];
