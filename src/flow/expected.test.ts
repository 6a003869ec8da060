import { describe, expect, test } from 'vitest';
import type { ExpectedConnection } from '../../parsers/contract.ts';
import { PacketView } from '../decode/packet-view.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { ExpectedConnections } from './expected.ts';
import { FlowTable } from './table.ts';

const T = 1_700_000_000e6; // microseconds
const TIMEOUT = DEFAULT_LIMITS.expectedTimeout * 1e6;
const offer = {} as ExpectedConnection['offer'];

function announced(fields: Partial<ExpectedConnection>): ExpectedConnection {
  return { protocol: 'dcc-send', service: 'irc', offer, ...fields };
}

/** A table with one flow, `client` to `server`, of the given words. */
function flow(client: number[], clientPort: number, server: number[], port: number, time = T) {
  const view = new PacketView();
  view.ipVersion = client.length === 1 ? 4 : 6;
  view.transport = 6;
  view.flags = 2;
  view.addresses.set(client, 4 - client.length);
  view.addresses.set(server, 8 - server.length);
  view.sourcePort = clientPort;
  view.destinationPort = port;
  view.time[0] = time;
  const table = new FlowTable(DEFAULT_LIMITS, new Uint32Array(4));
  return { table, slot: table.lookup(view) };
}

const TO_LISTENER = flow([0x0a000005], 40000, [0xc0000201], 6000);

function expected(limits = {}): ExpectedConnections {
  return new ExpectedConnections({ ...DEFAULT_LIMITS, ...limits });
}

describe('by address', () => {
  test.each<[string, Partial<ExpectedConnection>, boolean]>([
    ['the server listens', { address: '192.0.2.1', port: 6000 }, true],
    ['the client listens (flow taken for its mirror)', { address: '10.0.0.5', port: 40000 }, true],
    ['IPv4 in IPv6', { address: '::ffff:192.0.2.1', port: 6000 }, true],
    ['another port', { address: '192.0.2.1', port: 6001 }, false],
    ['another address', { address: '192.0.2.2', port: 6000 }, false],
    ['address of one end, port of the other', { address: '192.0.2.1', port: 40000 }, false],
  ])('%s', (_, fields, found) => {
    const connections = expected();
    const connection = announced(fields);
    connections.add(connection, T);
    const { table, slot } = TO_LISTENER;
    expect(connections.takeFor(table, slot)).toBe(found ? connection : undefined);
    expect(connections.takeFor(table, slot)).toBeUndefined();
    expect(connections.size).toBe(found ? 0 : 1);
  });

  test('IPv6', () => {
    const connections = expected();
    const connection = announced({ address: '2001:db8::2', port: 6000 });
    connections.add(connection, T);
    const { table, slot } = flow([0x20010db8, 0, 0, 1], 40000, [0x20010db8, 0, 0, 2], 6000);
    expect(connections.takeFor(table, slot)).toBe(connection);
  });

  test.each<[string, Partial<ExpectedConnection>]>([
    ['a host name', { address: 'example.org', port: 6000 }],
    ['a short form', { address: '127.1', port: 6000 }],
    ['port 0 (a passive offer)', { address: '192.0.2.1', port: 0 }],
    ['a port too large', { address: '192.0.2.1', port: 65536 }],
    ['no address at all', { address: '0.0.0.0', port: 6000 }],
    ['nothing', {}],
  ])('refused: %s', (_, fields) => {
    const connections = expected();
    connections.add(announced(fields), T);
    expect([connections.size, connections.counters.refused]).toEqual([0, 1]);
  });

  test('announced again: the later stands', () => {
    const connections = expected();
    const first = announced({ address: '192.0.2.1', port: 6000, token: 'a' });
    const second = announced({ address: '192.0.2.1', port: 6000 });
    connections.add(first, T);
    connections.add(second, T);
    expect([connections.size, connections.counters.replaced]).toEqual([1, 1]);
    expect(connections.takeByToken('a', T)).toBeUndefined();
    expect(connections.takeFor(TO_LISTENER.table, TO_LISTENER.slot)).toBe(second);
  });
});

describe('by token', () => {
  test('found once, and no longer by its address', () => {
    const connections = expected();
    const connection = announced({ address: '192.0.2.1', port: 6000, token: 'abc' });
    connections.add(connection, T);
    expect(connections.takeByToken('abd', T)).toBeUndefined();
    expect(connections.takeByToken('abc', T)).toBe(connection);
    expect(connections.takeByToken('abc', T)).toBeUndefined();
    expect(connections.takeFor(TO_LISTENER.table, TO_LISTENER.slot)).toBeUndefined();
  });

  test('several listeners under one token: each is found by its address', () => {
    const connections = expected();
    const here = announced({ address: '192.0.2.1', port: 6000, token: 'abc' });
    const there = announced({ address: '192.0.2.7', port: 7000, token: 'abc' });
    connections.add(here, T);
    connections.add(there, T);
    expect(connections.takeFor(TO_LISTENER.table, TO_LISTENER.slot)).toBe(here);
    expect(connections.takeByToken('abc', T)).toBe(there);
    expect(connections.size).toBe(0);
  });
});

