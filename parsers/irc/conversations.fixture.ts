/** Test support: IRC conversations and what must be heard of them. `room` events say route room. */
import type { Heard } from './irc.fixture.ts';

export interface Row {
  readonly name: string;
  readonly turns: readonly string[];
  readonly want: readonly Heard[];
}

export const ME = 'ann';
export const LOGIN = ['C: NICK ann', 'C: USER ann 0 * :Ann', 'S: :irc.example 001 ann :Welcome'];
export const SIGNED_IN: Heard = {
  kind: 'session.login',
  origin: 'server',
  account: ME,
  from: ME,
};

const client = { origin: 'client', account: ME, from: ME };
const server = { origin: 'server', account: ME };
const direct = { route: 'direct' };
const inRoom = (room: string) => ({ room, route: 'room' });
const row = (name: string, turns: readonly string[], ...want: readonly Heard[]): Row => {
  return { name, turns: [...LOGIN, ...turns], want: [SIGNED_IN, ...want] };
};
const said = (text: string, more: Heard): Heard => ({ kind: 'message', text, ...more });

export const MESSAGES: readonly Row[] = [
  row(
    'sent to a nick, received in a room',
    ['C: PRIVMSG bob :hi', 'S: :bob!b@h PRIVMSG #x :hello world'],
    said('hi', { ...client, to: ['bob'], ...direct }),
    said('hello world', { ...server, from: 'bob', ...inRoom('#x') }),
  ),
  row(
    'nicks of one line are one event, rooms one each',
    ['C: PRIVMSG bob,#x,carl,&y :hi'],
    said('hi', { ...client, to: ['bob', 'carl'], ...direct }),
    said('hi', { ...client, ...inRoom('#x') }),
    said('hi', { ...client, ...inRoom('&y') }),
  ),
  row(
    'lower case, many spaces, no colon, more parameters than count',
    ['C:   privmsg   bob    yo you'],
    said('yo', { ...client, to: ['bob'], ...direct }),
  ),
  row(
    'a source from the client identifies nobody',
    ['C: :forged!x@y PRIVMSG bob :hi'],
    { anomaly: 'client-source' },
    said('hi', { ...client, to: ['bob'], ...direct, anomalies: ['client-source'] }),
  ),
  row(
    'STATUSMSG is for the room',
    [
      'S: :irc.example 005 ann STATUSMSG=@+ CHANTYPES=#+ :are supported',
      'C: PRIVMSG @#x :a',
      'C: PRIVMSG +#x :b',
      'C: PRIVMSG +y :c',
    ],
    said('a', { ...client, ...inRoom('#x') }),
    said('b', { ...client, ...inRoom('#x') }),
    said('c', { ...client, ...inRoom('+y') }),
  ),
  row(
    'a room keeps its first spelling, by the mapping of the server',
    [
      'C: PRIVMSG #X[1] :a',
      'C: PRIVMSG #x{1} :b',
      'S: :s 005 ann CASEMAPPING=ascii :are',
      'C: PRIVMSG #x{1} :c',
    ],
    said('a', { ...client, ...inRoom('#X[1]') }),
    said('b', { ...client, ...inRoom('#X[1]') }),
    said('c', { ...client, ...inRoom('#x{1}') }),
  ),
  row(
    'notices; those of servers and services are from the network',
    [
      'S: :irc.example NOTICE ann :statistics',
      'S: :NickServ!n@services NOTICE ann :ok',
      'S: :bob!b@h NOTICE ann :hm',
    ],
    said('statistics', {
      ...server,
      from: 'irc.example',
      to: [ME],
      form: 'notice',
      route: 'service',
    }),
    said('ok', { ...server, from: 'NickServ', to: [ME], form: 'notice', route: 'service' }),
    said('hm', { ...server, from: 'bob', to: [ME], form: 'notice', ...direct }),
  ),
  row(
    'CPRIVMSG, SQUERY, WALLOPS and WHISPER carry text too',
    [
      'C: CPRIVMSG bob #x :a',
      'C: SQUERY IRCServ :b',
      'S: :op!o@h WALLOPS :c',
      'C: WHISPER #x bob :d',
    ],
    said('a', { ...client, to: ['bob'], ...direct }),
    said('b', { ...client, to: ['IRCServ'], ...direct }),
    said('c', { ...server, from: 'op', form: 'notice', route: 'service' }),
    said('d', { ...client, to: ['bob'], ...direct }),
  ),
  row(
    'formatting goes, the original stays as markup',
    ['C: PRIVMSG #x :\x02bold\x02 \x0304,01red\x03 \x04ff0000hex\x0f \x1funder'],
    said('bold red hex under', {
      ...client,
      markup: '\x02bold\x02 \x0304,01red\x03 \x04ff0000hex\x0f \x1funder',
      ...inRoom('#x'),
    }),
  ),
  row(
    'UTF-8, windows-1252, UTF-8 cut in its last character',
    [
      'C: PRIVMSG bob :caf\xc3\xa9',
      'C: PRIVMSG bob :caf\xe9 \x80',
      'C: PRIVMSG bob :\xc3\xa9t\xc3',
    ],
    said('café', { ...client, to: ['bob'], ...direct }),
    said('café €', { ...client, to: ['bob'], ...direct }),
    said('ét\ufffd', { ...client, to: ['bob'], ...direct }),
  ),
  row(
    'actions and CTCP, with and without the closing delimiter',
    [
      'C: PRIVMSG #x :\x01ACTION waves\x01',
      'S: :bob!b@h PRIVMSG ann :\x01version',
      'S: :bob!b@h NOTICE ann :\x01PING 1 2\x01',
    ],
    said('waves', { ...client, form: 'action', ...inRoom('#x') }),
    said('VERSION', { ...server, from: 'bob', to: [ME], form: 'ctcp', ...direct }),
    said('PING 1 2', { ...server, from: 'bob', to: [ME], form: 'ctcp', ...direct }),
  ),
  row(
    'end-to-end encryption shows',
    ['C: PRIVMSG bob :?OTRv23?', 'C: PRIVMSG #x :+OK deadbeef'],
    said('?OTRv23?', { ...client, to: ['bob'], ...direct, encrypted: 'otr' }),
    said('+OK deadbeef', { ...client, ...inRoom('#x'), encrypted: 'fish' }),
  ),
  row(
    'passwords to services are masked, also in the echo',
    [
      'C: PRIVMSG NickServ :IDENTIFY hunter2',
      'C: PRIVMSG NickServ@services. :id ann hunter2',
      'C: NS REGISTER hunter2 ann@x',
      'C: PRIVMSG Q@CServe.quakenet.org :AUTH ann hunter2',
      'C: PRIVMSG ChanServ :IDENTIFY #x hunter2',
      'C: PRIVMSG ChanServ :OP #x bob',
      'C: PRIVMSG NickServ :\x02IDENTIFY\x02 hunter2',
      'S: :ann!a@h PRIVMSG NickServ :IDENTIFY hunter2',
    ],
    said('IDENTIFY ********', { ...client, to: ['NickServ'], route: 'service' }),
    said('id ann ********', { ...client, to: ['NickServ@services.'], route: 'service' }),
    said('REGISTER ********', { ...client, to: ['NickServ'], route: 'service' }),
    said('AUTH ann ********', { ...client, to: ['Q@CServe.quakenet.org'], route: 'service' }),
    said('IDENTIFY #x ********', { ...client, to: ['ChanServ'], route: 'service' }),
    said('OP #x bob', { ...client, to: ['ChanServ'], route: 'service' }),
    said('IDENTIFY ********', { ...client, to: ['NickServ'], route: 'service' }),
    said('IDENTIFY ********', {
      ...server,
      from: ME,
      to: ['NickServ'],
      route: 'service',
      copy: 'echo',
    }),
  ),
  row(
    'PASS, OPER, AUTHENTICATE, AUTH and keys of rooms are nowhere',
    ['C: PASS hunter2', 'C: OPER ann hunter2', 'C: AUTH ann hunter2', 'C: JOIN #x hunter2'],
    { kind: 'room.join', ...client, ...inRoom('#x'), state: 'requested' },
  ),
  row(
    'NUL is left out, a lone CR ends a line',
    ['C: PRIVMSG bob :se\0cret', 'C: PRIVMSG bob :a\rPRIVMSG bob :b'],
    { anomaly: 'irc-nul' },
    said('secret', { ...client, to: ['bob'], ...direct, anomalies: ['irc-nul'] }),
    { anomaly: 'irc-lone-cr' },
    said('a', { ...client, to: ['bob'], ...direct, anomalies: ['irc-lone-cr'] }),
    said('b', { ...client, to: ['bob'], ...direct }),
  ),
  row(
    'unknown commands; what is no command at all',
    [
      'C: frobnicate secret',
      'C: \x16\x03\x01',
      'C: :onlysource',
      'S: :irc.example 999 ann :numeric',
    ],
    { kind: 'app.unknown', ...client, reason: 'FROBNICATE' },
    { anomaly: 'irc-bad-command' },
    { anomaly: 'irc-bad-command' },
  ),
];

