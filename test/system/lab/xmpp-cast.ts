/** Anna, Dana ("Ben" of the cast) and Erik, a stranger, on XMPP; files by SI and SOCKS5 from host to host. */
import type { Actor } from '../../record/lab/actor.ts';
import { serverAddress, serverAddress6 } from '../../record/lab/network.ts';
import { escapeXml, nextId, XmppPerson } from '../../record/scenes/xmpp-person.ts';
import type { Cast, Offer, Party } from './cast.ts';

class XmppParty implements Party {
  readonly person: XmppPerson;

  constructor(actor: Actor, user: string, domain: string, family: 4 | 6) {
    const server = family === 4 ? serverAddress : `[${serverAddress6}]`;
    const service = `xmpp://${server}:5222`;
    // SCRAM's ten thousand rounds take the client library seconds.
    this.person = new XmppPerson(actor, {
      user,
      domain,
      resource: 'desk',
      service,
      mechanism: 'PLAIN',
    });
  }

  async say(to: Party, text: string): Promise<void> {
    if (!(to instanceof XmppParty)) throw new Error('of another network');
    const attributes = `to='${to.person.full}' type='chat' id='${nextId('m')}'`;
    await this.person.send(`<message ${attributes}><body>${escapeXml(text)}</body></message>`);
  }

  hears(...texts: string[]): Promise<string> {
    return this.person.wait('<message', ...texts);
  }

  heard(...texts: string[]): Promise<boolean> {
    return this.person.has('<message', ...texts);
  }

  async troubled(): Promise<boolean> {
    for (const sign of ['error', 'closed']) if (await this.person.has(sign)) return true;
    return false;
  }
}

export async function xmppCast(actors: readonly Actor[], family: 4 | 6): Promise<Cast> {
  const [inside, outside] = actors;
  if (inside === undefined || outside === undefined) throw new Error('two actors are needed');
  const anna = new XmppParty(inside, 'anna', 'office.example', family);
  const dana = new XmppParty(outside, 'dana', 'partner.example', family);
  const erik = new XmppParty(outside, 'erik', 'partner.example', family);
  for (const { person } of [anna, dana, erik]) {
    await person.signIn();
    await person.send('<presence/>');
  }
  return {
    anna,
    ben: dana,
    stranger: erik,
    request: {
      send: () => erik.person.send(`<presence type='subscribe' to='${anna.person.bare}'/>`),
      arrived: () => anna.person.has('type="subscribe"'),
    },
    offer: (from, file, size) =>
      from === 'anna'
        ? socks5(anna, dana, family, file, size)
        : socks5(dana, anna, family, file, size),
  };
}

const si = 'http://jabber.org/protocol/si';
const bytestreams = 'http://jabber.org/protocol/bytestreams';

/**
 * XEP-0096 offer, and at once the XEP-0065 address of its data connection, as a sender may who knows
 * what the receiver will choose. Nothing waits for answers: there are none where the offer is refused.
 */
async function socks5(
  from: XmppParty,
  to: XmppParty,
  family: 4 | 6,
  file: string,
  size: number,
): Promise<Offer> {
  const { address, address6 } = from.person.actor.host;
  const own = family === 4 ? address : address6;
  const sid = nextId('sid');
  const port = Number(await from.person.actor.call('socket.listen', { socket: sid, address: own }));
  const ask = (id: string, payload: string) =>
    from.person.send(`<iq type='set' id='${id}' to='${to.person.full}'>${payload}</iq>`);
  const option = `<option><value>${bytestreams}</value></option>`;
  const form = `<x xmlns='jabber:x:data' type='form'><field var='stream-method' type='list-single'>${option}</field></x>`;
  const negotiation = `<feature xmlns='http://jabber.org/protocol/feature-neg'>${form}</feature>`;
  const profile = `${si}/profile/file-transfer`;
  const described = `<file xmlns='${profile}' name='${file}' size='${size}'/>`;
  await ask(
    nextId('o'),
    `<si xmlns='${si}' id='${sid}' profile='${profile}'>${described}${negotiation}</si>`,
  );
  const host = `<streamhost jid='${from.person.full}' host='${own}' port='${port}'/>`;
  await ask(nextId('o'), `<query xmlns='${bytestreams}' sid='${sid}' mode='tcp'>${host}</query>`);
  return {
    arrived: () => to.person.has(file),
    opens: async () => {
      const there = { address: own, port, milliseconds: 1500 };
      return (await to.person.actor.call('socket.opens', there)) === true;
    },
    carry: async (content) => {
      await to.person.actor.call('socket.connect', { socket: sid, address: own, port });
      await greet(from.person.actor, to.person.actor, sid);
      const base64 = content.toString('base64');
      await from.person.actor.call('socket.write', { socket: sid, base64 });
      const octets = content.length;
      const received = await to.person.actor.ask('socket.read', { socket: sid, octets });
      await to.person.actor.call('socket.end', { socket: sid });
      return received === base64;
    },
  };
}

/** RFC 1928 as XEP-0065 uses it, spoken by both ends: no authentication, CONNECT to a name of 40 octets. */
async function greet(sender: Actor, receiver: Actor, socket: string): Promise<void> {
  const write = (actor: Actor, octets: Buffer) =>
    actor.call('socket.write', { socket, base64: octets.toString('base64') });
  const read = (actor: Actor, octets: number) => actor.call('socket.read', { socket, octets });
  const name = Buffer.concat([
    Buffer.from([3, 40]),
    Buffer.from('0123456789'.repeat(4)),
    Buffer.alloc(2),
  ]);
  await write(receiver, Buffer.from([5, 1, 0]));
  await read(sender, 3);
  await write(sender, Buffer.from([5, 0]));
  await read(receiver, 2);
  await write(receiver, Buffer.concat([Buffer.from([5, 1, 0]), name]));
  await read(sender, 3 + name.length);
  await write(sender, Buffer.concat([Buffer.from([5, 0, 0]), name]));
  await read(receiver, 3 + name.length);
}
