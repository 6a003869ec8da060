import { describe, expect, test } from 'vitest';
import { alternative, attribute, certificate, dns } from '../../src/bytes/certificate.fixture.ts';
import {
  client,
  describeRows,
  Ear,
  feed,
  flowContext,
  type Heard,
  joined,
  octets,
  type Row,
  server,
} from '../../test/support/parser-harness.ts';
import { Direction, Status } from '../contract.ts';
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
  VECTOR_TLS,
} from '../framing/client-hello.fixture.ts';
import { TLS } from './definition.ts';
import { TlsParser } from './parser.ts';
import { answer, clientHello, sealed, serverFlight, toldOf } from './tls.fixture.ts';

const V13 = supportedVersions(0x0304, 0x0303);
const ECH = extension(0xfe0d, octets('\0'));
const named = (name: string): HelloParts => ({ extensions: [serverName(name), V13] });
const NAMELESS: HelloParts = { extensions: [V13] };
const OLD_NAMELESS: HelloParts = { extensions: [] };
const OLD: HelloParts = { extensions: [serverName('front.example')] };
const FOR_CHAT = certificate({
  subject: [attribute(3, 'chat.example')],
  extensions: [alternative(dns('chat.example'), dns('*.media.example'))],
});

function identify(parts: HelloParts, facts: Heard, version = '1.3', told: Heard = {}): Heard {
  const tls = toldOf(parts, { version, ...told });
  return { identify: { ...facts, protocolVersion: version, reason: `TLS ${version}`, tls } };
}
const bySni = (parts: HelloParts, host: string, version = '1.3') =>
  identify(parts, { evidence: 'sni', hosts: [host] }, version);
const byCertificate = (parts: HelloParts, ...hosts: string[]) =>
  identify(parts, { evidence: 'certificate', hosts }, '1.2');
const byOthers = (parts: HelloParts, ...hosts: string[]) =>
  identify(parts, { evidence: 'certificate', hosts, confidence: 'low' }, '1.2');
const byAddress = (parts: HelloParts, version = '1.3') =>
  identify(parts, { evidence: 'address' }, version);

const rows: Row[] = [
  {
    name: 'a name',
    turns: [client(VECTOR)],
    want: [
      {
        identify: {
          evidence: 'sni',
          hosts: ['mmg.whatsapp.net'],
          protocolVersion: '1.3',
          reason: 'TLS 1.3',
          tls: VECTOR_TLS,
        },
      },
    ],
  },
  {
    name: 'a name in records of one octet',
    context: { serverPort: 443 },
    turns: [clientHello(named('chat.example'), 1)],
    want: [bySni(named('chat.example'), 'chat.example'), { anomaly: 'client-hello-fragmented' }],
  },
  {
    name: 'protocols that one service speaks, and those that all do',
    turns: [clientHello({ extensions: [alpn('h2', 'apns-security-v3', 'x\0', 'http/1.1'), V13] })],
    want: [
      identify(
        { extensions: [alpn('h2', 'apns-security-v3', 'x\0', 'http/1.1'), V13] },
        { evidence: 'alpn', signatures: ['alpn:apns-security-v3'] },
      ),
      byAddress({ extensions: [alpn('h2', 'apns-security-v3', 'x\0', 'http/1.1'), V13] }),
    ],
  },
  {
    name: 'a name and such a protocol',
    turns: [clientHello({ extensions: [serverName('a.example'), alpn('mqtt'), V13] })],
    want: [
      identify(
        { extensions: [serverName('a.example'), alpn('mqtt'), V13] },
        { evidence: 'sni', hosts: ['a.example'], signatures: ['alpn:mqtt'] },
      ),
    ],
  },
  {
    name: 'a name behind which an encrypted one may be is a name',
    turns: [clientHello({ extensions: [serverName('a.example'), V13, ECH] })],
    want: [bySni({ extensions: [serverName('a.example'), V13, ECH] }, 'a.example')],
  },
  {
    name: 'the name of a provider of encrypted hellos is not',
    turns: [clientHello({ extensions: [serverName('cloudflare-ech.com'), V13, ECH] })],
    want: [byAddress({ extensions: [serverName('cloudflare-ech.com'), V13, ECH] })],
  },
  {
    name: 'no name: the address; the server takes TLS 1.3',
    turns: [clientHello(NAMELESS), answer({ version: 0x0303, chosen: 0x0304 })],
    want: [byAddress(NAMELESS)],
  },
  {
    name: 'no name: the server takes TLS 1.2',
    turns: [clientHello(NAMELESS), answer({ version: 0x0303, certificate: FOR_CHAT })],
    want: [
      byAddress(NAMELESS),
      byCertificate(NAMELESS, 'chat.example'),
      byOthers(NAMELESS, 'media.example'),
    ],
  },
  {
    name: 'no name and no TLS 1.3: the certificate before the address',
    turns: [clientHello(OLD_NAMELESS), answer({ version: 0x0303, certificate: FOR_CHAT }, 100)],
    want: [
      byCertificate(OLD_NAMELESS, 'chat.example'),
      byOthers(OLD_NAMELESS, 'media.example'),
      byAddress(OLD_NAMELESS, '1.2'),
    ],
  },
  {
    name: 'a name of nobody, and the certificate of somebody',
    turns: [
      clientHello(OLD),
      answer({ version: 0x0303, certificate: FOR_CHAT, before: message(22, octets('status')) }),
    ],
    want: [
      bySni(OLD, 'front.example', '1.2'),
      byCertificate(OLD, 'chat.example'),
      byOthers(OLD, 'media.example'),
    ],
  },
  {
    name: 'an encrypted hello for show hides no certificate of TLS 1.2',
    turns: [
      clientHello({ extensions: [serverName('front.example'), ECH] }),
      answer({
        version: 0x0303,
        certificate: certificate({ subject: [attribute(3, 'chat.example')] }),
      }),
    ],
    want: [
      bySni({ extensions: [serverName('front.example'), ECH] }, 'front.example', '1.2'),
      byCertificate({ extensions: [serverName('front.example'), ECH] }, 'chat.example'),
    ],
  },
  {
    name: 'a resumed session shows no certificate',
    turns: [
      clientHello(OLD_NAMELESS),
      server(
        records(serverFlight({ version: 0x0301 }).subarray(0, -4)),
        records(octets('\x01'), 9, 20),
      ),
    ],
    want: [byAddress(OLD_NAMELESS, '1.0')],
  },
  {
    name: 'the server alone',
    turns: [answer({ version: 0x0303, certificate: FOR_CHAT })],
    want: [
      { hosts: ['chat.example'], evidence: 'certificate' },
      { hosts: ['media.example'], evidence: 'certificate', confidence: 'low' },
    ].map((facts) => ({
      identify: {
        ...facts,
        protocolVersion: '1.2',
        reason: 'TLS 1.2',
        tls: { version: '1.2' },
      },
    })),
  },
  {
    name: 'an address for a name, and a second one',
    turns: [clientHello({ extensions: [serverName('192.0.2.7', 'b.example'), V13] })],
    want: [byAddress({ extensions: [serverName('192.0.2.7', 'b.example'), V13] })],
  },
  {
    name: 'what comes behind the hello is not looked at',
    turns: [client(records(hello(named('chat.example'))), sealed(90), 'and what not')],
    want: [bySni(named('chat.example'), 'chat.example')],
  },
  {
    name: 'another message where the hello should be',
    turns: [client(records(message(4, octets('ticket'))))],
    want: [{ identify: { evidence: 'address', reason: 'TLS', tls: {} } }],
  },
];