const TIME = 'time=2025-01-31T12:00:00.000Z';

export const TAGGED: readonly Row[] = [
  row(
    'tags: identifier and reply; time only of old messages',
    [
      `S: @${TIME};account=carol;msgid=m\\:1;+note=a\\sb\\:c :carol!c@h.example PRIVMSG #ops :hello world`,
      'C: @+draft/reply=m1 PRIVMSG #ops :yes',
    ],
    said('hello world', { ...server, from: 'carol', ...inRoom('#ops'), messageId: 'm;1' }),
    said('yes', { ...client, ...inRoom('#ops'), refersTo: 'm1' }),
  ),
  row(
    'own words from the server are echoes, or of a twin behind a bouncer',
    [
      'S: :ann!a@h PRIVMSG #x :a',
      'S: :irc.example CAP ann ACK :znc.in/self-message',
      'S: :ANN!a@h PRIVMSG bob :b',
    ],
    said('a', { ...server, from: ME, ...inRoom('#x'), copy: 'echo' }),
    said('b', { ...server, from: 'ANN', to: ['bob'], ...direct, copy: 'carbon' }),
  ),
  row(
    'history, also in a nested batch',
    [
      'S: :s BATCH +1 chathistory #x',
      `S: @batch=1;${TIME};msgid=h1 :bob!b@h PRIVMSG #x :old`,
      'S: @batch=1 BATCH +2 other',
      'S: @batch=2 :bob!b@h PRIVMSG #x :older',
      'S: BATCH -2',
      'S: BATCH -1',
      'S: @batch=1 :bob!b@h PRIVMSG #x :live',
    ],
    said('old', {
      ...server,
      from: 'bob',
      ...inRoom('#x'),
      messageId: 'h1',
      copy: 'history',
      sentAt: '2025-01-31T12:00:00.000Z',
    }),
    said('older', { ...server, from: 'bob', ...inRoom('#x'), copy: 'history' }),
    said('live', { ...server, from: 'bob', ...inRoom('#x') }),
  ),
  row(
    'a multiline batch is one message',
    [
      'C: @msgid=x BATCH +m draft/multiline #x',
      'C: @batch=m PRIVMSG #x :fal',
      'C: @batch=m;draft/multiline-concat PRIVMSG #x :con',
      'C: @batch=m PRIVMSG #x :two',
      'C: BATCH -m',
    ],
    said('falcon\ntwo', { ...client, ...inRoom('#x'), messageId: 'x' }),
  ),
  row(
    'TAGMSG types and reacts, REDACT takes back',
    [
      'C: @+typing=active TAGMSG bob',
      'S: @+draft/react=\xf0\x9f\x91\x8d;+draft/reply=m1 :bob!b@h TAGMSG #x',
      'S: :bob!b@h REDACT #x m1 :oops',
      'C: @other=1 TAGMSG bob',
    ],
    { kind: 'typing', ...client, to: ['bob'], ...direct, state: 'composing' },
    said('👍', { ...server, from: 'bob', ...inRoom('#x'), refersTo: 'm1' }),
    {
      kind: 'message.delete',
      ...server,
      from: 'bob',
      ...inRoom('#x'),
      refersTo: 'm1',
      reason: 'oops',
    },
  ),
  row(
    'identify-msg puts a mark before what users say, not servers',
    [
      'S: :s CAP ann ACK :identify-msg',
      'S: :bob!b@h PRIVMSG ann :++1',
      'S: :bob!b@h PRIVMSG ann :-\x01ACTION waves\x01',
      'S: :irc.example NOTICE ann :+mode',
      'C: PRIVMSG bob :+1',
    ],
    said('+1', { ...server, from: 'bob', to: [ME], ...direct }),
    said('waves', { ...server, from: 'bob', to: [ME], form: 'action', ...direct }),
    said('+mode', { ...server, from: 'irc.example', to: [ME], form: 'notice', route: 'service' }),
    said('+1', { ...client, to: ['bob'], ...direct }),
  ),
];

