import { describe, expect, test } from 'vitest';
import { ImEvent as Event, type ImEvent } from '../../src/event/event.ts';
import {
  Direction,
  type ExpectedConnection,
  type FlowContext,
  type ParserSink,
  Probe,
  Status,
} from '../contract.ts';
import { Socks5Parser } from './parser.ts';
import { probeSocks5 } from './probe.ts';

const TOKEN = 'aa1af1a86a2afa2baedbdc468952bafc892baa88'; // XEP-0065 vector, issue of the dossier
const { ToServer, ToClient } = Direction;
const ascii = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const GREETING = ascii('\x05\x01\x00');
const REQUEST = ascii(`\x05\x01\x00\x03\x28${TOKEN}\x00\x00`);
const METHOD = ascii('\x05\x00');
const REPLY = ascii(`\x05\x00\x00\x03\x28${TOKEN}\x00\x00`);
const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((p) => [...p]));

const announced = (size: number | undefined, token: string | undefined = TOKEN) =>
  ({
    protocol: 'socks5',
    service: 'google-talk',
    ...(token === undefined ? {} : { token }),
    offer: {
      service: 'google-talk',
      account: 'ann@example.org',
      sender: 'alice@example.org',
      recipient: 'ann@example.org',
      senderListens: true,
      room: undefined,
      name: 'plan.pdf',
      size,
      offset: 0,
      mime: undefined,
      token: 's5b_77',
      method: 'socks5',
      origin: 'server',
    },
  }) satisfies ExpectedConnection;

interface Turn {
  readonly to: Direction;
  readonly octets: Uint8Array;
}
const toServer = (octets: Uint8Array): Turn => ({ to: ToServer, octets });
const toClient = (octets: Uint8Array): Turn => ({ to: ToClient, octets });
const OPENING = [toServer(GREETING), toClient(METHOD), toServer(REQUEST), toClient(REPLY)];

function run(turns: readonly Turn[], changes: Partial<FlowContext> = {}, size = 1 << 20) {
  const events: ImEvent[] = [];
  const anomalies: string[] = [];
  const sink: ParserSink = {
    event: (event) => {
      expect(event).toBeInstanceOf(Event);
      events.push(event);
      return { action: 'pass', enforced: false };
    },
    anomaly: (name) => void anomalies.push(name),
    identify: () => false,
    resolved: () => undefined,
    expect: () => {},
    handOver: () => {},
  };
  const parser = new Socks5Parser({
    transport: 'tcp',
    clientAddress: '10.0.0.1',
    clientPort: 40000,
    serverAddress: 'fd00::1',
    serverPort: 7777,
    midstream: false,
    expected: undefined,
    memory: new Map<string, unknown>(),
    follow: () => {
      let seen = '';
      return {
        write: (octets) => {
          seen += String.fromCharCode(...octets);
        },
        finish: () => `digest of ${seen}`,
        discard() {},
      };
    },
    expectedByToken: () => undefined,
    ...changes,
  });
  let status: Status = Status.More;
  for (const { to, octets } of turns) {
    for (let i = 0; i < octets.length && status === Status.More; i += size) {
      const lent = octets.slice(i, i + size);
      status = parser.push(to, lent, sink);
      lent.fill(0xee);
    }
  }
  expect(parser.held()).toBeLessThan(4096);
  if (status === Status.More) {
    parser.end(ToServer, sink);
    parser.end(ToClient, sink);
  }
  const heard = events.map((e) => ({
    kind: e.kind,
    service: e.service,
    origin: e.origin,
    account: e.account,
    from: e.from,
    to: e.to,
    file: e.file,
    reason: e.reason,
  }));
  return { heard, anomalies, status };
}

const byToken = (offer: ExpectedConnection): Partial<FlowContext> => {
  let left: ExpectedConnection | undefined = offer;
  return {
    expectedByToken: (token) => {
      const found = token === TOKEN ? left : undefined;
      if (found !== undefined) left = undefined;
      return found;
    },
  };
};