describeRows(TLS, rows);

describe('known', () => {
  const hear = (evidence: string, ...turns: Row['turns'][number][]) => {
    const ear = new Ear();
    ear.known = (facts) => facts.evidence === evidence;
    const parser = new TlsParser(443);
    const statuses = turns.map(({ direction, wire }) => parser.push(direction, wire, ear));
    const evidences = ear.heard.map(
      (said) => (said.identify as Heard | undefined)?.evidence ?? said.anomaly,
    );
    return { statuses, evidences, held: parser.holdFrom(Direction.ToServer) };
  };

  test('by the name: done', () => {
    expect(hear('sni', client(VECTOR))).toEqual({
      statuses: [Status.Done],
      evidences: ['sni'],
      held: -1,
    });
  });

  test('a name of nobody that offers TLS 1.3: done with one question', () => {
    expect(hear('', client(VECTOR)).statuses).toEqual([Status.Done]);
  });

  test('by the certificate: nothing more is asked', () => {
    const heard = hear(
      'certificate',
      clientHello(OLD_NAMELESS),
      answer({ version: 0x0303, certificate: FOR_CHAT }),
    );
    expect(heard.statuses).toEqual([Status.More, Status.Done]);
    expect(heard.evidences).toEqual(['certificate']);
  });

  test('by the address: before the server answers', () => {
    expect(hear('address', clientHello(NAMELESS)).statuses).toEqual([Status.Done]);
  });

  test('what is odd is told once it is known of whom', () => {
    const parts = { extensions: [serverName('a.example', 'b.example'), V13] };
    expect(hear('sni', clientHello(parts, 20)).evidences).toEqual([
      'sni',
      'client-hello-fragmented',
      'sni-duplicate',
    ]);
  });
});

describe('a hello that can still be refused is held', () => {
  test('from its first octet until it is whole', () => {
    const parser = new TlsParser(443);
    const wire = joined(VECTOR, sealed(10));
    const held = [...wire].map((octet) => {
      parser.push(Direction.ToServer, Uint8Array.of(octet), new Ear());
      return parser.holdFrom(Direction.ToServer);
    });
    expect(held.indexOf(-1)).toBe(VECTOR.length - 1);
    expect(held.slice(0, VECTOR.length - 1).every((from) => from === 0)).toBe(true);
    expect(held.slice(VECTOR.length).every((from) => from === -1)).toBe(true);
  });
});

