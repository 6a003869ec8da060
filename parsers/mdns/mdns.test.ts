/** Presence on a link: the rows follow XEP-0174 and RFC 6763, and tshark reads them too; test/captures has a real one. */
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
  octets,
  server,
} from '../../test/support/parser-harness.ts';
import { captureOf, tsharkFields } from '../../test/support/tshark-opinion.ts';
import { Direction, Probe } from '../contract.ts';
import { MDNS } from './definition.ts';
import { probeMdns } from './probe.ts';

const { ToServer, ToClient } = Direction;
const u16 = (n: number) => Uint8Array.of(n >> 8, n & 255);
const label = (text: string) => joined(Uint8Array.of(octets(text).length), octets(text));
const name = (...labels: string[]) => joined(...labels.map(label), hex('00'));
const strings = (...texts: string[]) => joined(...texts.map(label));
const PRESENCE = ['_presence', '_tcp', 'local'];

function record(owner: Uint8Array, type: number, data: Uint8Array, ttl = 4500): Uint8Array {
  return joined(owner, u16(type), hex('80 01 00 00'), u16(ttl), u16(data.length), data);
}
function answer(...records: Uint8Array[]): Uint8Array {
  return joined(hex('00 00 84 00 00 00'), u16(records.length), hex('00 00 00 00'), ...records);
}
function ask(...names: Uint8Array[]): Uint8Array {
  const questions = names.map((n) => joined(n, hex('00 0c 00 01')));
  return joined(hex('00 00 00 00'), u16(names.length), hex('00 00 00 00 00 00'), ...questions);
}
const ann = name('Ann@Mill', ...PRESENCE);
const txt = (...texts: string[]) => record(ann, 16, strings('txtvers=1', ...texts));
const me = {
  kind: 'presence',
  protocolVersion: '1',
  origin: 'client',
  account: 'ann@mill',
  from: 'ann@mill',
};

describe('presence', () =>
  describeRows(
    MDNS,
    [
      {
        name: 'comes, is away, says the same again, goes',
        turns: [
          client(
            answer(
              txt('1st=Ann', 'last=Lee', 'status=avail', 'port.p2pj=5298', 'email=ann@example'),
            ),
          ),
          client(answer(txt('1st=Ann', 'last=Lee', 'status=away', 'msg=at the mill'))),
          client(answer(txt('1st=Ann', 'last=Lee', 'status=away', 'msg=at the mill'))),
          client(answer(record(ann, 16, strings('txtvers=1', 'status=away'), 0))),
        ],
        want: [
          { ...me, state: 'available', name: 'Ann Lee' },
          { ...me, state: 'away', status: 'at the mill', name: 'Ann Lee' },
          { ...me, state: 'offline' },
        ],
      },
      {
        name: 'among other records, its name by a pointer, keys in other letters, the first of two counts',
        turns: [
          client(
            answer(
              // 12: '_presence' '_tcp' 'local'; a PTR that points to the instance behind it
              record(name(...PRESENCE), 12, joined(label('ann@mill'), hex('c0 0c'))),
              // 44 is where 'ann@mill' stands in that record's data
              record(
                hex('c0 2c'),
                16,
                strings('TXTVERS=1', 'Nick=annie', 'MSG=falcon', 'msg=dove', '=x', 'flag'),
              ),
              record(name('mill', 'local'), 1, hex('0a 00 00 01')),
              record(name('printer', '_ipp', '_tcp', 'local'), 16, strings('status=away')),
            ),
          ),
        ],
        want: [{ ...me, state: 'available', status: 'falcon', name: 'annie' }],
      },
      {
        name: 'answered to one who asked',
        turns: [server(answer(txt('status=dnd', 'nick=caf\xc3\xa9')))],
        want: [
          {
            kind: 'presence',
            protocolVersion: '1',
            origin: 'server',
            from: 'ann@mill',
            state: 'dnd',
            name: 'café',
          },
        ],
      },
      { name: 'who asks is not present', turns: [client(ask(ann, name(...PRESENCE)))], want: [] },
      {
        name: 'evasion: pointers that loop or point forwards, lengths beyond the end',
        turns: [
          client(answer(record(hex('c0 0c'), 16, strings('msg=falcon')))),
          client(
            answer(record(joined(label('ann@mill'), hex('c0 ff')), 16, strings('msg=falcon'))),
          ),
          client(answer(txt('msg=falcon')).subarray(0, -3)),
          client(hex('00 00 84 00')),
          client(joined(hex('00 00 84 00 00 00 ff ff 00 00 00 00'), new Uint8Array(9000))),
          client(answer(record(ann, 16, hex("ff 'msg=falcon'")))),
        ],
        want: [
          { anomaly: 'mdns-malformed' },
          { anomaly: 'mdns-malformed' },
          { anomaly: 'mdns-too-many-records' },
          {
            kind: 'presence',
            origin: 'client',
            account: 'ann@mill',
            from: 'ann@mill',
            state: 'available',
            status: 'falcon',
          },
        ],
      },
    ],
    { datagrams: true },
  ));

