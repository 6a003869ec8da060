/** @xmpp/client: sign in, send what the scene wrote, wait for what should come. */

import type { XmppClient } from '@xmpp/client';
import { client } from '@xmpp/client';
import parse from '@xmpp/xml/lib/parse.js';
import { type Arguments, type Commands, Inbox, optionalText, text, texts } from './commands.ts';

/** Requests that a client acknowledges by itself (an empty result). */
const ACKNOWLEDGED = new Set([
  'jabber:iq:roster',
  'urn:xmpp:blocking',
  'http://jabber.org/protocol/ibb',
  'urn:xmpp:jingle:1',
]);
/** Requests that the scene answers, with `xmpp.answer`. */
const ASKED = new Set(['http://jabber.org/protocol/si', 'http://jabber.org/protocol/bytestreams']);

export function xmppCommands(): Commands {
  const sessions = new Map<string, Session>();
  const session = (args: Arguments): Session => {
    const found = sessions.get(text(args, 'name'));
    if (found === undefined) throw new Error(`no session ${text(args, 'name')}`);
    return found;
  };
  return {
    /** name, service (xmpp://address:port), domain, username, password, resource, mechanism? */
    'xmpp.connect': async (args) => {
      const made = new Session(args);
      sessions.set(text(args, 'name'), made);
      return made.start();
    },
    'xmpp.send': (args) => session(args).send(text(args, 'xml')),
    'xmpp.request': (args) => session(args).request(text(args, 'xml')),
    'xmpp.answer': async (args) =>
      session(args).answer(text(args, 'id'), optionalText(args, 'xml')),
    'xmpp.wait': (args) => session(args).inbox.take(texts(args, 'with')),
    /** True or false, at once. A lost connection arrives as `error: …` or `closed`. */
    'xmpp.arrived': async (args) => session(args).inbox.holds(texts(args, 'with')),
    'xmpp.stop': (args) => session(args).stop(),
  };
}

class Session {
  readonly inbox = new Inbox();
  readonly #client: XmppClient;
  readonly #asked = new Map<string, (answer: unknown) => void>();

  constructor(args: Arguments) {
    const credentials = { username: text(args, 'username'), password: text(args, 'password') };
    const mechanism = optionalText(args, 'mechanism');
    this.#client = client({
      service: text(args, 'service'),
      domain: text(args, 'domain'),
      resource: text(args, 'resource'),
      credentials:
        mechanism === undefined
          ? credentials
          : (authenticate) => authenticate(credentials, mechanism),
    });
    this.#client.reconnect.stop();
    // A URL has an IPv6 address in brackets, a resolver wants none.
    const parameters = this.#client.socketParameters.bind(this.#client);
    this.#client.socketParameters = (service) => {
      const found = parameters(service);
      return { ...found, host: found.host.replace(/^\[|\]$/g, '') };
    };
    this.#client.on('error', (error) => this.inbox.add(`error: ${String(error)}`));
    this.#client.on('disconnect', () => this.inbox.add('closed'));
    this.#client.on('stanza', (stanza) => this.inbox.add(stanza.toString()));
    this.#client.middleware.use((context, next) => {
      const namespace = context.element?.attrs.xmlns ?? '';
      const id = context.stanza.attrs.id ?? '';
      if (ACKNOWLEDGED.has(namespace) && context.type === 'set') return true;
      if (!ASKED.has(namespace) || context.type !== 'set') return next();
      return new Promise((resolve) => this.#asked.set(id, resolve));
    });
  }

  async start(): Promise<string> {
    return String(await this.#client.start());
  }

  async send(xml: string): Promise<void> {
    await this.#client.send(parse(xml));
  }

  async request(xml: string): Promise<string> {
    return String(await this.#client.iqCaller.request(parse(xml)));
  }

  /** Answers a request by its id with a payload (an <error/> refuses), or with nothing. */
  answer(id: string, xml: string | undefined): void {
    const resolve = this.#asked.get(id);
    if (resolve === undefined) throw new Error(`nobody asked ${id}`);
    this.#asked.delete(id);
    resolve(xml === undefined ? true : parse(xml));
  }

  async stop(): Promise<void> {
    await this.#client.stop();
  }
}
