/** Test support: rooms and what must be heard of them. */
import { client, inRoom, ME, type Row, row, server } from './rows.fixture.ts';

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
