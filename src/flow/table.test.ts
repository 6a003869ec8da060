import { describe, expect, test } from 'vitest';
import { PacketView } from '../decode/packet-view.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { Disposition } from './disposition.ts';
import { State } from './layout.ts';
import { FlowTable, type FlowTableOptions } from './table.ts';

const KEY = Uint32Array.of(1, 2, 3, 4);
const SECOND = 1e6;
const START = 1_700_000_000 * SECOND;
const SYN = 2;
const ACK = 16;

interface Packet {
  readonly from?: number;
  readonly to?: number;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly flags?: number;
  readonly transport?: number;
  readonly ipVersion?: number;
  readonly high?: readonly [source: number, destination: number];
  readonly at?: number; // seconds after START
  readonly vlan?: number;
  readonly octets?: number;
}

function packet(p: Packet = {}): PacketView {
  const view = new PacketView();
  view.ipVersion = p.ipVersion ?? 4;
  view.transport = p.transport ?? 6;
  view.addresses[0] = p.high?.[0] ?? 0;
  view.addresses[4] = p.high?.[1] ?? 0;
  view.addresses[3] = p.from ?? 0x0a000005;
  view.addresses[7] = p.to ?? 0xc0000201;
  view.sourcePort = p.sourcePort ?? 40123;
  view.destinationPort = p.destinationPort ?? 5222;
  view.flags = p.flags ?? ACK;
  view.vlan = p.vlan ?? -1;
  view.payloadEnd = p.octets ?? 0;
  view.time[0] = START + (p.at ?? 0) * SECOND;
  return view;
}

/** The same packet the other way. */
function reply(p: Packet = {}): PacketView {
  const there = packet(p);
  const back = packet(p);
  back.addresses.set(there.addresses.subarray(4), 0);
  back.addresses.set(there.addresses.subarray(0, 4), 4);
  back.sourcePort = there.destinationPort;
  back.destinationPort = there.sourcePort;
  return back;
}

function tableOf(flows = 1 << 20, options: FlowTableOptions = {}) {
  const table = new FlowTable({ ...DEFAULT_LIMITS, flows }, KEY, options);
  const left: string[] = [];
  table.attach({
    leaving: (slot, cause) => left.push(`${table.clientPort(slot)} ${cause}`),
    released: (slot) => left.push(`${slot} released`),
  });
  return { table, left };
}

/** Looks the packet up and enters it. */
function pass(table: FlowTable, view: PacketView): number {
  const slot = table.lookup(view);
  table.account(view, slot);
  return slot;
}

