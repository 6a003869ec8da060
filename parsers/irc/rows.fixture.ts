/** Test support: what the tables of conversations are written in. */
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
  status: 'Ann',
};

export const client = { origin: 'client', account: ME, from: ME };
export const server = { origin: 'server', account: ME };
export const direct = { route: 'direct' };
export const inRoom = (room: string) => ({ room, route: 'room' });
export const row = (name: string, turns: readonly string[], ...want: readonly Heard[]): Row => {
  return { name, turns: [...LOGIN, ...turns], want: [SIGNED_IN, ...want] };
};
export const said = (text: string, more: Heard): Heard => ({ kind: 'message', text, ...more });
