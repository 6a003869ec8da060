/** QQ: what the part of its packets that is not encrypted says. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { needs } from '../../test/support/need.ts';
import {
  client,
  describeRows,
  Ear,
  feed,
  flowContext,
  hex,
  joined,
  neutralised,
  replaced,
  server,
} from '../../test/support/parser-harness.ts';
import { captureOf, tsharkFields } from '../../test/support/tshark-opinion.ts';
import { Direction, Probe, Status } from '../contract.ts';
import { OICQ, OICQ_TCP } from './definition.ts';

const { ToServer, ToClient } = Direction;
const NUMBER = '56 1f 0c 7b'; // 1444875387
const me = { origin: 'client', account: '1444875387', from: '1444875387' };
const asked = { ...me, state: 'requested' };
const old = { protocolVersion: '0f5f' };
const late = { protocolVersion: '3b0b' };

/** A packet of a client, with a body that stands for the encrypted one. */
function said(version: string, command: string, sequence = '00 17', number = NUMBER): Uint8Array {
  return hex(`02 ${version} ${command} ${sequence} ${number} 00 00 9f b3 51 0c 59 cb 03`);
}
/** The answer of a server: its body begins where a client's number stands. */
function answer(command: string): Uint8Array {
  return hex(`02 01 00 ${command} 00 17 aa bb cc dd ee ff 11 22 33 03`);
}
/** The same over TCP. */
function long(packet: Uint8Array): Uint8Array {
  const length = packet.length + 2;
  return joined(Uint8Array.of(length >> 8, length & 255), packet);
}

const WANTED = [
  { kind: 'presence', ...me, ...old },
  { kind: 'session.login', ...asked, ...old },
  { kind: 'app.unknown', origin: 'server', account: me.account, ...old, reason: 'command 0x0777' },
  { kind: 'session.logout', ...asked, ...old },
];
const TURNS = [
  client(said('0f 5f', '00 22')),
  client(said('0f 5f', '00 22')), // repeated
  server(answer('00 22')),
  client(said('0f 5f', '00 16', '00 18')), // a message: encrypted
  server(answer('07 77')),
  server(answer('07 78')),
  client(said('0f 5f', '00 01', '00 19')),
  client(said('0f 5f', '00 01', '00 19')),
];

describe('over UDP', () => {
  describeRows(
    OICQ,
    [
      { name: 'signs in, writes, signs out: each is said once', turns: TURNS, want: WANTED },
      {
        name: 'since 2009 other numbers mean it',
        turns: [
          client(said('3b 0b', '00 01')),
          client(said('3b 0b', '00 62')),
          client(said('3b 0b', '08 36')),
        ],
        want: [
          { kind: 'presence', ...me, ...late },
          { kind: 'session.logout', ...asked, ...late },
          { kind: 'session.login', ...asked, ...late },
        ],
      },
      {
        name: 'another number on the same flow is another account',
        turns: [
          client(said('3b 0b', '00 02')),
          client(said('3b 0b', '00 02', '00 01', '00 01 86 a0')),
        ],
        want: [
          { kind: 'presence', ...me, ...late },
          { kind: 'presence', origin: 'client', account: '100000', from: '100000', ...late },
        ],
      },
      {
        name: 'what is no packet is named and passed over',
        turns: [client(hex('02 00')), client(hex("'hello'")), client(said('3b 0b', '00 02'))],
        want: [
          { anomaly: 'oicq-no-packet' },
          { anomaly: 'oicq-no-packet' },
          { kind: 'presence', ...me, ...late },
        ],
      },
    ],
    { datagrams: true },
  );

  test('everything is metadata of the service qq', () => {
    const { events } = feed(OICQ.create(flowContext({ transport: 'udp' })), TURNS);
    for (const event of events)
      expect(event).toMatchObject({ service: 'qq', visibility: 'metadata' });
  });
});

describe('over TCP', () => {
  const turns = TURNS.map(({ direction, wire }) => ({ direction, wire: long(wire) }));
  describeRows(OICQ_TCP, [{ name: 'the same, in any pieces', turns, want: WANTED }]);

  test('a gap inside a body costs nothing; elsewhere the next segment that begins a packet goes on', () => {
    const parser = OICQ_TCP.create(flowContext());
    const ear = new Ear();
    const one = long(said('0f 5f', '00 16'));
    parser.push(ToServer, one.subarray(0, 14), ear);
    parser.gap(ToServer, one.length - 14, ear);
    parser.push(ToServer, long(said('0f 5f', '00 22')), ear);
    parser.push(ToServer, one.subarray(0, 5), ear);
    expect(parser.holdFrom(ToServer)).toBe(2 * one.length);
    parser.gap(ToServer, 40, ear);
    parser.push(ToServer, hex('11 22 33 44'), ear);
    parser.push(ToServer, long(said('0f 5f', '00 01')), ear);
    expect(ear.heard.map(({ kind }) => kind)).toEqual([
      'presence',
      'session.login',
      'session.logout',
    ]);
    expect(ear.units.at(-1)).toMatchObject({ start: 2 * one.length + 5 + 40 + 4 });
  });

  test('what is no packet ends the reading', () => {
    const parser = OICQ_TCP.create(flowContext());
    const ear = new Ear();
    expect(parser.push(ToServer, hex("00 20 'no packet of QQ at all'"), ear)).toBe(Status.Lost);
    expect(ear.heard).toEqual([{ anomaly: 'oicq-no-packet' }]);
  });
});