const requested = { state: 'requested' };

export const ROOMS: readonly Row[] = [
  row(
    'joins: asked for, granted, others, extended-join, refused, 0',
    [
      'C: JOIN #a,#b key',
      'S: :ann!a@h JOIN :#a',
      'S: :bob!b@h JOIN #a bobs :Bob Real',
      'S: :irc.example 474 ann #b :Cannot join channel (+b)',
      'C: JOIN 0',
      'C: JOIN :',
    ],
    { kind: 'room.join', ...client, ...inRoom('#a'), ...requested },
    { kind: 'room.join', ...client, ...inRoom('#b'), ...requested },
    { kind: 'room.join', ...server, from: ME, ...inRoom('#a') },
    { kind: 'room.join', ...server, from: 'bob', ...inRoom('#a'), name: 'Bob Real' },
  ),
  row(
    'parts and kicks',
    [
      'C: PART #a,#b :bye',
      'S: :bob!b@h PART #a',
      'C: KICK #a bob,carl :why',
      'S: :op!o@h KICK #a ann :noise',
    ],
    { kind: 'room.leave', ...client, ...inRoom('#a'), ...requested, reason: 'bye' },
    { kind: 'room.leave', ...client, ...inRoom('#b'), ...requested, reason: 'bye' },
    { kind: 'room.leave', ...server, from: 'bob', ...inRoom('#a') },
    { kind: 'room.kick', ...client, to: ['bob'], ...inRoom('#a'), ...requested, reason: 'why' },
    { kind: 'room.kick', ...client, to: ['carl'], ...inRoom('#a'), ...requested, reason: 'why' },
    { kind: 'room.kick', ...server, from: 'op', to: [ME], ...inRoom('#a'), reason: 'noise' },
  ),
  row(
    'topics: set, told, asked for, cleared',
    [
      'C: TOPIC #a :new',
      'S: :bob!b@h TOPIC #a :\x02newer',
      'S: :irc.example 332 ann #a :newest',
      'C: TOPIC #a',
      'C: TOPIC #a :',
    ],
    { kind: 'room.topic', ...client, ...inRoom('#a'), ...requested, text: 'new' },
    {
      kind: 'room.topic',
      ...server,
      from: 'bob',
      ...inRoom('#a'),
      text: 'newer',
      markup: '\x02newer',
    },
    { kind: 'room.topic', ...server, ...inRoom('#a'), text: 'newest' },
    { kind: 'room.topic', ...client, ...inRoom('#a'), ...requested },
  ),
  row(
    'invitations and knocks',
    [
      'C: INVITE bob #a',
      'S: :irc.example 341 ann bob #a',
      'S: :bob!b@h INVITE ann :#b',
      'C: KNOCK #c :please',
    ],
    { kind: 'room.invite', ...client, to: ['bob'], ...inRoom('#a') },
    { kind: 'room.invite', ...server, from: ME, to: ['bob'], ...inRoom('#a'), copy: 'echo' },
    { kind: 'room.invite', ...server, from: 'bob', to: [ME], ...inRoom('#b') },
    { kind: 'room.join', ...client, ...inRoom('#c'), state: 'knocking', reason: 'please' },
  ),
];