describe('lookup', () => {
  const v6: Packet = { ipVersion: 6, high: [0x20010db8, 0x20010db8], from: 1, to: 2 };

  test.each<[string, Packet]>([
    ['IPv4', {}],
    ['IPv4, reversed order', { from: 0x70000000, to: 0x01000000 }],
    ['IPv6', v6],
    ['IPv6, low words equal', { ...v6, high: [7, 3], to: 1 }],
    ['one host talking to itself', { from: 9, to: 9 }],
    ['UDP', { transport: 17 }],
  ])('both directions have one slot: %s', (_, p) => {
    const { table } = tableOf();
    const slot = table.lookup(packet(p));
    expect([table.created, table.direction]).toEqual([true, 0]);
    expect(table.lookup(reply(p))).toBe(slot);
    expect([table.created, table.direction]).toEqual([false, 1]);
    expect(table.lookup(packet(p))).toBe(slot);
    expect([table.created, table.direction, table.size]).toEqual([false, 0, 1]);
  });

  test.each<[string, Packet]>([
    ['transport', { transport: 17 }],
    ['IP version', { ipVersion: 6 }],
    ['port', { sourcePort: 40124 }],
    ['address', { to: 0xc0000202 }],
    ['ports exchanged', { sourcePort: 5222, destinationPort: 40123 }],
  ])('another %s is another flow', (_, p) => {
    const { table } = tableOf();
    const slot = table.lookup(packet());
    expect(table.lookup(packet(p))).not.toBe(slot);
    expect(table.created).toBe(true);
  });

  test.each([
    [true, 2],
    [false, 1],
  ])('the same ends in two VLANs, told apart: %s', (separateVlans, flows) => {
    const { table } = tableOf(1 << 20, { separateVlans });
    for (const vlan of [-1, 7, -1, 7]) {
      const one = packet();
      one.vlan = vlan === -1 && flows === 1 ? 3 : vlan;
      pass(table, one);
    }
    expect(table.size).toBe(flows);
  });

  test('IPv6 addresses that differ only in their high words', () => {
    const { table } = tableOf();
    const slot = table.lookup(packet(v6));
    expect(table.lookup(packet({ ...v6, high: [0x20010db8, 0x20010db9] }))).not.toBe(slot);
  });

  test('a hundred thousand flows, half of them removed, are all found', () => {
    const { table } = tableOf();
    const slots = new Map<number, number>();
    for (let i = 0; i < 100_000; i++) slots.set(i, table.lookup(packet({ from: i * 7919 })));
    for (const [i, slot] of slots) {
      if (i % 2 === 1) continue;
      table.remove(slot);
      slots.delete(i);
    }
    expect(table.size).toBe(50_000);
    const lost = [...slots].filter(([i, slot]) => table.lookup(reply({ from: i * 7919 })) !== slot);
    expect(lost).toEqual([]);
    expect(table.size).toBe(50_000);
    // Room for the idle flow of the issue (512 octets), and less than 200.
    expect(table.octets / table.slots).toBeLessThan(200);
  });

  test('all are freed at once, and those that come next are new', () => {
    const { table, left } = tableOf();
    for (let port = 0; port < 3000; port++) table.lookup(packet({ sourcePort: 1024 + port }));
    table.remove(17);
    table.clear();
    expect([table.size, table.slots, left]).toEqual([0, 0, []]);
    expect([0, 17, 2999].map((slot) => table.inUse(slot))).toEqual([false, false, false]);
    for (let port = 0; port < 3000; port++) {
      const slot = table.lookup(packet({ sourcePort: 1024 + port, octets: 5 }));
      table.account(packet({ octets: 5 }), slot);
      expect([table.created, table.payloadOctets(slot, 0)]).toEqual([true, 5]);
    }
    expect([table.size, table.slots]).toEqual([3000, 3000]);
    table.lookup(packet({ sourcePort: 1024 }));
    expect(table.created).toBe(false);
  });

  test('a large table grows without a copy of its slots', () => {
    const { table } = tableOf(1 << 20);
    const view = packet();
    const grow = (flows: number) => {
      while (table.size < flows) {
        view.addresses[3] = table.size * 7919;
        table.lookup(view);
      }
    };
    grow(262_145);
    const { words } = table;
    expect(table.capacity).toBe(1 << 20);
    grow(280_000);
    expect(table.words).toBe(words);
    expect(table.slots).toBe(280_000);
    for (let i = 0; i < 280_000; i += 7) table.lookup(reply({ from: i * 7919 }));
    expect(table.size).toBe(280_000);
  });

  test('a small run uses little memory', () => {
    const { table } = tableOf();
    table.lookup(packet());
    expect(table.octets).toBeLessThan(256 * 1024);
  });
});

describe('who is the client', () => {
  const hint = { serverPortHint: (port: number) => port === 5222 };

  test.each<[string, PacketView, FlowTableOptions, string, boolean, boolean]>([
    ['SYN', packet({ flags: SYN }), {}, '10.0.0.5:40123', true, false],
    ['SYN-ACK', reply({ flags: SYN | ACK }), {}, '10.0.0.5:40123', true, false],
    ['SYN against the hint', reply({ flags: SYN }), hint, '192.0.2.1:5222', true, false],
    ['known port', reply(), hint, '10.0.0.5:40123', false, true],
    ['known port, to server', packet(), hint, '10.0.0.5:40123', false, true],
    ['nothing known: who spoke first', reply(), {}, '192.0.2.1:5222', false, true],
    ['UDP', packet({ transport: 17, flags: SYN }), {}, '10.0.0.5:40123', false, false],
  ])('%s', (_, view, options, client, oriented, midstream) => {
    const { table } = tableOf(16, options);
    const slot = table.lookup(view);
    expect(table.clientEndpoint(slot)).toBe(client);
    expect(table.oriented(slot)).toBe(oriented);
    expect(table.midstream(slot)).toBe(midstream);
  });

  test('swap exchanges ends and counters, and the direction of the packet in hand', () => {
    const { table } = tableOf();
    const slot = pass(table, packet({ octets: 10 }));
    pass(table, packet({ octets: 5 }));
    table.swap(slot);
    expect(table.direction).toBe(1);
    expect(table.clientEndpoint(slot)).toBe('192.0.2.1:5222');
    expect(table.serverEndpoint(slot)).toBe('10.0.0.5:40123');
    expect([table.packets(slot, 0), table.packets(slot, 1)]).toEqual([0, 2]);
    expect([table.payloadOctets(slot, 0), table.payloadOctets(slot, 1)]).toEqual([0, 15]);
    expect(pass(table, packet())).toBe(slot);
    expect(table.direction).toBe(1);
    table.swap(slot);
    expect([table.direction, table.clientPort(slot), table.packets(slot, 0)]).toEqual([
      0, 40123, 3,
    ]);
  });
});

