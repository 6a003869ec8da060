/** A chat room: Anna opens it, Ben joins, Dana is invited, misbehaves and is shown the door. */
import { breathe } from '../stage.ts';
import type { Cast } from './cast.ts';
import { escapeXml, nextId, type XmppPerson } from './xmpp-person.ts';

const room = 'planning@rooms.office.example';

export async function xmppRoom(cast: Cast): Promise<void> {
  const { stage, anna, ben, dana } = cast;
  const { truth } = stage;
  await enter(anna, 'Anna');
  truth.add({ kind: 'room.join', room, from: 'Anna' });
  const form = "<x xmlns='jabber:x:data' type='submit'/>";
  await anna.request(
    'set',
    room,
    `<query xmlns='http://jabber.org/protocol/muc#owner'>${form}</query>`,
  );
  const topic = 'Spring fair: stand 12, hall B';
  await anna.send(`<message type='groupchat' to='${room}'><subject>${topic}</subject></message>`);
  await anna.wait('<subject>Spring');
  truth.add({ kind: 'room.topic', origin: 'client', room, text: topic });
  await enter(ben, 'Ben');
  await anna.wait('<presence', `${room}/Ben`);
  truth.add({ kind: 'room.join', origin: 'server', room, from: 'Ben' });
  await say(cast, anna, 'Anna', 'Welcome! Who brings the banners?');
  await say(cast, ben, 'Ben', 'I do. They fit in the van 🚐');

  const invite = `<invite to='${dana.bare}'><reason>Come and plan with us</reason></invite>`;
  const muc = 'http://jabber.org/protocol/muc#user';
  await anna.send(
    `<message to='${room}' id='${nextId('i')}'><x xmlns='${muc}'>${invite}</x></message>`,
  );
  await dana.wait('<invite', room);
  truth.add({ kind: 'room.invite', origin: 'client', room, to: [dana.bare] });
  await enter(dana, 'Dana');
  await anna.wait('<presence', `${room}/Dana`);
  truth.add({ kind: 'room.join', origin: 'server', room, from: 'Dana' });
  await say(cast, dana, 'Dana', 'Stand 12 again? Whoever booked that is an idiot.');
  await say(cast, anna, 'Anna', 'Dana, that is enough.');
  const kick = "<item nick='Dana' role='none'><reason>Be kind</reason></item>";
  await anna.request(
    'set',
    room,
    `<query xmlns='http://jabber.org/protocol/muc#admin'>${kick}</query>`,
  );
  await dana.wait('unavailable', room, '307');
  truth.add({ kind: 'room.kick', room });
  await say(cast, ben, 'Ben', 'Quieter now. See you on Thursday?');
  await anna.send(`<presence type='unavailable' to='${room}/Anna'/>`);
  await anna.wait('unavailable', `${room}/Anna`);
  truth.add({ kind: 'room.leave', room });
  await breathe();
}

async function enter(person: XmppPerson, nick: string): Promise<void> {
  const join = "<x xmlns='http://jabber.org/protocol/muc'/>";
  await person.send(`<presence to='${room}/${nick}'>${join}</presence>`);
  await person.wait('<presence', `${room}/${nick}`, '110');
}

async function say(cast: Cast, person: XmppPerson, from: string, text: string): Promise<void> {
  const id = nextId('r');
  const body = `<body>${escapeXml(text)}</body>`;
  await person.send(`<message type='groupchat' to='${room}' id='${id}'>${body}</message>`);
  await person.wait(`id="${id}"`);
  const captured = person === cast.anna;
  if (!captured) await cast.anna.wait(`id="${id}"`);
  const origin = captured ? 'client' : 'server';
  // The room nick of what Anna sends is only known from her joining.
  const who = captured ? {} : { from };
  cast.stage.truth.add({ kind: 'message', origin, room, ...who, text });
  await breathe();
}