describe('a handshake inside', () => {
  const opening = [clientHello(named('a.example')), answer({ version: 0x0303, chosen: 0x0304 })];
  const inside = [
    server(sealed(900)),
    client(sealed(53), sealed(534)),
    server(sealed(4000)),
    client(sealed(97)),
  ];
  const said = (port: number, turns: Row['turns'], known = '') => {
    const ear = new Ear();
    ear.known = ({ evidence }) => evidence === known;
    const parser = new TlsParser(port);
    const statuses = turns.map(({ direction, wire }) => parser.push(direction, wire, ear));
    const anomalies = ear.heard.flatMap(({ anomaly }) => anomaly ?? []);
    return { anomalies, read: statuses.filter((status) => status === Status.More).length };
  };

  test('on an unusual port', () => {
    expect(said(9443, [...opening, ...inside])).toEqual({
      anomalies: ['tls-in-tls-suspected'],
      read: 5,
    });
  });

  test('where nobody is named', () => {
    expect(said(443, [clientHello(NAMELESS), ...opening.slice(1), ...inside])).toEqual({
      anomalies: ['tls-in-tls-suspected'],
      read: 5,
    });
  });

  test('not looked for where a name is asked for on a usual port, or the service is known', () => {
    expect(said(443, [...opening, ...inside])).toEqual({ anomalies: [], read: 0 });
    expect(said(3128, [...opening, ...inside])).toEqual({ anomalies: [], read: 0 });
    expect(said(9443, [...opening, ...inside], 'sni')).toEqual({ anomalies: [], read: 0 });
  });

  test('nor where more comes along with the hello', () => {
    const [{ wire } = client(''), ...rest] = [...opening, ...inside];
    expect(said(9443, [client(wire, sealed(300)), ...rest]).anomalies).toEqual([]);
  });
});

describe('cut off', () => {
  const said = (parser: TlsParser, act: (ear: Ear) => void) => {
    const ear = new Ear();
    act(ear);
    return [parser, ear.heard.map((one) => (one.identify as Heard | undefined)?.evidence)][1];
  };

  test('a gap in the hello before its name: the address is asked for', () => {
    const parser = new TlsParser(443);
    parser.push(Direction.ToServer, VECTOR.subarray(0, 50), new Ear());
    const heard = said(parser, (ear) => {
      expect(parser.gap(Direction.ToServer, 10, ear)).toBe(Status.Done);
    });
    expect(heard).toEqual(['address']);
  });

  test('a gap or the end behind its name: the name, and no fingerprint of a part', () => {
    for (const cut of ['gap', 'end'] as const) {
      const parser = new TlsParser(443);
      const ear = new Ear();
      parser.push(Direction.ToServer, VECTOR.subarray(0, 160), ear);
      if (cut === 'gap') parser.gap(Direction.ToServer, 10, ear);
      else parser.end(Direction.ToClient, ear);
      expect(ear.heard).toEqual([
        {
          identify: {
            evidence: 'sni',
            hosts: ['mmg.whatsapp.net'],
            protocolVersion: undefined,
            reason: 'TLS',
            tls: { sni: 'mmg.whatsapp.net' },
          },
        },
      ]);
    }
  });

  test('the answer before the question', () => {
    const parser = new TlsParser(443);
    const ear = new Ear();
    const answered = answer({ version: 0x0303, chosen: 0x0304 });
    expect(parser.push(answered.direction, answered.wire, ear)).toBe(Status.More);
    expect(parser.push(Direction.ToServer, VECTOR, ear)).toBe(Status.Done);
    expect(ear.heard).toMatchObject([{ identify: { evidence: 'sni' } }]);
  });

  test('the server alone: the address at the end, or when too much was heard', () => {
    const ended = new TlsParser(443);
    const ear = new Ear();
    const { direction, wire } = answer({ version: 0x0303, chosen: 0x0304 });
    ended.push(direction, wire, ear);
    ended.end(Direction.ToClient, ear);
    expect(ear.heard).toMatchObject([{ identify: { evidence: 'address', reason: 'TLS 1.3' } }]);
    const long = new TlsParser(443);
    const statuses = [wire, sealed(16_000), sealed(16_000), sealed(16_000), sealed(16_000)].map(
      (octets) => long.push(direction, octets, ear),
    );
    expect(statuses.at(-1)).toBe(Status.Done);
  });

  test('a gap of the client behind its hello, and no answer before the end', () => {
    const parser = new TlsParser(443);
    feed(parser, [clientHello(OLD_NAMELESS)]);
    const heard = said(parser, (ear) => {
      expect(parser.gap(Direction.ToServer, 10, ear)).toBe(Status.More);
      parser.end(Direction.ToServer, ear);
      expect(ear.heard).toEqual([]);
      parser.end(Direction.ToClient, ear);
      parser.end(Direction.ToClient, ear);
    });
    expect(heard).toEqual(['address']);
  });

  test('the client goes on although no answer is seen', () => {
    const parser = new TlsParser(443);
    feed(parser, [clientHello(OLD_NAMELESS)]);
    const ear = new Ear();
    const statuses = [1, 2, 3].map(() => parser.push(Direction.ToServer, sealed(7000), ear));
    expect(statuses).toEqual([Status.More, Status.More, Status.Done]);
  });
});

test('the definition', () => {
  expect(TLS.opaque).toBe(true);
  expect(TLS.create(flowContext()).held()).toBe(0);
});
