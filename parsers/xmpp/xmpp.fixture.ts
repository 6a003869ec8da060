/** Test support: runs conversations through a parser and writes down all that it says, in order. */
import type { ImEvent, VerdictRecord } from '../../src/event/event.ts';
import {
  type ContentFollower,
  Direction,
  type ExpectedConnection,
  type FlowContext,
  type ParserSink,
  Status,
  type Unit,
} from '../contract.ts';
import { XmppParser } from './parser.ts';

const PASS: VerdictRecord = { action: 'pass', enforced: false };
const ALIKE = new Set(['time', 'protocol', 'protocolVersion']);

export type Heard = Readonly<Record<string, unknown>>;

export class Ear implements ParserSink {
  readonly heard: Heard[] = [];
  readonly units: Unit[] = [];
  readonly expected: ExpectedConnection[] = [];

  event(event: ImEvent, unit: Unit): VerdictRecord {
    const said: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(event)) {
      const usual = (name === 'service' && value === 'xmpp') || value === 'content';
      if (value !== undefined && !ALIKE.has(name) && !usual) said[name] = value;
    }
    this.heard.push(said);
    this.units.push({ ...unit });
    return PASS;
  }
  anomaly(name: string): void {
    this.heard.push({ anomaly: name });
  }
  expect(connection: ExpectedConnection): void {
    this.expected.push(connection);
  }
  identify(): boolean {
    return false;
  }

  resolved(): void {}

  handOver(protocol: string, reason: string): void {
    this.heard.push({ handOver: protocol, reason });
  }
}

/** A follower whose digest shows what it was given. */
export function follower(): ContentFollower {
  let seen = '';
  const decoder = new TextDecoder();
  return {
    write: (octets) => {
      seen += decoder.decode(octets);
    },
    finish: () => digestOf(seen),
    discard() {},
  };
}

export const digestOf = (content: string): string => `digest of ${content}`;

export function flowContext(changes: Partial<FlowContext> = {}): FlowContext {
  return {
    transport: 'tcp',
    clientAddress: '10.0.0.1',
    clientPort: 40000,
    serverAddress: '10.0.0.2',
    serverPort: 5222,
    midstream: false,
    expected: undefined,
    memory: new Map<string, unknown>(),
    follow: follower,
    expectedByToken: () => undefined,
    ...changes,
  };
}

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** `C: …` to the server, `S: …` to the client; a `GAP n` turn loses octets. */
export type Turn = string;

export interface Run {
  readonly ear: Ear;
  readonly status: Status;
  readonly parser: XmppParser;
}

/** Each push is overwritten afterwards, so that a parser that keeps a view of it is caught. */
export function run(
  turns: readonly Turn[],
  pieces: (octets: Uint8Array) => readonly Uint8Array[] = (octets) => [octets],
  context: FlowContext = flowContext(),
  ear: Ear = new Ear(),
): Run {
  const parser = new XmppParser(context);
  let status: Status = Status.More;
  for (const turn of turns) {
    const direction = turn.startsWith('C') ? Direction.ToServer : Direction.ToClient;
    const text = turn.slice(3);
    if (status !== Status.More) break;
    if (text.startsWith('GAP ')) status = parser.gap(direction, Number(text.slice(4)), ear);
    else {
      for (const piece of pieces(utf8(text))) {
        if (status !== Status.More) break;
        const lent = Uint8Array.from(piece);
        status = parser.push(direction, lent, ear);
        lent.fill(0xee);
      }
    }
  }
  parser.end(Direction.ToServer, ear);
  parser.end(Direction.ToClient, ear);
  return { ear, status, parser };
}

export function single(octets: Uint8Array): Uint8Array[] {
  return Array.from(octets, (_, i) => octets.subarray(i, i + 1));
}

export function twoParts(at: number): (octets: Uint8Array) => Uint8Array[] {
  return (octets) => [octets.subarray(0, at), octets.subarray(at)].filter((o) => o.length > 0);
}

const NS = "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'";
const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
export const OPEN = [
  `C: <?xml version='1.0'?><stream:stream to='example.org' ${NS} version='1.0'>`,
  `S: <?xml version='1.0'?><stream:stream id='1' from='example.org' ${NS} version='1.0'>`,
];

/** ann@example.org/desk signs in (PLAIN) and binds. */
export const LOGIN = [
  ...OPEN,
  `C: <auth xmlns='${SASL}' mechanism='PLAIN'>AGFubgBzM2NyZXQ=</auth>`,
  `S: <success xmlns='${SASL}'/>`,
  ...OPEN,
  `C: <iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>`,
  `S: <iq type='result' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>` +
    '<jid>ann@example.org/desk</jid></bind></iq>',
];

export const SIGNED_IN: Heard = {
  kind: 'session.login',
  origin: 'server',
  account: 'ann@example.org',
  from: 'ann@example.org',
};

/** What a conversation after signing in must say, and does however it is cut. */
export interface Row {
  readonly name: string;
  readonly turns: readonly Turn[];
  readonly want: readonly Heard[];
}

export const mine = {
  origin: 'client',
  account: 'ann@example.org',
  from: 'ann@example.org',
  fromResource: 'desk',
};
export const theirs = { origin: 'server', account: 'ann@example.org' };
export const bob = { from: 'bob@example.net', fromResource: 'home', to: ['ann@example.org'] };
export const direct = { route: 'direct' };
