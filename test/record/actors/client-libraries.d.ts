/** The parts of the untyped client libraries that the actors use. */
declare module '@xmpp/xml/lib/parse.js' {
  import type { XmppElement } from '@xmpp/client';

  const parse: (xml: string) => XmppElement;
  export = parse;
}

declare module '@xmpp/client' {
  export interface XmppElement {
    readonly name: string;
    readonly attrs: Readonly<Record<string, string | undefined>>;
    toString(): string;
  }

  interface Credentials {
    readonly username: string;
    readonly password: string;
  }

  type Authenticate = (credentials: Credentials, mechanism: string) => Promise<void>;

  interface MiddlewareContext {
    readonly stanza: XmppElement;
    readonly type: string | undefined;
    /** The payload of a request. */
    readonly element: XmppElement | undefined;
  }

  export interface XmppClient {
    readonly reconnect: { stop(): void };
    readonly iqCaller: { request(stanza: XmppElement): Promise<XmppElement> };
    readonly middleware: {
      use(handler: (context: MiddlewareContext, next: () => unknown) => unknown): void;
    };
    socketParameters(service: string): { readonly host: string; readonly port: number };
    start(): Promise<{ toString(): string }>;
    stop(): Promise<void>;
    send(stanza: XmppElement): Promise<void>;
    on(event: 'error', listener: (error: unknown) => void): void;
    on(event: 'disconnect', listener: () => void): void;
    on(event: 'stanza', listener: (stanza: XmppElement) => void): void;
  }

  export function client(options: {
    service: string;
    domain: string;
    resource: string;
    credentials: Credentials | ((authenticate: Authenticate) => Promise<void>);
  }): XmppClient;
}

declare module 'irc-framework' {
  export class Client {
    constructor(options: Readonly<Record<string, unknown>>);
    connect(): void;
    raw(...parts: string[]): void;
    say(target: string, message: string): void;
    notice(target: string, message: string): void;
    action(target: string, message: string): void;
    ctcpRequest(target: string, type: string, ...parts: string[]): void;
    ctcpResponse(target: string, type: string, ...parts: string[]): void;
    join(channel: string): void;
    part(channel: string, message?: string): void;
    setTopic(channel: string, topic: string): void;
    changeNick(nick: string): void;
    invite(channel: string, nick: string): void;
    quit(message?: string): void;
    on(event: 'raw', listener: (event: { line: string; from_server: boolean }) => void): void;
    on(event: 'registered' | 'close' | 'socket close', listener: () => void): void;
  }
}
