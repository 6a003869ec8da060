/** One signed-in XMPP user: an actor, a session on it, and an identity. */
import type { Actor } from '../lab/actor.ts';
import { serverAddress } from '../lab/network.ts';
import { xmppPassword } from '../lab/prosody.ts';

export interface XmppAccount {
  readonly user: string;
  readonly domain: string;
  readonly resource: string;
  /** SASL mechanism; the library's own choice without it. */
  readonly mechanism?: string;
  readonly service?: string;
}

let stanzas = 0;

export class XmppPerson {
  readonly bare: string;
  readonly full: string;
  readonly actor: Actor;
  readonly #name: string;
  readonly #account: XmppAccount;

  constructor(actor: Actor, account: XmppAccount) {
    this.actor = actor;
    this.bare = `${account.user}@${account.domain}`;
    this.full = `${this.bare}/${account.resource}`;
    this.#name = this.full;
    this.#account = account;
  }

  async signIn(): Promise<void> {
    const { user, domain, resource, mechanism } = this.#account;
    await this.actor.call('xmpp.connect', {
      name: this.#name,
      service: this.#account.service ?? `xmpp://${serverAddress}:5222`,
      domain,
      resource,
      username: user,
      password: xmppPassword,
      mechanism,
    });
  }

  async send(xml: string): Promise<void> {
    await this.actor.call('xmpp.send', { name: this.#name, xml });
  }

  /** Sends a request and waits for its result; the answer as XML. */
  request(type: 'get' | 'set', to: string | undefined, payload: string): Promise<string> {
    const address = to === undefined ? '' : ` to='${to}'`;
    const xml = `<iq type='${type}'${address} id='${nextId('q')}'>${payload}</iq>`;
    return this.actor.ask('xmpp.request', { name: this.#name, xml });
  }

  /** Waits for a stanza that holds all the texts. */
  wait(...texts: string[]): Promise<string> {
    return this.actor.ask('xmpp.wait', { name: this.#name, with: texts });
  }

  /** Whether a stanza with all the texts has arrived and nobody waited for it. */
  async has(...texts: string[]): Promise<boolean> {
    return (await this.actor.call('xmpp.arrived', { name: this.#name, with: texts })) === true;
  }

  async answer(stanza: string, payload?: string): Promise<void> {
    const id = /^<iq [^>]*\bid="([^"]*)"/.exec(stanza)?.[1] ?? '';
    await this.actor.call('xmpp.answer', { name: this.#name, id, xml: payload });
  }

  /** A chat message with a body and whatever else; resolves when the other side has it. */
  async tell(other: XmppPerson, text: string, extra = ''): Promise<string> {
    const id = nextId('m');
    const body = `<body>${escapeXml(text)}</body>${extra}`;
    await this.send(`<message to='${other.bare}' type='chat' id='${id}'>${body}</message>`);
    await other.wait(`id="${id}"`);
    return id;
  }

  async signOut(): Promise<void> {
    await this.actor.call('xmpp.stop', { name: this.#name });
  }
}

export function nextId(stem: string): string {
  stanzas++;
  return `${stem}${stanzas}`;
}

export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll("'", '&apos;')
    .replaceAll('"', '&quot;');
}