describe('the probe', () => {
  const whole = said('3b 0b', '00 01');
  test.each<[string, Uint8Array, Probe]>([
    ['a packet', whole, Probe.Yes],
    ['of a server', answer('00 22'), Probe.Yes],
    ['nothing yet', new Uint8Array(0), Probe.More],
    ['without its last octet', whole.subarray(0, -1), Probe.No],
    ['with another first octet', hex('03 3b 0b 00 01 00 17 56 1f 0c 7b 00 00 03'), Probe.No],
    ['with a version nobody had', said('80 0b', '00 01'), Probe.No],
    ['with a command nobody knows', said('3b 0b', '77 77'), Probe.No],
    ['with a number nobody has', said('3b 0b', '00 01', '00 01', '00 00 00 09'), Probe.No],
    ['too short', hex('02 3b 0b 00 01 00 17 56 1f 0c 03'), Probe.No],
  ])('%s', (_, wire, want) => {
    expect(OICQ.probe?.(ToServer, wire, false)).toBe(want);
    expect(OICQ.probe?.(ToClient, wire, true)).toBe(want);
  });

  test('over TCP waits for the whole first packet, and no longer', () => {
    const wire = long(whole);
    for (let length = 0; length < wire.length; length++)
      expect(OICQ_TCP.probe?.(ToServer, wire.subarray(0, length), false)).toBe(Probe.More);
    expect(OICQ_TCP.probe?.(ToServer, joined(wire, wire), false)).toBe(Probe.Yes);
    for (const no of ['00 05 02', '00 20 03', '16 03 01', "00 20 02 3b 0b 77 77 00 17 'abcdef'"])
      expect(OICQ_TCP.probe?.(ToServer, hex(no), false), no).toBe(Probe.No);
  });
});

describe('refusing', () => {
  const turns = TURNS.map(({ direction, wire }) => ({ direction, wire: long(wire) }));

  test('a datagram of zeros is no packet; nothing is said in its place', () => {
    const quiet = neutralised(OICQ, TURNS, ({ kind }) => kind === 'session.login', {
      context: { transport: 'udp' },
    });
    expect(quiet[0]?.wire).toEqual(new Uint8Array(20));
    expect(quiet.slice(1)).toEqual(TURNS.slice(1));
    const [first] = replaced(OICQ, TURNS, ({ kind }) => kind === 'session.login', 'no');
    expect(first?.replacement).toEqual({ forward: new Uint8Array(0), back: new Uint8Array(0) });
  });

  test('over TCP the length stays and the stream goes on', () => {
    const quiet = neutralised(OICQ_TCP, turns, ({ kind }) => kind === 'session.login');
    expect(quiet[0]?.wire).toEqual(joined(hex('00 16'), new Uint8Array(20)));
    expect(quiet.slice(1)).toEqual(turns.slice(1));
  });
});

const tools = needs({ tools: ['tshark'] });
test.skipIf(tools.skip)(`tshark reads the same numbers and commands${tools.why}`, async () => {
  const capture = captureOf(TURNS, { transport: 'udp', port: 8000 });
  const fields = ['oicq.version', 'oicq.command', 'oicq.qqid'];
  const rows = await tsharkFields(capture, { filter: 'oicq && udp.dstport == 8000', fields });
  expect(rows.map((row) => row.map(([value]) => value))).toEqual(
    ['34', '34', '22', '1', '1'].map((command) => ['0x0f5f', command, '1444875387']),
  );
});

test.each([OICQ, OICQ_TCP])(
  '$name: random and mutated packets throw nothing and are held in bounds',
  (protocol) => {
    const packets = [said('3b 0b', '00 01'), answer('00 22'), said('0f 5f', '0f ff')].map(
      (packet) => (protocol === OICQ ? packet : long(packet)),
    );
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.tuple(fc.constantFrom(...packets), fc.nat(19), fc.nat(255)).map(([packet, at, octet]) => {
        const changed = packet.slice();
        changed[at % changed.length] = octet;
        return changed;
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(ToServer, ToClient), piece)), (pieces) => {
        const parser = protocol.create(flowContext());
        const ear = new Ear();
        for (const [direction, wire] of pieces) {
          if (parser.push(direction, wire, ear) !== Status.More) break;
          if (wire.length % 7 === 3) parser.gap(direction, wire.length, ear);
          expect(parser.held()).toBeLessThanOrEqual(1024);
        }
        expect(ear.heard.filter(({ kind }) => kind === 'app.unknown').length).toBeLessThanOrEqual(
          1,
        );
      }),
      { numRuns: 200 },
    );
  },
);
