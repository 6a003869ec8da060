/** What every protocol of the registry promises (parsers/contract.ts), whatever octets come. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Direction,
  type ExpectedConnection,
  type FlowContext,
  Probe,
  type ProtocolDefinition,
  Status,
} from '../parsers/contract.ts';
import { PROTOCOLS } from '../parsers/registry.ts';
import { PASS } from '../src/verdict/judge.ts';

const HELD_MOST = 16 << 20; // octets of one parser; each has closer limits of its own
const WORDS = [
  "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='e'>",
  "<message to='a@e'><body>x</body></message>",
  '<iq type="set"',
  'NICK a\r\nUSER a 0 * :a\r\n',
  ':a!b@c PRIVMSG #x :\u0001DCC SEND f 16843009 5000 3\u0001\r\n',
  '\u0005\u0001\u0000',
  '\u0005\u0001\u0000\u0003(',
  '$Lock EXTENDEDPROTOCOLx Pk=y|$HubName h - t|$Hello ann|<bob> hi|$To: a From: b $<b> x|',
  '$MyNick a|$ADCGET file f 0 9 ZL1|$ADCSND file f 0 9 ZL1|$Get f$1|$FileLength 9|$Send|$ZOn|',
  'HSUP ADBASE\nISID AAAB\nBINF AAAB NIa\nDMSG AAAC AAAB x PMAAAC\nCGET file f 0 9\nCSND file f 0 9 ZL1\nIZON\n',
  '\u0000\u0000\u0084\u0000\u0000\u0000\u0000\u0001\u0000\u0000\u0000\u0000\u0001a\u0009_presence\u0004_tcp\u0005local\u0000\u0000\u0010\u0000\u0001\u0000\u0000\u0000\u0009\u0000\u0006\u0005msg=x',
  '\u0002\u003b\u000b\u0000\u0001\u0000\u0017\u0056\u001f\u000c\u007b\u0000\u0003',
  '*\u0001\u0000\u0001\u0000\u0004\u0000\u0000\u0000\u0001',
  '*\u0002\u0000\u0002\u0000\u0025\u0000\u0004\u0000\u0006\u0000\u0000\u0000\u0000\u0000\u000712345678\u0000\u0001\u0001b\u0000\u0002\u0000\t\u0001\u0001\u0000\u0005\u0000\u0000\u0000\u0000x',
  '\u0004\u0000\u0000\u0000foo\u0000\u0010\u0000\u0000\u0000abcdefghijklmnop\u0008\u0000\u0000\u0000\u0008\u0000\u0000\u0000\u0000\u0000\u0000\u0001',
  'VER MSNFTP\r\nUSR a@e 1\r\nFIL 30\r\n\u0000\u0009\u0000TFR\r\nCCL\r\n\u0001\u0000\u0000BYE 16777989\r\n',
  '\x10\x0d\0\x04MQTT\x04\x02\0\x3c\0\x01a',
  '\x32\x07\0\x01t\0\x01hi',
  '\x82\x06\0\x01\0\x01t\x01',
  'VER 1 MSNP15 CVR0\r\nUSR 1 a@b.c 1.2\r\nCAL 2 d@e.f\r\n',
  'MSG d@e.f D 35\r\nContent-Type: text/plain\r\n\r\nhi bobby',
  'POST /gateway/gateway.dll?SessionID=1 HTTP/1.1\r\nContent-Length: 12\r\n\r\nMSG 1 A 3\r\n',
  `OFT2\x01\0\x01\x01${'\0'.repeat(20)}\0\0\0\x1e\0\0\0\x1e${'\0'.repeat(156)}f${'\0'.repeat(63)}`,
  `OFT2\x01\0\x02\x02${'\0'.repeat(20)}\0\0\0\x1e\0\0\0\x1e${'\0'.repeat(156)}f${'\0'.repeat(63)}`,
  `ODC2\0\x4c\0\x01\0\x06${'\0'.repeat(18)}\0\0\0\x02${'\0'.repeat(12)}a${'\0'.repeat(31)}hi`,
  '\0\x16\x04\x4a\0\x02\0\0\0\0\0\0\x03annCOOKIE01',
  '\0\x0a\x04\x4a\0\x05\0\0\0\0\0\0',
  'FLAPON\r\n\r\n',
  '*\x02\0\x01\0\x12toc_send_im bob hi',
  '*\x02\0\x02\0\x0eIM_IN:bob:F:hi',
  '\x01\0\0\0\x04\0\0\0seed',
  '\x0a\0\0\0\x14\0\0\0\x09\0\0\0\x05\0\0\0\0\0\0\0\x08\0\0\0hej\0',
  '\x0b\0\0\0\x10\0\0\0\x09\0\0\0\x05\0\0\0\x08\0\0\0hej\0',
  'a'.repeat(40),
  '\r\n',
  '>',
  'YMSG\0\x10\0\0\0\x1f\0\x06\x5a\x55\xaa\x56\0\0\0\x011\xc0\x80ann\xc0\x805\xc0\x80bob\xc0\x8097\xc0\x801\xc0\x8014\xc0\x80hi\xc0\x80',
  'POST /notifyft HTTP/1.0\r\nContent-length: 40\r\n\r\n',
  'GET /relay?token=a&sender=b&recver=c HTTP/1.1\r\n\r\n',
  'MESSAGE sip:b@e SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bKa\r\nFrom: <sip:a@e>;tag=1\r\nTo: <sip:b@e>\r\nCall-ID: c\r\nCSeq: 1 MESSAGE\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi',
  'INVITE sip:b@e SIP/2.0\r\nFrom: <sip:a@e>;tag=1\r\nTo: <sip:b@e>\r\nCall-ID: d\r\nCSeq: 1 INVITE\r\nContent-Type: application/sdp\r\nContent-Length: 100\r\n\r\nm=message 1 TCP/MSRP *\r\na=path:msrp://h:1/s;tcp\r\na=file-selector:name:"f" size:30\r\n            ',
  'SIP/2.0 200 OK\r\nFrom: <sip:a@e>;tag=1\r\nTo: <sip:b@e>;tag=2\r\nCall-ID: d\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n',
  'MSRP tid1 SEND\r\nTo-Path: msrp://h:1/s;tcp\r\nFrom-Path: msrp://h:2/t;tcp\r\nMessage-ID: m\r\nByte-Range: 1-5/9\r\nContent-Type: text/plain\r\n\r\nhello\r\n-------tid1+\r\n',
  'MSRP tid1 200 OK\r\nTo-Path: msrp://h:1/s;tcp\r\nFrom-Path: msrp://h:2/t;tcp\r\n-------tid1$\r\n',
];
const octets = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

const pieces = fc.array(
  fc.record({
    direction: fc.constantFrom<Direction>(0, 1),
    wire: fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.array(fc.constantFrom(...WORDS), { maxLength: 4 }).map((w) => octets(w.join(''))),
    ),
    gap: fc.boolean(),
  }),
  { maxLength: 12 },
);

function context(protocol: ProtocolDefinition): FlowContext {
  const kept = new Map<string, unknown>();
  const expected: ExpectedConnection = {
    protocol: protocol.name,
    service: 'irc',
    offer: {
      service: 'irc',
      account: 'a',
      sender: 'a',
      recipient: 'b',
      senderListens: true,
      room: undefined,
      name: 'f',
      size: 30,
      offset: 0,
      mime: undefined,
      token: undefined,
      method: 'dcc',
      origin: 'client',
    },
  };
  return {
    transport: protocol.transport,
    clientAddress: '192.0.2.1',
    clientPort: 40000,
    serverAddress: '192.0.2.2',
    serverPort: 5222,
    midstream: false,
    expected: protocol.probe === undefined ? expected : undefined,
    memory: kept,
    follow: () => ({ write() {}, finish: () => '', discard() {} }),
    expectedByToken: () => undefined,
  };
}

test('there are protocols, each with a name of its own', () => {
  expect(PROTOCOLS.length).toBeGreaterThanOrEqual(5);
  expect(new Set(PROTOCOLS.map((p) => p.name)).size).toBe(PROTOCOLS.length);
});

describe.each(PROTOCOLS.map((p) => [p.name, p] as const))('%s', (_, protocol) => {
  test('throws on nothing, holds within bounds, keeps its watermark within what it was fed', () => {
    fc.assert(
      fc.property(pieces, (turns) => {
        const parser = protocol.create(context(protocol));
        const fed: [number, number] = [0, 0];
        let status: Status = Status.More;
        const sink = {
          event: () => PASS,
          anomaly: (name: string) => expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/),
          expect() {},
          handOver() {},
          identify: () => false,
          resolved() {},
        };
        for (const { direction, wire, gap } of turns) {
          if (status !== Status.More) break;
          if (gap) {
            status = parser.gap(direction, 7, sink);
            fed[direction] += 7;
            continue;
          }
          const lent = wire.slice();
          status = parser.push(direction, lent, sink);
          lent.fill(0xee);
          fed[direction] += wire.length;
          expect(parser.holdFrom(direction)).toBeGreaterThanOrEqual(-1);
          expect(parser.holdFrom(direction)).toBeLessThanOrEqual(fed[direction]);
          expect(parser.held()).toBeLessThan(HELD_MOST);
        }
        parser.end(0, sink);
        parser.end(1, sink);
      }),
      { numRuns: 300 },
    );
  });

  if (protocol.neutralise !== undefined) {
    const refused = fc.record({
      direction: fc.constantFrom<Direction>(0, 1),
      length: fc.integer({ min: 1, max: 300 }),
      head: fc.nat(40),
      form: fc.nat(9),
    });
    test('neutral octets are the same however a unit is cut', () => {
      fc.assert(
        fc.property(
          refused,
          fc.uint8Array({ minLength: 300, maxLength: 300 }),
          fc.array(fc.nat(300)),
          (given, wire, cuts) => {
            const { length } = given;
            const unit = { ...given, head: Math.min(given.head, length) };
            const whole = wire.slice(0, length);
            protocol.neutralise?.(whole, 0, unit);
            const parts = wire.slice(0, length);
            const edges = [0, ...cuts.filter((c) => c < length).sort((a, b) => a - b), length];
            for (let i = 1; i < edges.length; i++) {
              const from = edges[i - 1] ?? 0;
              protocol.neutralise?.(parts.subarray(from, edges[i]), from, unit);
            }
            expect(parts).toEqual(whole);
          },
        ),
      );
    });
  }

  if (protocol.probe !== undefined) {
    if (protocol.transport === 'tcp') {
      test('its probe refuses nothing that it accepts when more is there', () => {
        const word = fc.constantFrom(...WORDS).map(octets);
        const wire = fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 90 }), word);
        fc.assert(
          fc.property(wire, fc.boolean(), fc.nat(90), (seen, midstream, cut) => {
            for (const direction of [0, 1] as const) {
              const prefix = seen.subarray(0, 1 + (cut % seen.length));
              if (protocol.probe?.(direction, prefix, midstream) !== Probe.No) continue;
              expect(protocol.probe?.(direction, seen, midstream)).toBe(Probe.No);
            }
          }),
          { numRuns: 500 },
        );
      });
    }

    const { firstOctets } = protocol;
    if (firstOctets !== undefined) {
      test('wants no datagram that begins with another octet than it says', () => {
        const word = fc.constantFrom(...WORDS).map(octets);
        fc.assert(
          fc.property(
            fc.oneof(fc.uint8Array({ minLength: 1 }), word),
            fc.nat(255),
            (seen, first) => {
              if (firstOctets.includes(String.fromCharCode(first))) return;
              const wire = Uint8Array.from(seen);
              wire[0] = first;
              for (const direction of [0, 1] as const) {
                expect(protocol.probe?.(direction, wire, false)).toBe(Probe.No);
              }
            },
          ),
          { numRuns: 500 },
        );
      });
    }

    test('its probe has an answer to any octets', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (wire, midstream) => {
          for (const direction of [0, 1] as const) {
            expect([Probe.No, Probe.More, Probe.Yes]).toContain(
              protocol.probe?.(direction, wire, midstream),
            );
          }
        }),
      );
    });
  }
});