describe('bounds', () => {
  test('nothing is waited for longer than the timeout', () => {
    const connections = expected();
    connections.add(announced({ address: '192.0.2.1', port: 6000, token: 'x' }), T);
    const late = flow([0x0a000005], 40000, [0xc0000201], 6000, T + TIMEOUT + 1);
    expect(connections.takeFor(late.table, late.slot)).toBeUndefined();
    expect([connections.size, connections.counters.timedOut]).toEqual([0, 1]);
    connections.add(announced({ token: 'y' }), T);
    connections.add(announced({ token: 'z' }), T + TIMEOUT + 1);
    expect([connections.size, connections.counters.timedOut]).toEqual([1, 2]);
  });

  test('at the limit the oldest goes', () => {
    const connections = expected({ expectedConnections: 100 });
    for (let i = 0; i < 1000; i++) {
      connections.add(announced({ address: '192.0.2.1', port: 1 + i, token: `t${i}` }), T);
    }
    expect([connections.size, connections.counters.evicted]).toEqual([100, 900]);
    expect(connections.takeByToken('t899', T)).toBeUndefined();
    expect(connections.takeByToken('t900', T)).toBeDefined();
  });
});

describe('of a refused offer', () => {
  const CLIENT = '10.0.0.5'; // of TO_LISTENER
  const place = { address: '192.0.2.1', port: 6000 };
  const web = { address: '192.0.2.1', port: 443 };
  const by = (sender: string) => ({ offer: { ...offer, sender } });
  const { table, slot } = TO_LISTENER;

  test.each<[string, Partial<ExpectedConnection>, string, boolean]>([
    ['a connection of who was offered it', place, CLIENT, true],
    ['one to who offered it', place, '192.0.2.1', true],
    ['not that of somebody else, to an address that anybody can name', place, '10.0.0.6', false],
    ['not one to a place of many', { ...place, shared: true }, CLIENT, false],
    [
      'not one to a web server that a stranger names',
      { ...web, offer: { ...offer, origin: 'server' } },
      CLIENT,
      false,
    ],
    [
      'one to a web server that the client itself names',
      { ...web, offer: { ...offer, origin: 'client' } },
      CLIENT,
      true,
    ],
    ['not one to another place', { ...place, port: 6001 }, CLIENT, false],
  ])('%s', (_, fields, client, refused) => {
    const connections = expected();
    const connection = announced(fields);
    connections.add(connection, T, client);
    const to = flow([0x0a000005], 40000, [0xc0000201], fields.port === 443 ? 443 : 6000);
    expect(connections.refuses(to.table, to.slot)).toBe(refused);
    expect(connections.isRefused(connection)).toBe(true);
  });

  test('stays however often it is taken and given back, and no longer than any other', () => {
    const connections = expected();
    const connection = announced({ ...place, token: 'x' });
    connections.add(connection, T, CLIENT);
    for (let i = 0; i < 3; i++) {
      expect(connections.takeFor(table, slot)).toBe(connection);
      expect(connections.takeByToken('x', T + i)).toBe(connection);
      connections.add(connection, T + TIMEOUT);
      connections.restore(connection, T + TIMEOUT);
    }
    const late = flow([0x0a000005], 40000, [0xc0000201], 6000, T + TIMEOUT + 1);
    expect(connections.refuses(late.table, late.slot)).toBe(false);
    expect(connections.takeByToken('x', T + TIMEOUT + 1)).toBeUndefined();
  });

  test('the newest decides, but nobody refuses the connection of another', () => {
    const connections = expected();
    connections.add(announced({ ...place, ...by('ann') }), T, CLIENT);
    connections.add(announced({ ...place, ...by('bob') }), T);
    expect(connections.refuses(table, slot)).toBe(false);
    connections.add(announced({ ...place, ...by('ann') }), T, CLIENT);
    expect(connections.refuses(table, slot)).toBe(false);
    connections.add(announced({ ...place, ...by('bob') }), T, CLIENT);
    expect(connections.refuses(table, slot)).toBe(true);
  });

  test('what is given back does not take the place of what is newer', () => {
    const connections = expected();
    const older = announced({ ...place, ...by('ann') });
    connections.add(older, T);
    connections.takeFor(table, slot);
    connections.add(announced({ ...place, ...by('ann') }), T, CLIENT);
    connections.restore(older, T);
    expect(connections.refuses(table, slot)).toBe(true);
  });
});
