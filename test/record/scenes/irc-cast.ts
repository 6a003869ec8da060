/** Who plays in the IRC scene, and how they talk. */
import { breathe, type Stage } from '../stage.ts';
import type { IrcPerson } from './irc-person.ts';

export interface IrcCast {
  readonly stage: Stage;
  /** Captured. */
  readonly anna: IrcPerson;
  readonly ben: IrcPerson;
  readonly mallory: IrcPerson;
}

/** Sends to a room; resolves when the others have it. `shown` is the text without formatting. */
export async function inRoom(
  { stage, anna, ben }: IrcCast,
  from: IrcPerson,
  room: string,
  text: string,
  shown = text,
  hearers: readonly IrcPerson[] = [from === anna ? ben : anna],
): Promise<void> {
  await from.do('say', { to: room, text });
  for (const hearer of hearers) await hearer.wait('PRIVMSG', room, text);
  const origin = from === anna ? 'client' : 'server';
  stage.truth.add({ kind: 'message', origin, from: from.nick, room, text: shown });
  await breathe();
}

export async function noticed(
  { stage, anna }: IrcCast,
  from: IrcPerson,
  room: string,
  text: string,
): Promise<void> {
  await from.do('notice', { to: room, text });
  await anna.wait('NOTICE', text);
  const form = 'notice';
  stage.truth.add({ kind: 'message', origin: 'server', from: from.nick, room, form, text });
  await breathe();
}

export async function privately(
  { stage, anna }: IrcCast,
  from: IrcPerson,
  to: IrcPerson,
  text: string,
): Promise<void> {
  await from.do('say', { to: to.nick, text });
  await to.wait('PRIVMSG', text);
  const origin = from === anna ? 'client' : 'server';
  stage.truth.add({ kind: 'message', origin, from: from.nick, to: [to.nick], text });
  await breathe();
}
