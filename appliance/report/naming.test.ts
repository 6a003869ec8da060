import { describe, expect, test } from 'vitest';
import { Directory } from '../../rules/directory/directory.ts';
import { namePeople } from '../../rules/directory/name-people.ts';
import { ImEvent } from '../../src/event/event.ts';
import { ConversationLog, linesOf } from './conversation-log.ts';
import { BY_PERSON } from './naming.ts';
import { PersonLog } from './person-log.ts';

const DIRECTORY = new Directory([
  {
    name: 'Alice Martin',
    department: undefined,
    groups: [],
    accounts: ['msn:alice@corp.example', 'yahoo:alice_m', 'aim:alicem'],
  },
  {
    name: 'Bob Smith',
    department: undefined,
    groups: [],
    accounts: ['msn:bob@corp.example', 'yahoo:bob'],
  },
]);

let minute = 0;
function said(service: string, from: string, to: string, origin: 'client' | 'server', text = 'x') {
  const event = new ImEvent('message');
  event.time = ++minute * 60e6;
  Object.assign(event, {
    service,
    from,
    to: [to],
    origin,
    text,
    account: origin === 'client' ? from : to,
  });
  namePeople(DIRECTORY, event);
  return event;
}

const DAY = [
  said('msn', 'alice@corp.example', 'bob@corp.example', 'client', 'on msn'),
  said('yahoo', 'bob', 'alice_m', 'server', 'on yahoo'),
  said('aim', 'stranger', 'alicem', 'server', 'who are you'),
  said('icq', '1', '2', 'client', 'unknown to us'),
];

test('events carry the people of both sides, where they are known', () => {
  expect(DAY.map(({ person, peers }) => [person, peers])).toEqual([
    ['Alice Martin', ['Bob Smith']],
    ['Alice Martin', ['Bob Smith']],
    ['Alice Martin', undefined],
    [undefined, undefined],
  ]);
});

test('several recipients, a contact, and a room', () => {
  const event = new ImEvent('message');
  Object.assign(event, {
    service: 'yahoo',
    origin: 'client',
    from: 'eve',
    to: ['bob', 'alice_m', 'x', 'bob'],
  });
  namePeople(DIRECTORY, event);
  expect(event.peers).toEqual(['Bob Smith', 'Alice Martin']);
  const added = new ImEvent('contact.add');
  Object.assign(added, {
    service: 'msn',
    account: 'Alice@Corp.example',
    contact: 'bob@corp.example',
  });
  namePeople(DIRECTORY, added);
  expect([added.person, added.peers]).toEqual(['Alice Martin', ['Bob Smith']]);
});

describe('by person', () => {
  const log = new ConversationLog((event) => event.text, BY_PERSON);
  for (const event of DAY) log.add(event);

  test('a conversation is one over all services; those of strangers are counted', () => {
    const [both, other, ...none] = log.shown(10);
    expect(none).toEqual([]);
    expect([...(both?.services ?? [])]).toEqual(['msn', 'yahoo']);
    expect([...(both?.parties ?? [])]).toEqual(['Alice Martin', 'Bob Smith']);
    expect(both && linesOf(both, 9).map(({ who, service, text }) => [who, service, text])).toEqual([
      ['Alice Martin', 'msn', 'on msn'],
      ['Bob Smith', 'yahoo', 'on yahoo'],
    ]);
    expect([...(other?.parties ?? [])]).toEqual(['aim:stranger', 'Alice Martin']);
    expect(log.ofOthers).toBe(1);
  });

  test('who did what', () => {
    const people = new PersonLog();
    for (const event of DAY) people.add(event);
    expect(
      people.entries.map(({ name, accounts, messagesSent, messagesReceived }) => [
        name,
        [...accounts],
        messagesSent,
        messagesReceived,
      ]),
    ).toEqual([
      ['Alice Martin', ['msn:alice@corp.example', 'yahoo:alice_m', 'aim:alicem'], 1, 2],
      ['Bob Smith', ['msn:bob@corp.example', 'yahoo:bob'], 1, 1],
    ]);
  });
});
