/** A working day on OfficeNet over IRC, seen from Anna's link. Mallory is an outsider. */
import { actorAt, breathe, type Stage } from '../stage.ts';
import { type IrcCast, inRoom, noticed, privately } from './irc-cast.ts';
import { ircFiles } from './irc-files.ts';
import { IrcPerson } from './irc-person.ts';

export async function ircOffice(stage: Stage): Promise<void> {
  const anna = new IrcPerson(actorAt(stage, 0), 'Anna', 'Anna Lindqvist');
  const ben = new IrcPerson(actorAt(stage, 1), 'Ben', 'Ben Okafor');
  const mallory = new IrcPerson(actorAt(stage, 2), 'Mallory', '\u001b[31mnot\u001b[0m a colleague');
  const cast: IrcCast = { stage, anna, ben, mallory };
  for (const person of [ben, mallory]) await person.signIn();
  await ben.join('#office');
  await anna.signIn();
  stage.truth.add({ kind: 'session.login', account: 'Anna' });
  await anna.join('#office');
  stage.truth.add({ kind: 'room.join', room: '#office', from: 'Anna' });

  await room(cast);
  await company(cast);
  await ircFiles(cast);
  await visitor(cast);
  await partings(cast);
}

async function room(cast: IrcCast): Promise<void> {
  const { stage, anna, ben } = cast;
  await inRoom(cast, anna, '#office', 'morning everyone ☀️');
  await inRoom(cast, ben, '#office', 'hi Anna! coffee is ready');
  const topic = 'Spring fair: stand 12, hall B';
  await ben.do('topic', { room: '#office', text: topic });
  await anna.wait('TOPIC', topic);
  stage.truth.add({
    kind: 'room.topic',
    origin: 'server',
    room: '#office',
    from: 'Ben',
    text: topic,
  });
  await anna.do('action', { to: '#office', text: 'pours a cup & sits down' });
  await ben.wait('ACTION', 'pours');
  const action = { kind: 'message', origin: 'client', room: '#office', form: 'action' } as const;
  stage.truth.add({ ...action, text: 'pours a cup & sits down' });
  // mIRC formatting: bold, colour 4 on 8, reset. The text is what remains.
  const coloured = '\u0002Reminder:\u0002 the \u00034,8fire drill\u0003 is at 11:00\u000f!';
  await inRoom(cast, ben, '#office', coloured, 'Reminder: the fire drill is at 11:00!');
  await noticed(cast, ben, '#office', 'the printer is back');
  await anna.do('nick', { nick: 'Anna_L' });
  await ben.wait('NICK', 'Anna_L');
  anna.nick = 'Anna_L';
  await inRoom(cast, anna, '#office', 'so many Annas here, I added a letter');
  await ben.do('raw', { parts: ['AWAY', 'fixing the van'] });
  await ben.wait(' 306 ');
  await privately(cast, anna, ben, 'need a hand with the van?');
  await anna.wait(' 301 ', 'fixing the van');
  await privately(cast, ben, anna, 'all good, 5 minutes');
  await breathe();
}

async function company(cast: IrcCast): Promise<void> {
  const { anna, ben, mallory } = cast;
  await privately(cast, mallory, anna, 'hey, heard anything about the tender?');
  await privately(
    cast,
    anna,
    mallory,
    'project falcon ships in May, but you did not hear it from me',
  );
  await privately(cast, ben, anna, 'hotel card: 4111 1111 1111 1111');
  await privately(cast, anna, ben, 'and the IBAN is DE89370400440532013000');
  await inRoom(cast, ben, '#office', 'who parked on two spots? what an idiot');
  await privately(
    cast,
    mallory,
    anna,
    'look: \u001b[31mred\u001b[0m \u001b]0;owned\u0007 and \u001b[2J',
  );
  await privately(cast, mallory, anna, 'PRIVMSG #office :not a command, DCC SEND neither');
  await mallory.do('ctcp', { to: anna.nick, type: 'VERSION', parts: [] });
  await mallory.wait('NOTICE', 'VERSION');
}

/** Invited, unpleasant, removed. */
async function visitor(cast: IrcCast): Promise<void> {
  const { stage, anna, ben, mallory } = cast;
  const { truth } = stage;
  await ben.do('invite', { room: '#office', nick: mallory.nick });
  await mallory.wait('INVITE', '#office');
  await anna.join('#fair');
  truth.add({ kind: 'room.join', room: '#fair', from: anna.nick });
  await anna.do('invite', { room: '#fair', nick: mallory.nick });
  await mallory.wait('INVITE', '#fair');
  truth.add({ kind: 'room.invite', origin: 'client', room: '#fair', to: [mallory.nick] });
  await mallory.join('#fair');
  await anna.wait('JOIN', 'Mallory');
  truth.add({ kind: 'room.join', origin: 'server', room: '#fair', from: mallory.nick });
  await inRoom(cast, mallory, '#fair', 'Nice fair. Shame about the idiots who run it.', undefined, [
    anna,
  ]);
  await anna.do('raw', { parts: ['KICK', '#fair', mallory.nick, 'Be kind'] });
  await mallory.wait('KICK', '#fair');
  truth.add({ kind: 'room.kick', room: '#fair' });
  await breathe();
}

async function partings(cast: IrcCast): Promise<void> {
  const { stage, anna, ben, mallory } = cast;
  await inRoom(cast, anna, '#office', 'off to lunch 🍛');
  await anna.do('part', { room: '#fair', text: 'closing' });
  await anna.wait('PART', '#fair');
  stage.truth.add({ kind: 'room.leave', room: '#fair' });
  await anna.do('quit', { text: 'bye' });
  stage.truth.add({ kind: 'session.logout', account: anna.nick });
  await mallory.do('quit', { text: 'bye' });
  await ben.do('quit', { text: 'bye' });
}
