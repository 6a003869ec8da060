/** Test support: presence and contacts and what must be heard of them. */
import type { Heard } from './irc.fixture.ts';
import { client, direct, ME, type Row, row, said, server } from './rows.fixture.ts';

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
