/** Test support: tags and batches and what must be heard of them. */
import { client, direct, inRoom, ME, type Row, row, said, server } from './rows.fixture.ts';

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
