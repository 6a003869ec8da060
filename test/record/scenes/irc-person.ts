/** One signed-in IRC user: an actor, a session on it, and the nick of the moment. */
import type { Actor } from '../lab/actor.ts';
import { serverAddress } from '../lab/network.ts';

export class IrcPerson {
  nick: string;
  readonly actor: Actor;
  readonly #name: string;
  readonly #realName: string;

  constructor(actor: Actor, nick: string, realName: string) {
    this.actor = actor;
    this.nick = nick;
    this.#name = nick;
    this.#realName = realName;
  }

  async signIn(host = serverAddress): Promise<void> {
    const username = this.nick.toLowerCase();
    const realName = this.#realName;
    await this.do('connect', { host, port: 6667, nick: this.nick, username, realName });
  }

  /** `irc.COMMAND` of the actor. */
  async do(command: string, args: Readonly<Record<string, unknown>>): Promise<void> {
    await this.actor.call(`irc.${command}`, { name: this.#name, ...args });
  }

  /** Waits for a line from the server that holds all the texts. */
  wait(...texts: string[]): Promise<string> {
    return this.actor.ask('irc.wait', { name: this.#name, with: texts });
  }

  /** Whether a line with all the texts has arrived and nobody waited for it. */
  async has(...texts: string[]): Promise<boolean> {
    return (await this.actor.call('irc.arrived', { name: this.#name, with: texts })) === true;
  }

  async join(room: string): Promise<void> {
    await this.do('join', { room });
    await this.wait(' 366 ', room); // end of names
  }
}