describe('what a flow tells', () => {
  test('times, VLAN, disposition, state', () => {
    const { table, left } = tableOf();
    const slot = pass(table, packet({ vlan: 12, at: 1 }));
    pass(table, reply({ vlan: 12, at: 3 }));
    pass(table, packet({ at: 2 })); // late in the capture
    expect(table.firstTime(slot)).toBe(START + SECOND);
    expect(table.lastTime(slot)).toBe(START + 3 * SECOND);
    expect(table.vlan(slot)).toBe(12);
    expect([table.ipVersion(slot), table.transport(slot)]).toEqual([4, 6]);
    for (const disposition of Object.values(Disposition)) {
      table.setDisposition(slot, disposition);
      expect(table.disposition(slot)).toBe(disposition);
      expect(table.state(slot)).toBe(State.Established);
    }
    expect(left).toEqual([`${slot} released`, `${slot} released`]);
  });

  test('IPv6 as text, RFC 5952', () => {
    const { table } = tableOf();
    const view = packet({ ipVersion: 6, high: [0x20010db8, 0], from: 0xff, to: 1 });
    const slot = table.lookup(view);
    expect(table.clientAddress(slot)).toBe('2001:db8::ff');
    expect(table.serverAddress(slot)).toBe('::1');
    expect(table.serverEndpoint(slot)).toBe('[::1]:5222');
  });
});

describe('silence', () => {
  test.each<[string, Packet, number]>([
    ['only a SYN', { flags: SYN }, 60],
    ['established', {}, 7440],
    ['UDP', { transport: 17 }, 300],
  ])('%s: a packet after the timeout is a new flow', (_, p, seconds) => {
    const { table, left } = tableOf();
    pass(table, packet(p));
    pass(table, packet({ ...p, at: seconds }));
    expect(table.created).toBe(false);
    pass(table, packet({ ...p, at: 2 * seconds + 1 }));
    expect(table.created).toBe(true);
    expect(left).toEqual(['40123 timeout']);
    expect([table.size, table.counters.timedOut]).toEqual([1, 1]);
  });

  test('silent flows leave while others speak', () => {
    const { table, left } = tableOf();
    for (let i = 0; i < 500; i++) pass(table, packet({ sourcePort: 1000 + i, flags: SYN }));
    pass(table, packet({ at: 61 }));
    pass(table, packet({ at: 62.5 }));
    expect(left.length).toBe(500);
    expect(table.size).toBe(1);
  });

  test('a clock that goes back ends nothing', () => {
    const { table, left } = tableOf();
    for (const at of [0, -90_000, 10, -5]) pass(table, packet({ at }));
    expect([table.size, left]).toEqual([1, []]);
  });
});

describe('a full table', () => {
  function fill(dispositions: readonly Disposition[]) {
    const made = tableOf(dispositions.length);
    dispositions.forEach((disposition, i) => {
      const slot = pass(made.table, packet({ sourcePort: 1 + i, at: i }));
      made.table.setDisposition(slot, disposition);
    });
    made.left.length = 0;
    return made;
  }
  const { LetGo, Opaque, Session, Undecided } = Disposition;

  test.each<[string, readonly Disposition[], number]>([
    ['let go before all others', [Session, Undecided, Opaque, LetGo], 4],
    ['the longest silent of those let go', [Session, LetGo, LetGo, Session], 2],
    ['undecided before IM', [Session, Opaque, Undecided, Undecided], 3],
    ['unreadable IM before readable', [Session, Opaque, Session], 2],
    ['the longest silent session', [Session, Session, Session], 1],
  ])('gives up %s', (_, dispositions, victim) => {
    const { table, left } = fill(dispositions);
    pass(table, packet({ sourcePort: 999, at: 50 }));
    expect(left).toEqual([`${victim} evicted`]);
    expect(table.size).toBe(dispositions.length);
  });

  test('what is read survives a flood of SYNs', () => {
    const { table } = tableOf(2000);
    const kept: [number, number][] = [];
    for (let i = 0; i < 200; i++) {
      const slot = pass(table, packet({ sourcePort: 1 + i }));
      table.setDisposition(slot, Session);
      kept.push([i, slot]);
    }
    for (let i = 0; i < 20_000; i++) pass(table, packet({ from: i, flags: SYN, at: i / 1e5 }));
    for (const [i, slot] of kept) expect(table.lookup(packet({ sourcePort: 1 + i }))).toBe(slot);
    expect(table.size).toBe(2000);
    expect(table.counters.evictedUndecided).toBe(20_000 + 200 - 2000);
    expect(table.counters.evictedSession).toBe(0);
  });
});
