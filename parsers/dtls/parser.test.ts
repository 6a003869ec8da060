import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import '../../test/support/property-seed.ts';
import {
  client,
  describeRows,
  Ear,
  flowContext,
  type Heard,
  joined,
  octets,
  type Row,
  server,
} from '../../test/support/parser-harness.ts';
import { Direction, Probe, Status } from '../contract.ts';
import {
  alpn,
  extension,
  type HelloParts,
  serverName,
  supportedVersions,
} from '../framing/client-hello.fixture.ts';
import { readClientHello } from '../framing/client-hello.ts';
import { isDtlsRecord } from '../framing/dtls-record.ts';
import { tlsReference } from '../framing/hello-facts.ts';
import { DTLS } from './definition.ts';
import { dtlsBody, dtlsMessage, fragment, record } from './dtls.fixture.ts';
import { DtlsParser } from './parser.ts';
import { probeDtls } from './probe.ts';

const NAMED: HelloParts = { extensions: [serverName('turn.example')] };
const WEBRTC: HelloParts = { extensions: [alpn('webrtc', 'c-webrtc')] };
const V13: HelloParts = {
  extensions: [supportedVersions(0xfefc, 0xfefd), serverName('a.example')],
};
const LONG: HelloParts = {
  extensions: [extension(21, new Uint8Array(2000)), serverName('a.example')],
};

function identify(parts: HelloParts, facts: Heard, version = '1.2'): Heard {
  const message = dtlsMessage(parts);
  const hello = readClientHello(message, 0, message.length, true);
  if (hello === undefined) throw new Error('no ClientHello');
  const told = Object.entries(tlsReference(hello, 'd')).filter(([, value]) => value !== undefined);
  const tls = Object.fromEntries(told);
  expect(tls.ja4).toMatch(/^d/);
  return { identify: { ...facts, protocolVersion: version, reason: `DTLS ${version}`, tls } };
}

/** In fragments of `size` octets, each in a datagram, in the order given. */
function fragmented(parts: HelloParts, size: number, order: (n: number) => readonly number[]) {
  const body = dtlsBody(parts);
  const all: Uint8Array[] = [];
  for (let at = 0; at < body.length; at += size) {
    all.push(record(fragment(body, at, Math.min(body.length, at + size))));
  }
  return order(all.length).map((i) => client(all[i] ?? octets('')));
}
const forwards = (n: number) => [...Array(n).keys()];
const named = (host: string) => ({ evidence: 'sni', hosts: [host] });

const rows: Row[] = [
  {
    name: 'a name',
    turns: [client(record(dtlsMessage(NAMED)))],
    want: [identify(NAMED, named('turn.example'))],
  },
  {
    name: 'WebRTC names nobody: its protocol, then the address',
    turns: [client(record(dtlsMessage(WEBRTC)))],
    want: [
      identify(WEBRTC, { evidence: 'alpn', signatures: ['alpn:webrtc', 'alpn:c-webrtc'] }),
      identify(WEBRTC, { evidence: 'address' }),
    ],
  },
  {
    name: 'DTLS 1.3',
    turns: [client(record(dtlsMessage(V13), { version: 0xfefd }))],
    want: [identify(V13, named('a.example'), '1.3')],
  },
  {
    name: 'a hello in fragments',
    turns: fragmented(LONG, 900, forwards),
    want: [identify(LONG, named('a.example'))],
  },
  {
    name: 'the last fragment first, and one twice',
    turns: fragmented(LONG, 900, (n) => [n - 1, n - 1, ...forwards(n)]),
    want: [identify(LONG, named('a.example'))],
  },
  {
    name: 'a short hello in fragments',
    turns: fragmented(NAMED, 20, forwards),
    want: [identify(NAMED, named('turn.example')), { anomaly: 'client-hello-fragmented' }],
  },
  {
    name: 'two fragments in one record, behind an alert',
    turns: [
      client(
        record(octets('\x01\x00'), { type: 21 }),
        record(joined(fragment(dtlsBody(NAMED), 0, 30), fragment(dtlsBody(NAMED), 30)), {
          sequence: 1,
        }),
      ),
    ],
    want: [identify(NAMED, named('turn.example')), { anomaly: 'client-hello-fragmented' }],
  },
  {
    name: 'a first hello that was lost: the one with the cookie',
    turns: [
      server(record(fragment(octets('\xfe\xff\x04abcd'), 0, 7, { type: 3 }))),
      client(
        record(
          fragment(dtlsBody({ ...NAMED, cookie: octets('abcd') }), undefined, undefined, {
            sequence: 1,
          }),
        ),
      ),
    ],
    want: [identify(NAMED, named('turn.example'))],
  },
];