const contact = (kind: string, nick: string): Heard => ({ kind, ...client, contact: nick });
const presence = (from: string, more: Heard): Heard => ({
  kind: 'presence',
  ...server,
  from,
  ...more,
});

export const PRESENCE: readonly Row[] = [
  row(
    'away: own, confirmed, of others',
    [
      'C: AWAY :lunch',
      'S: :s 306 ann :You have been marked',
      'C: AWAY',
      'S: :s 305 ann :You are no longer',
      'S: :s 301 ann bob :ashore',
      'S: :bob!b@h AWAY',
      'S: :s 306 ann :again, from elsewhere',
    ],
    { kind: 'presence', ...client, state: 'away', status: 'lunch' },
    { kind: 'presence', ...client, state: 'available' },
    presence('bob', { state: 'away', status: 'ashore' }),
    presence('bob', { state: 'available' }),
    presence(ME, { state: 'away' }),
  ),
  row(
    'nick changes; one is the own',
    [
      'S: :bob!b@h NICK :rob',
      'C: NICK ann2',
      'S: :ann!a@h NICK ann2',
      'C: PRIVMSG rob :hi',
      'S: :rob!b@h QUIT :gone',
    ],
    presence('bob', { state: 'renamed', name: 'rob' }),
    { ...presence(ME, { state: 'renamed', name: 'ann2' }), account: 'ann2' },
    said('hi', { origin: 'client', account: 'ann2', from: 'ann2', to: ['rob'], ...direct }),
    { ...presence('rob', { state: 'offline', reason: 'gone' }), account: 'ann2' },
  ),
  row(
    'ISON says a contact once and only changes',
    [
      'C: ISON bob carl',
      'S: :s 303 ann :Bob',
      'C: ISON bob carl',
      'S: :s 303 ann :',
      'S: :s 303 ann :',
    ],
    contact('contact.list', 'bob'),
    contact('contact.list', 'carl'),
    presence('Bob', { state: 'available' }),
    presence('bob', { state: 'offline' }),
  ),
  row(
    'MONITOR and WATCH',
    [
      'C: MONITOR + bob,carl',
      'S: :s 730 ann :bob!b@h,carl!c@h',
      'S: :s 731 ann :bob',
      'C: MONITOR - bob',
      'C: MONITOR C',
      'C: WATCH +dan -eve',
      'S: :s 604 ann dan d h 0 :is online',
      'S: :s 601 ann dan d h 0 :logged off',
    ],
    contact('contact.add', 'bob'),
    contact('contact.add', 'carl'),
    presence('bob', { state: 'available' }),
    presence('carl', { state: 'available' }),
    presence('bob', { state: 'offline' }),
    contact('contact.remove', 'bob'),
    contact('contact.remove', 'carl'),
    contact('contact.add', 'dan'),
    contact('contact.remove', 'eve'),
    presence('dan', { state: 'available' }),
    presence('dan', { state: 'offline' }),
  ),
];

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
      { ...SIGNED_IN, account: 'Ann_', from: 'Ann_' },
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
