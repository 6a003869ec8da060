/** A working day at office.example over XMPP, seen from Anna's desk. */
import { actorAt, breathe, type Stage } from '../stage.ts';
import { type Cast, chat } from './cast.ts';
import { xmppContacts } from './xmpp-contacts.ts';
import { xmppFiles } from './xmpp-files.ts';
import { escapeXml, nextId, XmppPerson } from './xmpp-person.ts';
import { xmppRoom } from './xmpp-room.ts';

export async function xmppOffice(stage: Stage): Promise<void> {
  const office = 'office.example';
  const annasDesk = { user: 'anna', domain: office, resource: 'desk', mechanism: 'PLAIN' };
  const anna = new XmppPerson(actorAt(stage, 0), annasDesk);
  const ben = new XmppPerson(actorAt(stage, 1), { user: 'ben', domain: office, resource: 'van' });
  const danasAccount = { user: 'dana', domain: 'partner.example', resource: 'laptop' };
  const dana = new XmppPerson(actorAt(stage, 2), danasAccount);
  const cast: Cast = { stage, anna, ben, dana };
  for (const person of [ben, dana]) {
    await person.signIn();
    // Subscription answers only reach clients that asked for their roster (RFC 6121, 3.1.6).
    await person.request('get', undefined, "<query xmlns='jabber:iq:roster'/>");
    await person.send('<presence/>');
  }
  await anna.signIn();
  stage.truth.add({ kind: 'session.login', account: anna.bare });
  await anna.request('get', undefined, "<query xmlns='jabber:iq:roster'/>");
  await anna.request('set', undefined, "<enable xmlns='urn:xmpp:carbons:2'/>");
  await anna.send('<presence><show>chat</show><status>At my desk ☕</status></presence>');

  await xmppContacts(cast);
  await smallTalk(cast);
  await companyTalk(cast);
  await xmppRoom(cast);
  await xmppFiles(cast);
  await copies(cast);
  await partings(cast);
}

/** A stanza without text between Anna and somebody: typing, a receipt. */
async function signal(cast: Cast, from: XmppPerson, to: XmppPerson, kind: string, inner: string) {
  const id = nextId('s');
  await from.send(`<message to='${to.bare}' type='chat' id='${id}'>${inner}</message>`);
  await to.wait(`id="${id}"`);
  const origin = from === cast.anna ? 'client' : 'server';
  cast.stage.truth.add({ kind, origin, from: from.bare, to: [to.bare] });
  await breathe(30);
}

const composing = "<composing xmlns='http://jabber.org/protocol/chatstates'/>";
const active = "<active xmlns='http://jabber.org/protocol/chatstates'/>";
const wantsReceipt = "<request xmlns='urn:xmpp:receipts'/>";

async function smallTalk(cast: Cast): Promise<void> {
  const { anna, ben, stage } = cast;
  await chat(cast, anna, ben, 'Good morning Ben! Did you find a parking spot?', active);
  await signal(cast, ben, anna, 'typing', composing);
  await chat(cast, ben, anna, 'Morning 🙂 yes, right behind the bakery 🥐', active);
  const asked = await chat(cast, anna, ben, 'Lunch at half past twelve?', active + wantsReceipt);
  const received = `<received xmlns='urn:xmpp:receipts' id='${asked}'/>`;
  await signal(cast, ben, anna, 'message.receipt', received);
  const replace = `<replace xmlns='urn:xmpp:message-correct:0' id='${asked}'/>`;
  const text = 'Lunch at a quarter to one?';
  await anna.tell(ben, text, replace);
  stage.truth.add({
    kind: 'message.edit',
    origin: 'client',
    from: anna.bare,
    to: [ben.bare],
    text,
  });
  const xhtml =
    "<html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'>" +
    "<p>Sure, <strong>curry</strong> &amp; <a href='https://menu.example/?a=1&amp;b=2'>the menu</a></p></body></html>";
  await chat(cast, ben, anna, 'Sure, curry & the menu', xhtml);
  await chat(cast, ben, anna, 'x < y && "quoted" — naïve café, Übergröße, 日本語, עברית, 👩‍👩‍👧');
  await chat(cast, anna, ben, 'First line\nsecond line\n\ttabbed third');
}

async function companyTalk(cast: Cast): Promise<void> {
  const { anna, ben, dana } = cast;
  await chat(cast, dana, anna, 'Hi Anna, any news on the tender?');
  await chat(cast, anna, dana, 'Not yet, but project falcon ships in May. Keep it to yourself!');
  await chat(cast, ben, anna, 'Card for the hotel: 4111 1111 1111 1111, valid thru 12/28');
  await chat(cast, anna, dana, 'Please pay to IBAN DE89 3704 0044 0532 0130 00, thanks');
  await chat(cast, ben, anna, 'The driver took the wrong exit again, what an idiot.');
  // Right-to-left override: shows as …fdp.exe in a careless console.
  await chat(cast, dana, anna, 'Did you open \u202Efdp.exe yet? <script>alert(1)</script>');
}

/** Carbons of another device, and the archive: repeats, to be marked and not counted twice. */
async function copies(cast: Cast): Promise<void> {
  const { stage, anna, ben } = cast;
  const account = { user: 'anna', domain: 'office.example', resource: 'phone' };
  const phone = new XmppPerson(actorAt(stage, 1), account);
  await phone.signIn();
  const text = 'Stuck in the lift, five minutes';
  await phone.tell(ben, text);
  await anna.wait('urn:xmpp:carbons:2', escapeXml(text));
  const carbon = { copy: 'carbon', from: anna.bare, to: [ben.bare] };
  stage.truth.add({ kind: 'message', ...carbon, text });
  await phone.signOut();
  const page = "<set xmlns='http://jabber.org/protocol/rsm'><max>2</max></set>";
  await anna.request(
    'set',
    undefined,
    `<query xmlns='urn:xmpp:mam:2' queryid='day'>${page}</query>`,
  );
  const first = 'Good morning Ben! Did you find a parking spot?';
  const archived = { kind: 'message', copy: 'archive', from: anna.bare, to: [ben.bare] };
  stage.truth.add({ ...archived, text: first });
}

async function partings(cast: Cast): Promise<void> {
  const { stage, anna, ben, dana } = cast;
  const call = "xmlns='urn:xmpp:jingle-message:0' id='call-1'";
  const voice = "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'/>";
  await dana.send(
    `<message to='${anna.bare}' id='call'><propose ${call}>${voice}</propose></message>`,
  );
  await anna.wait('propose');
  stage.truth.add({ kind: 'call.offer', origin: 'server', from: dana.bare, to: [anna.bare] });
  await anna.send(`<message to='${dana.full}' id='no'><reject ${call}/></message>`);
  await dana.wait('reject');
  stage.truth.add({ kind: 'call.decline', origin: 'client', from: anna.bare, to: [dana.bare] });
  const item = `<item jid='${dana.bare}'/>`;
  await anna.request('set', undefined, `<block xmlns='urn:xmpp:blocking'>${item}</block>`);
  stage.truth.add({ kind: 'contact.block', contact: dana.bare });
  await anna.send('<presence><show>away</show><status>Off to lunch</status></presence>');
  await chat(cast, ben, anna, 'See you downstairs 🍛');
  await anna.signOut();
  stage.truth.add({ kind: 'session.logout', account: anna.bare });
  await ben.signOut();
  await dana.signOut();
}