describeRows(DTLS, rows, { datagrams: true });

describe('the probe', () => {
  const hello = record(dtlsMessage(NAMED));
  const verify = record(fragment(octets('\xfe\xff\x04abcd'), 0, 7, { type: 3 }));
  test('a hello, and an answer', () => {
    expect(probeDtls(Direction.ToServer, hello)).toBe(Probe.Yes);
    expect(probeDtls(Direction.ToClient, verify)).toBe(Probe.Yes);
    expect(probeDtls(Direction.ToClient, hello)).toBe(Probe.No);
    expect(probeDtls(Direction.ToServer, verify)).toBe(Probe.No);
  });

  test.each<[string, Uint8Array]>([
    ['cut off', hello.subarray(0, -1)],
    ['empty', octets('')],
    ['another epoch', Uint8Array.from(hello, (octet, i) => (i === 4 ? 1 : octet))],
    ['a sequence beyond all counting', Uint8Array.from(hello, (octet, i) => (i === 5 ? 1 : octet))],
    ['TLS', Uint8Array.from(hello, (octet, i) => (i === 1 ? 3 : octet))],
    ['a fragment beyond its message', Uint8Array.from(hello, (octet, i) => (i === 20 ? 1 : octet))],
    ['another type', record(fragment(dtlsBody(), 0, 30, { type: 16 }))],
  ])('not DTLS: %s', (_, wire) => expect(probeDtls(Direction.ToServer, wire)).toBe(Probe.No));

  test('the record alone, for those who share a flow with it', () => {
    expect(isDtlsRecord(hello)).toBe(true);
    expect(isDtlsRecord(record(octets('sealed'), { type: 23, version: 0xfefd }))).toBe(true);
    expect(isDtlsRecord(hello.subarray(0, -1))).toBe(false);
    expect(isDtlsRecord(octets('\x80\x00\x12\x34'))).toBe(false);
    expect(isDtlsRecord(octets(''))).toBe(false);
  });
});

describe('hostile', () => {
  test('fragments that never become a hello: a bound of memory and of datagrams', () => {
    const parser = DTLS.create(flowContext());
    const ear = new Ear();
    let status: Status = Status.More;
    let datagrams = 0;
    for (; status === Status.More; datagrams++) {
      const body = new Uint8Array(16_000 + datagrams);
      const part = fragment(body, datagrams, datagrams + 1, { sequence: datagrams });
      status = parser.push(Direction.ToServer, record(part), ear);
      expect(parser.held()).toBeLessThan(40_000);
    }
    expect(datagrams).toBe(32);
    expect(ear.heard).toMatchObject([{ identify: { evidence: 'address', reason: 'DTLS 1.0' } }]);
  });

  test('octets that overlap: the first count', () => {
    const body = dtlsBody(NAMED);
    const other = body.slice().fill(0x7a, 60);
    const turns = [fragment(body, 60), fragment(other, 0)].map((part) => record(part));
    const half = record(fragment(other, 0, 60));
    const parser = new DtlsParser();
    const ear = new Ear();
    for (const wire of [turns[0] ?? half, half]) parser.push(Direction.ToServer, wire, ear);
    expect(ear.heard[0]).toEqual(identify(NAMED, named('turn.example')));
  });

  test('any octets', () => {
    const whole = record(dtlsMessage(NAMED));
    const place = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(place, { maxLength: 10 }), fc.nat(whole.length), (changes, length) => {
        const wire = whole.slice();
        for (const [at, value] of changes) wire[at] = value;
        const parser = new DtlsParser();
        const ear = new Ear();
        for (let i = 0; i < 3; i++) {
          probeDtls(Direction.ToServer, wire.subarray(0, length));
          parser.push(Direction.ToServer, wire.subarray(0, length), ear);
          expect(parser.held()).toBeLessThan(40_000);
        }
        expect(ear.heard.length).toBeLessThan(20);
      }),
      { numRuns: 3000 },
    );
  });
});
