import { describe, expect, test } from 'vitest';
import { Direction, type FlowContext, type ParserSink, Probe, Status } from '../contract.ts';
import {
  alpn,
  extension,
  type HelloParts,
  hello,
  message,
  records,
  serverName,
  supportedVersions,
  VECTOR,
} from '../framing/client-hello.fixture.ts';
import { TLS } from './definition.ts';
import { isNobodysHello } from './nobodys-hello.ts';

const NOBODYS = 'www.nobody.example';
const PORT = 443;

/** Of TLS 1.3 for a name of nobody's, but for what is different. */
function web(name: string, more: readonly Uint8Array[] = [], parts: HelloParts = {}): Uint8Array {
  const extensions = [serverName(name), supportedVersions(0x0304), ...more];
  return records(hello({ extensions, ...parts }));
}

/** With octets of others before and behind, and a book in which whatsapp.net stands. */
function ask(octets: Uint8Array, port = PORT): { is: boolean; asked: string[] } {
  const buffer = new Uint8Array(octets.length + 20).fill(0xaa);
  buffer.set(octets, 7);
  const asked: string[] = [];
  const is = isNobodysHello(buffer, 7, 7 + octets.length, port, {
    knows(from, start, end, at) {
      expect(at).toBe(port);
      const name = String.fromCharCode(...from.subarray(start, end));
      asked.push(name);
      return name.endsWith('whatsapp.net');
    },
  });
  return { is, asked };
}

/** What TlsParser makes of the same segment: the questions it has, and whether it is done. */
function parserOf(octets: Uint8Array, port = PORT) {
  const questions: unknown[] = [];
  const anomalies: string[] = [];
  const sink = {
    anomaly: (name: string) => anomalies.push(name),
    identify: (facts: { hosts?: readonly string[]; signatures?: readonly string[] }) => {
      questions.push([facts.hosts, facts.signatures]);
      return false;
    },
  };
  const parser = TLS.create({ serverPort: port } as FlowContext);
  const status = parser.push(Direction.ToServer, octets, sink as unknown as ParserSink);
  return { questions, anomalies, done: status === Status.Done };
}

const GREASE_ALPN = alpn('\x0a\x0a', 'h2', 'http/1.1');
const ECH = extension(0xfe0d, Uint8Array.of(0));

describe('nobody’s, and its parser would have the same one question', () => {
  test.each([
    ['a plain one', web(NOBODYS), NOBODYS],
    ['what browsers offer', web(NOBODYS, [alpn('h2', 'http/1.1')]), NOBODYS],
    ['http/1.0 and GREASE', web(NOBODYS, [GREASE_ALPN, extension(21)]), NOBODYS],
    ['an old protocol of the web', web(NOBODYS, [alpn('http/1.0')]), NOBODYS],
    ['an encrypted hello that may be for show', web(NOBODYS, [ECH]), NOBODYS],
    ['upper case, and a dot at the end', web('WWW.Nobody.Example.'), 'WWW.Nobody.Example.'],
    [
      'a name as long as a provider’s of encrypted hellos',
      web('cloudflare-ech.org', [ECH]),
      'cloudflare-ech.org',
    ],
  ])('%s', (_, octets, name) => {
    expect(TLS.probe?.(Direction.ToServer, octets, false)).toBe(Probe.Yes);
    expect(ask(octets)).toEqual({ is: true, asked: [name] });
    const host = name.toLowerCase().replace(/\.$/, '');
    expect(parserOf(octets)).toEqual({
      questions: [[[host], undefined]],
      anomalies: [],
      done: true,
    });
  });
});

describe('the parser has to look', () => {
  const two = records(hello({ extensions: [serverName(NOBODYS)] }), 60);
  test.each<[string, Uint8Array, number?]>([
    ['a name of somebody’s', web('e1.whatsapp.net')],
    ['the vector of another', VECTOR],
    ['an unusual port', web(NOBODYS), 4433],
    ['a protocol of one service', web(NOBODYS, [alpn('h2', 'apns-security-v3')])],
    [
      'an empty protocol that does not fit',
      web(NOBODYS, [extension(16, Uint8Array.of(0, 3, 9, 1))]),
    ],
    ['TLS 1.2', records(hello({ extensions: [serverName(NOBODYS)] }))],
    ['no name', records(hello({ extensions: [supportedVersions(0x0304)] }))],
    ['an address for a name', web('192.0.2.1')],
    ['two names', web(NOBODYS, [serverName('e1.whatsapp.net')])],
    ['an extension twice', web(NOBODYS, [alpn('h2'), alpn('h2')])],
    ['a provider’s of encrypted hellos', web('cloudflare-ech.com', [ECH])],
    ['the same with a dot', web('Cloudflare-ECH.com.', [ECH])],
    ['several records', two],
    ['a cut record', web(NOBODYS).subarray(0, -1)],
    ['octets behind the record', Uint8Array.of(...web(NOBODYS), 22)],
    ['another message', records(message(2, hello().subarray(4)))],
    ['a version that nobody gave out', web(NOBODYS).with(2, 9)],
    ['not TLS', web(NOBODYS).with(0, 23)],
    ['nothing', new Uint8Array(0)],
  ])('%s', (_, octets, port) => expect(ask(octets, port).is).toBe(false));

  test('nothing is left of the hello before', () => {
    expect(ask(web(NOBODYS, [alpn('h2')])).is).toBe(true);
    expect(ask(records(hello({ extensions: [supportedVersions(0x0304)] }))).is).toBe(false);
  });
});
