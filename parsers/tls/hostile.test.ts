/** Input made to cost, or to confuse: bounded memory, no throw, the same whatever the cuts. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alternative, attribute, certificate, dns } from '../../src/bytes/certificate.fixture.ts';
import { cpuMilliseconds } from '../../test/support/cpu-time.ts';
import '../../test/support/property-seed.ts';
import { cut, Ear, joined, octets } from '../../test/support/parser-harness.ts';
import { Direction, Status } from '../contract.ts';
import {
  extension,
  hello,
  message,
  records,
  serverName,
  supportedVersions,
  VECTOR,
} from '../framing/client-hello.fixture.ts';
import { TlsParser } from './parser.ts';
import { serverFlight } from './tls.fixture.ts';

const MOST_HELD = 128 * 1024; // octets: a message kept in either direction while its hold doubles
const V13 = supportedVersions(0x0304);

/** In pieces of 1460 octets; the most that was held, and what was said. */
function run(direction: Direction, wire: Uint8Array, parser = new TlsParser(443)) {
  const ear = new Ear();
  let status: Status = Status.More;
  let held = 0;
  let at = 0;
  for (; at < wire.length && status === Status.More; at += 1460) {
    status = parser.push(direction, wire.slice(at, at + 1460), ear);
    held = Math.max(held, parser.held());
  }
  return { status, held, read: at, heard: ear.heard };
}

describe('a hello that never ends', () => {
  test.each<[string, Uint8Array]>([
    ['of 128 KiB', records(message(1, new Uint8Array(131_000)))],
    ['of 128 KiB in records of one octet', records(message(1, new Uint8Array(131_000)), 1)],
    [
      'of empty records',
      joined(records(octets('\x01')), ...Array(5000).fill(records(octets('')))).slice(),
    ],
  ])('%s', (_, wire) => {
    const { held, read, status } = run(Direction.ToServer, wire);
    expect(held).toBeLessThan(MOST_HELD);
    if (status === Status.More) expect(read).toBeGreaterThanOrEqual(wire.length);
  });

  test('its name is found where it is before the limit', () => {
    const padding = extension(21, new Uint8Array(20_000));
    const { heard } = run(
      Direction.ToServer,
      records(hello({ extensions: [serverName('a.example'), V13, padding] })),
    );
    expect(heard.map((said) => said.anomaly ?? 'identify')).toEqual([
      'identify',
      'client-hello-oversized',
    ]);
    expect(heard[0]?.identify).toMatchObject({ hosts: ['a.example'] });
  });

  test('behind the limit it is not, and that is told', () => {
    const padding = extension(21, new Uint8Array(20_000));
    const { heard, status } = run(
      Direction.ToServer,
      records(hello({ extensions: [V13, padding, serverName('a.example')] })),
    );
    expect(heard.map((said) => said.anomaly ?? 'identify')).toEqual(['identify']);
    expect([heard[0]?.identify, status]).toMatchObject([{ evidence: 'address' }, Status.More]);
  });
});

describe('a server that never ends', () => {
  const everybody = certificate({
    subject: [attribute(3, 'first.example')],
    extensions: [alternative(...Array.from({ length: 4000 }, (_, i) => dns(`h${i}.example`)))],
  });
  test.each<[string, Uint8Array]>([
    [
      'small messages',
      records(joined(...Array.from({ length: 30_000 }, () => message(4, octets(''))))),
    ],
    [
      'a message of 16 MB',
      joined(records(Uint8Array.of(22, 0xff, 0xff, 0xff)), records(new Uint8Array(200_000))),
    ],
    ['a chain of 200 KB', records(message(11, new Uint8Array(200_000)))],
    [
      'a certificate for everybody',
      records(serverFlight({ version: 0x0303, certificate: everybody })),
    ],
    ['records of one octet', records(message(11, new Uint8Array(30_000)), 1)],
  ])('%s: read to a limit', (_, wire) => {
    const parser = new TlsParser(443);
    run(Direction.ToServer, records(hello({ extensions: [] })), parser);
    const { held, read, status } = run(Direction.ToClient, wire, parser);
    expect(held).toBeLessThan(MOST_HELD);
    expect(read).toBeLessThan(60_000);
    expect(status).toBe(Status.Done);
  });
});

test('a record too long is told', () => {
  const ear = new Ear();
  const parser = new TlsParser(443);
  const wire = joined(records(hello()).subarray(0, 20), octets(''));
  wire[3] = 0;
  wire[4] = 15;
  const status = parser.push(Direction.ToServer, joined(wire, octets('\x16\x03\x01\xff\xff')), ear);
  expect(status).toBe(Status.Done);
  expect(ear.heard.map((said) => said.anomaly ?? 'identify')).toEqual([
    'identify',
    'tls-record-oversized',
  ]);
});

describe('any octets', () => {
  const whole = joined(VECTOR, records(octets('x'.repeat(50)), 9, 23));
  const flight = records(
    serverFlight({
      version: 0x0303,
      certificate: certificate({ extensions: [alternative(dns('a.example'))] }),
    }),
    64,
  );
  const place = fc.tuple(fc.nat(10_000), fc.nat(255));

  test('changed anywhere, cut anywhere: the same is said as of the whole', () => {
    const cuts = fc.array(fc.nat(10_000), { maxLength: 8 });
    fc.assert(
      fc.property(fc.array(place, { maxLength: 8 }), cuts, fc.boolean(), (changes, at, server) => {
        const wire = (server ? flight : whole).slice();
        for (const [where, value] of changes) wire[where % wire.length] = value;
        const direction = server ? Direction.ToClient : Direction.ToServer;
        const hear = (pieces: readonly Uint8Array[]) => {
          const parser = new TlsParser(443);
          const ear = new Ear();
          for (const piece of pieces) {
            const lent = piece.slice();
            const status = parser.push(direction, lent, ear);
            lent.fill(0xee);
            expect(parser.held()).toBeLessThan(MOST_HELD);
            if (status !== Status.More) break;
          }
          parser.end(Direction.ToServer, ear);
          parser.end(Direction.ToClient, ear);
          return ear.heard;
        };
        const edges = [...new Set(at.map((one) => one % wire.length))];
        expect(hear(cut(wire, edges))).toEqual(hear([wire]));
      }),
      { numRuns: 1500 },
    );
  });

  test('random ones', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (wire, server) => {
        const ear = new Ear();
        new TlsParser(443).push(server ? Direction.ToClient : Direction.ToServer, wire, ear);
        expect(ear.heard.length).toBeLessThan(8);
      }),
      { numRuns: 3000 },
    );
  });
});

test('time grows with the octets', () => {
  const cost = (size: number) => {
    const extensions = Array.from({ length: size / 4 }, (_, i) => extension(i & 0xffff));
    const wire = records(hello({ extensions }), 1);
    const start = cpuMilliseconds();
    for (let i = 0; i < 30; i++) run(Direction.ToServer, wire);
    return cpuMilliseconds() - start;
  };
  cost(2000);
  expect(cost(16_000)).toBeLessThan(40 * Math.max(cost(2000), 4));
});