describe('probe', () => {
  const whole = join(GREETING, REQUEST);

  test('yes at the 50th octet, more before', () => {
    for (let n = 0; n < whole.length; n++)
      expect(probeSocks5(ToServer, whole.subarray(0, n), false)).toBe(Probe.More);
    expect(probeSocks5(ToServer, whole, false)).toBe(Probe.Yes);
    expect(probeSocks5(ToServer, join(ascii('\x05\x02\x00\x02'), REQUEST), false)).toBe(Probe.Yes);
    expect(probeSocks5(ToServer, whole, true)).toBe(Probe.No);
  });

  test.each([
    ['a host', '\x05\x01\x00\x05\x01\x00\x03\x0bexample.com\x01\xbb'],
    ['an address', '\x05\x01\x00\x05\x01\x00\x01\x0a\x00\x00\x01\x00\x50'],
    ['40 characters that are not hex', `\x05\x01\x00\x05\x01\x00\x03\x28${'g'.repeat(40)}\x00\x00`],
    ['a port', `\x05\x01\x00\x05\x01\x00\x03\x28${TOKEN}\x00\x50`],
    ['SOCKS4', '\x04\x01\x00\x50'],
    ['no methods', '\x05\x00'],
    ['a MySQL-like packet', '\x05\x00\x00\x01\x0aSELECT'],
  ])('%s: no', (_name, text) => {
    expect(probeSocks5(ToServer, ascii(text), false)).toBe(Probe.No);
  });

  test('the server’s side alone never says yes', () => {
    expect(probeSocks5(ToClient, METHOD, false)).toBe(Probe.More);
    expect(probeSocks5(ToClient, ascii('\x05\x02'), false)).toBe(Probe.No);
    expect(probeSocks5(ToClient, ascii('HTTP/1.1'), false)).toBe(Probe.No);
  });
});

describe('content', () => {
  const file = {
    method: 'socks5',
    endpoint: '[fd00::1]:7777',
    name: 'plan.pdf',
    size: 6,
    token: 's5b_77',
  };
  const party = {
    service: 'google-talk',
    origin: 'server',
    account: 'ann@example.org',
    from: 'alice@example.org',
    to: ['ann@example.org'],
    reason: undefined,
  };

  test.each([1, 2, 7, 1000])('tied to the offer by token, in pieces of %d', (size) => {
    const turns = [...OPENING, toClient(ascii('abcdef'))];
    const { heard, anomalies } = run(turns, byToken(announced(6)), size);
    expect(heard).toEqual([
      { kind: 'file.start', ...party, file },
      { kind: 'file.complete', ...party, file: { ...file, sha256: 'digest of abcdef' } },
    ]);
    expect(anomalies).toEqual([]);
  });

  test('the reply and the first content in one segment, with any address', () => {
    const reply = join(ascii('\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50'), ascii('abcdef'));
    const turns = [...OPENING.slice(0, 3), toClient(reply)];
    const { heard } = run(turns, byToken(announced(6)));
    expect(heard.at(-1)?.file?.sha256).toBe('digest of abcdef');
  });

  test('tied by address when the token agrees, not when it differs', () => {
    const turns = [...OPENING, toClient(ascii('abcdef'))];
    expect(run(turns, { expected: announced(6) }).heard[0]?.from).toBe('alice@example.org');
    const other = run(turns, { expected: announced(6, 'b'.repeat(40)) }).heard[0];
    expect(other?.from).toBeUndefined();
    expect(other?.file?.token).toBe(TOKEN);
  });

  test('unannounced: method and token are all that is known', () => {
    const { heard } = run([...OPENING, toServer(ascii('abc'))]);
    const known = { method: 'socks5', endpoint: '[fd00::1]:7777', token: TOKEN };
    expect(heard).toMatchObject([
      { kind: 'file.start', service: 'xmpp', origin: 'client', file: known },
      {
        kind: 'file.complete',
        origin: 'client',
        file: { ...known, size: 3, sha256: 'digest of abc' },
      },
    ]);
  });

  test('ended early: given up, with what was counted', () => {
    const { heard } = run([...OPENING, toClient(ascii('abc'))], byToken(announced(6)));
    expect(heard[1]).toEqual({
      kind: 'file.cancel',
      ...party,
      reason: 'incomplete',
      file: { ...file, size: 3 },
    });
  });

  test('more than was offered, and octets the other way, are odd', () => {
    const turns = [...OPENING, toClient(ascii('abcdefgh')), toServer(ascii('x'))];
    const { heard, anomalies } = run(turns, byToken(announced(6)));
    expect(heard[1]?.file?.size).toBe(8);
    expect(anomalies).toEqual(['size-exceeded', 'content-both-ways']);
  });

  test('a candidate that carried nothing says nothing; an empty file does', () => {
    expect(run(OPENING, byToken(announced(6))).heard).toEqual([]);
    expect(run(OPENING, { expected: announced(0) }).heard.map((h) => h.kind)).toEqual([
      'file.start',
      'file.complete',
    ]);
  });
});

test('what is refused is done, what is no bytestream is lost', () => {
  const refused = [...OPENING.slice(0, 3), toClient(ascii('\x05\x05\x00\x01'))];
  expect(run(refused)).toMatchObject({ heard: [], status: Status.Done });
  expect(run([toServer(ascii('GET / HTTP/1.1'))]).status).toBe(Status.Lost);
  const host = '\x05\x01\x00\x05\x01\x00\x03\x0bexample.com\x01\xbb';
  expect(run([toServer(ascii(host))], {}, 1).status).toBe(Status.Lost);
});
