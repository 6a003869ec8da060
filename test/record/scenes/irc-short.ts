/** A few lines over IPv6: for other link types and capture formats, and for the system tests. */
import { serverAddress6 } from '../lab/network.ts';
import { actorAt, type Stage } from '../stage.ts';
import { type IrcCast, inRoom, privately } from './irc-cast.ts';
import { IrcPerson } from './irc-person.ts';

export async function ircShort(stage: Stage): Promise<void> {
  const anna = new IrcPerson(actorAt(stage, 0), 'Anna', 'Anna Lindqvist');
  const ben = new IrcPerson(actorAt(stage, 1), 'Ben', 'Ben Okafor');
  const cast: IrcCast = { stage, anna, ben, mallory: ben };
  for (const person of [ben, anna]) {
    await person.signIn(serverAddress6);
    await person.join('#office');
  }
  stage.truth.add({ kind: 'session.login', account: 'Anna' });
  await inRoom(cast, anna, '#office', 'anyone still here?');
  await inRoom(cast, ben, '#office', 'only me and the plants 🪴');
  await privately(cast, anna, ben, 'water them, please');
  await privately(cast, ben, anna, 'done');
  await anna.do('quit', { text: 'bye' });
  stage.truth.add({ kind: 'session.logout', account: 'Anna' });
  await ben.do('quit', { text: 'bye' });
}
