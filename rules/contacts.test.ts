/** Who is known, who is internal, who is in a list: the sequences that decide it. */
import { describe, expect, test } from 'vitest';
import { ImEvent } from '../src/event/event.ts';
import type { EventKind } from '../src/event/kinds.ts';
import { rulesFromText } from './load.ts';
import { formatDiagnostic } from './source/diagnostic.ts';

const ME = 'alice@corp.example';
const STRANGER = 'mallory@else.example';
const ROOM = 'lab@rooms.example';

function load(text: string) {
  const { rules, diagnostics } = rulesFromText(`sallyport: 1\n${text}`);
  if (rules === undefined) throw new Error(diagnostics.map(formatDiagnostic).join('\n'));
  return (event: ImEvent) => rules.judge(event).action;
}

function make(kind: EventKind, fields: Partial<ImEvent>): ImEvent {
  const base = { service: 'xmpp', protocol: 'xmpp', account: ME };
  return Object.assign(new ImEvent(kind), base, fields);
}

const server = (kind: EventKind, fields: Partial<ImEvent> = {}) =>
  make(kind, { origin: 'server', from: STRANGER, to: [ME], ...fields });
const client = (kind: EventKind, fields: Partial<ImEvent> = {}) =>
  make(kind, { origin: 'client', from: ME, to: [STRANGER], ...fields });
const about = { contact: STRANGER };

const SHIELD = `rules:
  - { id: requests, on: contact.request, if: { origin: server, contact.known: false }, then: hold }
  - { id: strangers, on: [message, file.offer, call.offer, room.invite], if: { origin: server, contact.known: false }, then: drop }`;

describe('from stranger to contact', () => {
  test('request held, first message stopped, answered, then known', () => {
    const judge = load(SHIELD);
    expect(judge(server('contact.request', about))).toBe('hold');
    expect(judge(server('message', { text: 'hi' }))).toBe('drop');
    expect(judge(server('file.offer'))).toBe('drop');
    expect(judge(client('message', { text: 'who are you?' }))).toBe('pass');
    expect(judge(server('message', { text: 'me' }))).toBe('pass');
    expect(judge(server('file.offer'))).toBe('pass');
    expect(
      judge(server('message', { account: 'bob@corp.example', to: ['bob@corp.example'] })),
    ).toBe('drop');
    judge(client('contact.block', about));
    expect(judge(server('message'))).toBe('drop');
  });

  test.each<[string, ImEvent, boolean]>([
    ['the user approves', client('contact.approve', about), true],
    ['the user asks', client('contact.request', about), true],
    ['the user adds', client('contact.add', { ...about, list: 'roster' }), true],
    [
      'the list has it',
      server('contact.list', { ...about, list: 'roster', from: undefined }),
      true,
    ],
    [
      'the server tells what another device added',
      server('contact.add', { ...about, from: undefined }),
      true,
    ],
    ['it approves what nobody asked', server('contact.approve', about), false],
    ['it asks', server('contact.request', about), false],
    [
      'a third suggests it',
      server('contact.add', { ...about, from: 'eve@x.example', reason: 'suggested' }),
      false,
    ],
    ['it waits for an answer', server('contact.list', { ...about, list: 'pending' }), false],
    ['it has the user in its list', server('contact.list', { ...about, list: 'reverse' }), false],
    ['its presence is seen', server('presence', { state: 'available' }), false],
  ])('%s', (_how, before, known) => {
    const judge = load(SHIELD);
    judge(before);
    expect(judge(server('message'))).toBe(known ? 'pass' : 'drop');
  });

  test('a message that was stopped makes nobody known', () => {
    const judge = load(`${SHIELD}
  - { id: secrets, on: message, if: { origin: client, text: { contains: secret } }, then: drop }`);
    expect(judge(client('message', { text: 'secret' }))).toBe('drop');
    expect(judge(server('message'))).toBe('drop');
  });

  test('unknown-contact speaks of both ways: who is not approved is not written to either', () => {
    const judge = load('defaults: { unknown-contact: hold }');
    expect(judge(client('message'))).toBe('hold');
    expect(judge(server('message'))).toBe('hold');
    expect(judge(client('contact.approve', about))).toBe('pass');
    expect(judge(client('message'))).toBe('pass');
    expect(judge(server('message'))).toBe('pass');
  });

  test('of several recipients, all must be known', () => {
    const judge = load('rules: [{ id: a, on: message, if: { contact.known: false }, then: drop }]');
    judge(client('contact.add', about));
    expect(judge(client('message'))).toBe('pass');
    expect(judge(client('message', { to: [STRANGER, 'eve@x.example'] }))).toBe('drop');
  });
});

describe('rooms', () => {
  const talk = (fields: Partial<ImEvent> = {}) =>
    server('message', { room: ROOM, route: 'room', from: 'mallory', to: undefined, ...fields });

  test('what is said in a room that the user joined or wrote to is known', () => {
    for (const enter of [
      client('room.join', { room: ROOM, to: undefined }),
      client('message', { room: ROOM, route: 'room', to: undefined }),
    ]) {
      const judge = load(SHIELD);
      expect(judge(talk())).toBe('drop');
      judge(enter);
      expect(judge(talk())).toBe('pass');
      expect(judge(talk({ room: 'other@rooms.example' }))).toBe('drop');
      expect(judge(talk({ to: [ME] }))).toBe('drop'); // a private message through the room
      expect(judge(server('room.invite', { room: ROOM }))).toBe('drop');
    }
  });

  test('others who join make nothing known', () => {
    const judge = load(SHIELD);
    judge(server('room.join', { room: ROOM, from: 'mallory', to: undefined }));
    expect(judge(talk())).toBe('drop');
  });

  const TRUST = `ours: ['xmpp:*@corp.example', 'irc:ben']
lists: { trusted: { contacts: ['xmpp:*@partner.example', 'irc:carol'] }, blocked: { contacts: ['*@evil.example'] } }
rules:
  - { id: blocked, on: [message, room.invite], if: { peer: { in: blocked } }, then: reset }
  - { id: trusted, on: message, if: { any: [{ peer: { in: trusted } }, { from: { in: trusted } }] }, then: hold }
  - { id: internal, on: message, if: { boundary: internal }, then: hold }
  - { id: others, on: message, if: { peer: { not-in: trusted } }, then: drop }`;

  test.each([
    'bob@partner.example',
    'x/bob@partner.example',
    ME,
    'irc:ben',
    'irc:carol',
    'IRC:Carol',
  ])('a guest of an XMPP room cannot pass for another by the nick %s', (from) => {
    expect(load(TRUST)(talk({ from }))).toBe('drop');
  });

  test('where it is an address, it counts', () => {
    const judge = load(TRUST);
    expect(judge(server('message', { from: 'bob@partner.example' }))).toBe('hold');
    expect(
      judge(
        server('message', { from: ME, to: ['carol@corp.example'], account: 'carol@corp.example' }),
      ),
    ).toBe('hold');
    expect(judge(server('room.invite', { room: ROOM, from: 'eve@evil.example' }))).toBe('reset');
    expect(judge(talk({ protocol: 'irc', service: 'irc', room: '#lab', from: 'Carol' }))).toBe(
      'hold',
    );
    expect(judge(client('message', { to: ['bob@partner.example', 'eve@evil.example'] }))).toBe(
      'reset',
    );
  });
});
