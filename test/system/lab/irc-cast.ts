/** Anna, Ben and a stranger on IRC; files by DCC SEND. */
import type { Actor } from '../../record/lab/actor.ts';
import { serverAddress, serverAddress6 } from '../../record/lab/network.ts';
import { IrcPerson } from '../../record/scenes/irc-person.ts';
import { sha256 } from '../../record/truth.ts';
import type { Cast, Offer, Party } from './cast.ts';

class IrcParty implements Party {
  readonly person: IrcPerson;

  constructor(actor: Actor, nick: string) {
    this.person = new IrcPerson(actor, nick, nick);
  }

  async say(to: Party, text: string): Promise<void> {
    if (!(to instanceof IrcParty)) throw new Error('of another network');
    await this.person.do('say', { to: to.person.nick, text });
  }

  hears(...texts: string[]): Promise<string> {
    return this.person.wait('PRIVMSG', ...texts);
  }

  heard(...texts: string[]): Promise<boolean> {
    return this.person.has('PRIVMSG', ...texts);
  }

  async troubled(): Promise<boolean> {
    return (await this.person.has('ERROR')) || (await this.person.has('closed'));
  }
}

export async function ircCast(actors: readonly Actor[], family: 4 | 6): Promise<Cast> {
  const [inside, outside] = actors;
  if (inside === undefined || outside === undefined) throw new Error('two actors are needed');
  const anna = new IrcParty(inside, 'Anna');
  const ben = new IrcParty(outside, 'Ben');
  const stranger = new IrcParty(outside, 'Mallory');
  const server = family === 4 ? serverAddress : serverAddress6;
  for (const { person } of [anna, ben, stranger]) await person.signIn(server);
  return {
    anna,
    ben,
    stranger,
    request: undefined,
    offer: (from, file, size) =>
      from === 'anna' ? dcc(anna, ben, family, file, size) : dcc(ben, anna, family, file, size),
  };
}

async function dcc(
  from: IrcParty,
  to: IrcParty,
  family: 4 | 6,
  file: string,
  size: number,
): Promise<Offer> {
  const { address, address6 } = from.person.actor.host;
  const own = family === 4 ? address : address6;
  const socket = `${from.person.nick} ${file}`;
  const listening = { socket, address: own };
  const port = Number(await from.person.actor.call('socket.listen', listening));
  const shown = family === 4 ? decimal(address) : address6;
  const parts = ['SEND', file, shown, String(port), String(size)];
  await from.person.do('ctcp', { to: to.person.nick, type: 'DCC', parts });
  return {
    arrived: () => to.heard('DCC', file),
    opens: async () => {
      const there = { address: own, port, milliseconds: 1500 };
      return (await to.person.actor.call('socket.opens', there)) === true;
    },
    carry: async (content) => {
      await to.person.actor.call('socket.connect', { socket, address: own, port });
      const base64 = content.toString('base64');
      await from.person.actor.call('socket.write', { socket, base64 });
      const octets = content.length;
      const hash = await to.person.actor.ask('socket.receiveDcc', { socket, octets });
      await to.person.actor.call('socket.end', { socket });
      return hash === sha256(content);
    },
  };
}

/** The address as DCC writes it: a decimal number of 32 bits. */
function decimal(address: string): string {
  return String(address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0));
}
