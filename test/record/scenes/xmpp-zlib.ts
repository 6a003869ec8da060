/**
 * XEP-0138: the captured client signs in in clear, switches on zlib, and talks compressed.
 * @xmpp/client has no compression, so that side is written by hand; Ben uses the library.
 */
import type { Actor } from '../lab/actor.ts';
import { serverAddress } from '../lab/network.ts';
import { xmppPassword } from '../lab/prosody.ts';
import { actorAt, breathe, type Stage } from '../stage.ts';
import { escapeXml, XmppPerson } from './xmpp-person.ts';

const domain = 'office.example';
const header = `<?xml version='1.0'?><stream:stream to='${domain}' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`;

export async function xmppZlib(stage: Stage): Promise<void> {
  const annasActor = actorAt(stage, 0);
  const bensActor = actorAt(stage, 1);
  for (const user of ['anna', 'ben']) await register(bensActor, user);
  const ben = new XmppPerson(bensActor, { user: 'ben', domain, resource: 'van' });
  await ben.signIn();
  await ben.send('<presence/>');
  await compressedSignIn(annasActor);
  stage.truth.add({ kind: 'session.login', account: `anna@${domain}` });

  const lines = [
    ['anna', 'Good morning! This line is squeezed, can you read it?'],
    ['ben', 'Every word. Is project falcon still on?'],
    ['anna', 'It is. Good morning, good morning, good morning: compresses well 🙂'],
    ['ben', 'Übergrößenträger & <angle brackets>'],
  ] as const;
  for (const [from, text] of lines) {
    const [sender, recipient] = [
      `${from}@${domain}`,
      `${from === 'anna' ? 'ben' : 'anna'}@${domain}`,
    ];
    const stanza = `<message to='${recipient}' type='chat'><body>${escapeXml(text)}</body></message>`;
    const origin = from === 'anna' ? 'client' : 'server';
    if (from === 'anna') {
      await write(annasActor, 'anna', stanza);
      await ben.wait('<body>', escapeXml(text));
    } else {
      await ben.send(stanza);
      await until(annasActor, 'anna', '</message>');
    }
    stage.truth.add({ kind: 'message', origin, from: sender, to: [recipient], text });
    await breathe();
  }
  await write(annasActor, 'anna', "<presence type='unavailable'/></stream:stream>");
  await until(annasActor, 'anna', '</stream:stream>');
  await annasActor.call('socket.end', { socket: 'anna' });
  stage.truth.add({ kind: 'session.logout', account: `anna@${domain}` });
  await ben.signOut();
}

async function write(actor: Actor, socket: string, xml: string): Promise<void> {
  await actor.call('socket.write', { socket, base64: Buffer.from(xml).toString('base64') });
}

function until(actor: Actor, socket: string, text: string): Promise<string> {
  return actor.ask('socket.readUntil', { socket, text });
}

async function open(actor: Actor, socket: string): Promise<void> {
  await actor.call('socket.connect', { socket, address: serverAddress, port: 5222 });
  await write(actor, socket, header);
  await until(actor, socket, '</stream:features>');
}

/** XEP-0077, from a link that is not captured. */
async function register(actor: Actor, user: string): Promise<void> {
  const socket = `register-${user}`;
  await open(actor, socket);
  const fields = `<username>${user}</username><password>${xmppPassword}</password>`;
  const query = `<query xmlns='jabber:iq:register'>${fields}</query>`;
  await write(actor, socket, `<iq type='set' id='reg'>${query}</iq>`);
  await until(actor, socket, "type='result'");
  await actor.call('socket.end', { socket });
}

async function compressedSignIn(actor: Actor): Promise<void> {
  const socket = 'anna';
  await open(actor, socket);
  const initial = Buffer.from(`\0anna\0${xmppPassword}`).toString('base64');
  const sasl = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'";
  await write(actor, socket, `<auth ${sasl}>${initial}</auth>`);
  await until(actor, socket, '<success');
  await until(actor, socket, '>');
  await write(actor, socket, header);
  await until(actor, socket, '</stream:features>');
  const compress = 'http://jabber.org/protocol/compress';
  await write(actor, socket, `<compress xmlns='${compress}'><method>zlib</method></compress>`);
  await until(actor, socket, '<compressed');
  await until(actor, socket, '/>');
  await actor.call('socket.compress', { socket });
  await write(actor, socket, header);
  await until(actor, socket, '</stream:features>');
  const bind = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>desk</resource></bind>";
  await write(actor, socket, `<iq type='set' id='bind'>${bind}</iq>`);
  await until(actor, socket, '</iq>');
  const session = "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>";
  await write(actor, socket, `<iq type='set' id='session'>${session}</iq><presence/>`);
  await until(actor, socket, '<presence');
}