test('it is the service bonjour, and a unit is a datagram', () => {
  const wire = answer(txt());
  const ear = feed(
    MDNS.create(flowContext({ transport: 'udp' })),
    [client(ask(ann)), client(wire)],
    undefined,
    new Ear(['service', 'protocol']),
  );
  expect(ear.heard).toMatchObject([{ service: 'bonjour', protocol: 'mdns' }]);
  const start = ask(ann).length;
  expect(ear.units).toMatchObject([{ start, end: start + wire.length, form: 0 }]);
});

test('a refused datagram is an empty question', () => {
  const turns = [client(answer(txt())), client(answer(txt('status=away')))];
  const quiet = neutralised(MDNS, turns, ({ state }) => state === 'available');
  expect(quiet[0]?.wire.every((octet) => octet === 0)).toBe(true);
  expect(feed(MDNS.create(flowContext()), quiet).heard).toEqual([{ ...me, state: 'away' }]);
});

describe('the probe', () => {
  test.each<[string, Uint8Array, Probe]>([
    ['an answer', answer(txt()), Probe.Yes],
    ['a question', ask(name('_ipp', '_tcp', 'local')), Probe.More],
    ['who is present?', ask(name(...PRESENCE)), Probe.More],
    [
      'a printer',
      answer(record(name('printer', '_ipp', '_tcp', 'local'), 16, strings('a=b'))),
      Probe.More,
    ],
    ['an answer cut short', answer(txt()).subarray(0, -3), Probe.More],
    ['nothing yet', new Uint8Array(0), Probe.More],
    ['unicast DNS', joined(hex('12 34'), ask(ann).subarray(2)), Probe.No],
    ['another domain', ask(name('example', 'org')), Probe.No],
    ['the root', ask(name()), Probe.No],
    ['another operation', joined(hex('00 00 28 00'), ask(ann).subarray(4)), Probe.No],
    ['zeros', new Uint8Array(64), Probe.No],
    [
      'a name without end',
      joined(hex('00 00 00 00 00 01 00 00 00 00 00 00'), hex("3f 'abc'")),
      Probe.No,
    ],
  ])('%s', (_, wire, want) => {
    for (const midstream of [false, true]) expect(probeMdns(ToServer, wire, midstream)).toBe(want);
    expect(probeMdns(ToClient, wire, false)).toBe(want);
  });
});

const tools = needs({ tools: ['tshark'] });
test.skipIf(tools.skip)(`tshark reads the same record${tools.why}`, async () => {
  const capture = captureOf([client(answer(txt('status=away', 'msg=at the mill')))], {
    transport: 'udp',
    port: 5353,
  });
  const rows = await tsharkFields(capture, {
    filter: 'mdns',
    fields: ['dns.resp.name', 'dns.txt'],
  });
  expect(rows).toEqual([
    [['Ann@Mill._presence._tcp.local'], ['txtvers=1', 'status=away', 'msg=at the mill']],
  ]);
});

test('random and mutated datagrams throw nothing and are held in bounds', () => {
  const whole = answer(
    record(name(...PRESENCE), 12, joined(label('ann@mill'), hex('c0 0c'))),
    txt('1st=Ann', 'msg=x'),
  );
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 5 }).map((changes) => {
      const changed = whole.slice();
      for (const [at, octet] of changes) changed[at] = octet;
      return changed;
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(ToServer, ToClient), piece)), (pieces) => {
      const parser = MDNS.create(flowContext());
      const ear = new Ear();
      for (const [direction, wire] of pieces) parser.push(direction, wire, ear);
      expect(parser.held()).toBeLessThan(100_000);
    }),
  );
});

test('people without end are forgotten', () => {
  const parser = MDNS.create(flowContext());
  const ear = new Ear();
  for (let i = 0; i < 500; i++) {
    parser.push(
      ToServer,
      answer(record(name(`p${i}`, ...PRESENCE), 16, strings(`msg=${'x'.repeat(200)}`))),
      ear,
    );
  }
  expect(ear.heard).toHaveLength(500);
  expect(parser.held()).toBeLessThan(40_000);
});
