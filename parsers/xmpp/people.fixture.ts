/** Test support: presence, contact lists and rooms, and what must be heard of them. */
import { direct, mine, type Row, theirs } from './xmpp.fixture.ts';

const ROOM = 'den@rooms.example.org';
const inRoom = { room: ROOM, route: 'room' };
const MUC = 'http://jabber.org/protocol/muc';
const here = (nick: string, more = '') =>
  `<presence from='${ROOM}/${nick}' to='ann@example.org/desk'><x xmlns='${MUC}#user'><item role='participant' affiliation='none'/>${more}</x></presence>`;
const gone = (nick: string, more: string, item = '') =>
  `<presence type='unavailable' from='${ROOM}/${nick}' to='ann@example.org/desk'><x xmlns='${MUC}#user'><item role='none'${item}/>${more}</x></presence>`;
const own = { origin: 'client', account: 'ann@example.org', from: 'Ann' };
const list = { ...theirs, from: 'ann@example.org' };
const roster = (type: string, items: string, from = 'ann@example.org') =>
  `S: <iq type='${type}' id='q' from='${from}' to='ann@example.org/desk'><query xmlns='jabber:iq:roster'>${items}</query></iq>`;

export const PEOPLE: readonly Row[] = [
  {
    name: 'presence, own and a contact’s',
    turns: [
      'C: <presence><show>away</show><status>lunch</status></presence>',
      "S: <presence from='ann@example.org/desk' to='ann@example.org/desk'><show>away</show></presence>",
      "S: <presence type='unavailable' from='bob@example.net/home' to='ann@example.org/desk'/>",
    ],
    want: [
      { kind: 'presence', ...mine, state: 'away', status: 'lunch' },
      {
        kind: 'presence',
        ...list,
        fromResource: 'desk',
        to: ['ann@example.org'],
        state: 'away',
        copy: 'echo',
      },
      {
        kind: 'presence',
        ...theirs,
        from: 'bob@example.net',
        fromResource: 'home',
        to: ['ann@example.org'],
        state: 'unavailable',
      },
    ],
  },
  {
    name: 'subscriptions, both ways',
    turns: [
      "C: <presence type='subscribe' to='bob@example.net'><status>hi, I am Ann</status></presence>",
      "S: <presence type='subscribed' from='bob@example.net' to='ann@example.org'/>",
      "S: <presence type='subscribe' from='eve@example.com' to='ann@example.org'><nick xmlns='http://jabber.org/protocol/nick'>Eve</nick></presence>",
      "C: <presence type='unsubscribed' to='eve@example.com'/>",
    ],
    want: [
      {
        kind: 'contact.request',
        ...mine,
        to: ['bob@example.net'],
        contact: 'bob@example.net',
        text: 'hi, I am Ann',
        status: 'hi, I am Ann',
        ...direct,
      },
      {
        kind: 'contact.approve',
        ...theirs,
        from: 'bob@example.net',
        to: ['ann@example.org'],
        contact: 'bob@example.net',
        ...direct,
      },
      {
        kind: 'contact.request',
        ...theirs,
        from: 'eve@example.com',
        to: ['ann@example.org'],
        contact: 'eve@example.com',
        name: 'Eve',
        ...direct,
      },
      {
        kind: 'contact.deny',
        ...mine,
        to: ['eve@example.com'],
        contact: 'eve@example.com',
        ...direct,
      },
    ],
  },
  {
    name: 'the roster, changes to it, and their echo',
    turns: [
      roster(
        'result',
        "<item jid='Bob@example.net' name='B' subscription='both'><group>g</group></item><item jid='c@x'/>",
      ),
      "C: <iq type='set' id='s'><query xmlns='jabber:iq:roster'><item jid='d@x' name='D'/></query></iq>",
      roster('set', "<item jid='d@x' name='D' subscription='none'/>"),
      roster('set', "<item jid='c@x' subscription='remove'/>"),
      roster('set', "<item jid='forged@x'/>", 'eve@example.com/x'),
      roster('result', "<item jid='forged@x'/>", 'eve@example.com/x'),
    ],
    want: [
      {
        kind: 'contact.list',
        ...list,
        contact: 'bob@example.net',
        list: 'roster',
        name: 'B',
        groups: ['g'],
        subscription: 'both',
      },
      { kind: 'contact.list', ...list, contact: 'c@x', list: 'roster' },
      { kind: 'contact.add', ...mine, contact: 'd@x', list: 'roster', name: 'D' },
      {
        kind: 'contact.add',
        ...list,
        contact: 'd@x',
        list: 'roster',
        name: 'D',
        subscription: 'none',
        copy: 'echo',
      },
      { kind: 'contact.remove', ...list, contact: 'c@x', list: 'roster' },
    ],
  },
  {
    name: 'blocking and privacy lists',
    turns: [
      "C: <iq type='set' id='1'><block xmlns='urn:xmpp:blocking'><item jid='eve@example.com'/></block></iq>",
      "C: <iq type='set' id='2'><unblock xmlns='urn:xmpp:blocking'/></iq>",
      "C: <iq type='set' id='3'><query xmlns='jabber:iq:privacy'><list name='l'><item type='jid' value='eve@example.com' action='deny' order='1'/></list></query></iq>",
    ],
    want: [
      { kind: 'contact.block', ...mine, contact: 'eve@example.com', list: 'block' },
      { kind: 'contact.unblock', ...mine, list: 'block' },
      { kind: 'contact.block', ...mine, contact: 'eve@example.com', list: 'block' },
    ],
  },
  {
    name: 'contacts a peer suggests',
    turns: [
      "S: <message from='bob@example.net/home' to='ann@example.org'><x xmlns='http://jabber.org/protocol/rosterx'><item action='add' jid='eve@example.com' name='Eve'/></x></message>",
    ],
    want: [
      {
        kind: 'contact.add',
        ...theirs,
        from: 'bob@example.net',
        fromResource: 'home',
        to: ['ann@example.org'],
        contact: 'eve@example.com',
        list: 'roster',
        name: 'Eve',
        reason: 'suggested',
      },
    ],
  },
  {
    name: 'a room: joining, talk, private talk, nicks, kicks, leaving',
    turns: [
      `C: <presence to='${ROOM}/Ann'><x xmlns='${MUC}'/></presence>`,
      `S: ${here('Bob')}${here('Ann', "<status code='110'/>")}`,
      `S: <message type='groupchat' from='${ROOM}/Bob' to='ann@example.org/desk'><body>before</body><delay xmlns='urn:xmpp:delay' stamp='2026-01-02T03:04:05Z'/></message>`,
      `S: <message type='groupchat' from='${ROOM}/Bob' to='ann@example.org/desk'><subject>old topic</subject></message>`,
      `S: ${here('Carl')}`,
      `C: <message type='groupchat' to='${ROOM}' id='g'><body>hello all</body></message>`,
      `S: <message type='groupchat' from='${ROOM}/Ann' to='ann@example.org/desk' id='g'><body>hello all</body></message>`,
      `C: <message type='chat' to='${ROOM}/Bob'><body>psst</body><x xmlns='${MUC}#user'/></message>`,
      `S: <message type='chat' from='${ROOM}/Bob' to='ann@example.org/desk'><body>what</body></message>`,
      `S: ${gone('Carl', "<status code='303'/>", " nick='Karl'")}${here('Karl')}`,
      `C: <iq type='set' to='${ROOM}' id='k'><query xmlns='${MUC}#admin'><item nick='Karl' role='none'><reason>out</reason></item></query></iq>`,
      `S: <presence type='unavailable' from='${ROOM}/Karl' to='ann@example.org/desk'><x xmlns='${MUC}#user'><item role='none' jid='carl@example.net/x'><actor nick='Ann'/><reason>out</reason></item><status code='307'/></x></presence>`,
      `C: <presence type='unavailable' to='${ROOM}/Ann'/>`,
      `S: ${gone('Ann', "<status code='110'/>")}`,
    ],
    want: [
      { kind: 'room.join', ...own, ...inRoom },
      { kind: 'room.join', ...theirs, from: 'Bob', ...inRoom, copy: 'history' },
      { kind: 'room.join', ...theirs, from: 'Ann', ...inRoom, copy: 'echo' },
      {
        kind: 'message',
        ...theirs,
        from: 'Bob',
        ...inRoom,
        text: 'before',
        copy: 'history',
        sentAt: '2026-01-02T03:04:05Z',
      },
      {
        kind: 'room.topic',
        ...theirs,
        from: 'Bob',
        ...inRoom,
        text: 'old topic',
        copy: 'history',
      },
      { kind: 'room.join', ...theirs, from: 'Carl', ...inRoom },
      { kind: 'message', ...own, ...inRoom, text: 'hello all', messageId: 'g' },
      {
        kind: 'message',
        ...theirs,
        from: 'Ann',
        ...inRoom,
        text: 'hello all',
        messageId: 'g',
        copy: 'echo',
      },
      { kind: 'message', ...own, to: ['Bob'], ...inRoom, route: 'direct', text: 'psst' },
      {
        kind: 'message',
        ...theirs,
        from: 'Bob',
        to: ['ann@example.org'],
        ...inRoom,
        route: 'direct',
        text: 'what',
      },
      {
        kind: 'presence',
        ...theirs,
        from: 'Carl',
        ...inRoom,
        state: 'renamed',
        name: 'Karl',
      },
      { kind: 'presence', ...theirs, from: 'Karl', ...inRoom, state: 'available' },
      {
        kind: 'room.kick',
        ...own,
        to: ['Karl'],
        ...inRoom,
        state: 'kicked',
        reason: 'out',
      },
      {
        kind: 'room.kick',
        ...theirs,
        from: 'Ann',
        to: ['Karl'],
        contact: 'carl@example.net',
        ...inRoom,
        state: 'kicked',
        reason: 'out',
        copy: 'echo',
      },
      { kind: 'room.leave', ...own, ...inRoom },
      { kind: 'room.leave', ...theirs, from: 'Ann', ...inRoom, copy: 'echo' },
    ],
  },
  {
    name: 'invitations: mediated, direct, declined',
    turns: [
      `C: <message to='${ROOM}'><x xmlns='${MUC}#user'><invite to='bob@example.net'><reason>come</reason></invite></x></message>`,
      `S: <message from='${ROOM}' to='ann@example.org'><x xmlns='${MUC}#user'><invite from='eve@example.com/x'/></x><x xmlns='jabber:x:conference' jid='${ROOM}'/></message>`,
      `S: <message from='bob@example.net/home' to='ann@example.org'><x xmlns='jabber:x:conference' jid='${ROOM}' reason='r'/></message>`,
      `C: <message to='${ROOM}'><x xmlns='${MUC}#user'><decline to='eve@example.com'/></x></message>`,
    ],
    want: [
      { kind: 'room.invite', ...mine, to: ['bob@example.net'], ...inRoom, reason: 'come' },
      {
        kind: 'room.invite',
        ...theirs,
        from: 'eve@example.com',
        fromResource: 'x',
        to: ['ann@example.org'],
        ...inRoom,
      },
      {
        kind: 'room.invite',
        ...theirs,
        from: 'bob@example.net',
        fromResource: 'home',
        to: ['ann@example.org'],
        room: ROOM,
        ...direct,
        reason: 'r',
      },
      { kind: 'room.decline', ...mine, to: ['eve@example.com'], ...inRoom },
    ],
  },
];
