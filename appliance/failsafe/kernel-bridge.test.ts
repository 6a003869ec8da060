import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { needs } from '../../test/support/need.ts';
import { UserError } from '../cli/user-error.ts';
import { KernelBridge } from './kernel-bridge.ts';
import { frameTo, RawEnd } from './raw-frames.fixture.ts';
import { wallMicroseconds } from './wall-clock.ts';
import { inNamespace, TestWire } from './wire.fixture.ts';

const need = needs({ root: true, tools: ['ip', 'ping', 'bridge', 'iperf3', 'tcpdump'] });

describe.skipIf(need.skip)(`a kernel bridge over the wire${need.why}`, () => {
  let wire: TestWire;
  afterEach(() => wire.remove());

  const bridgeOf = (shut = false) =>
    inNamespace(wire.box, () => new KernelBridge({ a: 'a0', b: 'b0', shut }));

  test('stands by, carries, and stands by again; IPv4 and IPv6', () => {
    wire = new TestWire();
    const bridge = bridgeOf();
    expect(bridge.name).toBe('sp-a0-b0');
    expect(wire.isShut()).toBe(true);
    const before = wallMicroseconds();
    const since = bridge.carry();
    expect(since).toBeGreaterThanOrEqual(before);
    expect(since).toBeLessThanOrEqual(wallMicroseconds());
    expect(wire.passes()).toBe(true);
    expect(wire.passes('fd09::2')).toBe(true);
    bridge.release();
    expect(wire.isShut()).toBe(true);
    bridge.carry();
    expect(wire.passes()).toBe(true);
  });

  test('spanning tree, LACP, LLDP and 802.1X pass as they are; PAUSE does not', async () => {
    wire = new TestWire();
    bridgeOf().carry();
    const left = new RawEnd(wire.left);
    const right = new RawEnd(wire.right);
    const frames = {
      spanningTree: frameTo('0180c2000000', '0026'),
      pause: frameTo('0180c2000001', '8808'),
      lacp: frameTo('0180c2000002', '8809'),
      eapol: frameTo('0180c2000003', '888e'),
      lldp: frameTo('0180c200000e', '88cc'),
    };
    for (const frame of Object.values(frames)) left.send(frame);
    const received = await right.received();
    left.close();
    right.close();
    const passed = Object.entries(frames)
      .filter(([, frame]) => received.includes(Buffer.from(frame).toString('hex')))
      .map(([name]) => name);
    expect(passed).toEqual(['spanningTree', 'lacp', 'eapol', 'lldp']);
  });

  test('VLAN tags pass, also those of priority alone', async () => {
    wire = new TestWire();
    bridgeOf().carry();
    // Not a socket of ours: the kernel takes the tag off before it shows the frame, tcpdump puts it back.
    const dump = wire.start(wire.right, 'tcpdump', '-i', 'eth', '-nnel', '-c', '2', 'vlan');
    await once(dump.stderr ?? dump, 'data'); // it listens
    let seen = '';
    dump.stdout?.on('data', (text) => {
      seen += text;
    });
    const left = new RawEnd(wire.left);
    left.send(frameTo('020000000002', '8100' + '0005' + '0800'));
    left.send(frameTo('ffffffffffff', '8100' + 'a000' + '0800'));
    await once(dump, 'close');
    left.close();
    expect(seen).toMatch(/vlan 5, p 0[\s\S]*vlan 0, p 5/);
  });

  test('one TCP stream goes at the speed of the kernel', async () => {
    wire = new TestWire();
    bridgeOf().carry();
    await wire.serve('iperf3', '-s', '-1', '-p', '5201');
    wire.run(wire.left, 'iperf3', '-c', '10.9.0.2', '-t', '1');
    const octets = Number(wire.run(wire.left, 'cat', '/sys/class/net/eth/statistics/tx_bytes'));
    expect(octets, 'octets in a second').toBeGreaterThan(100_000_000);
  });

  test('standing by, it stays shut when carriers come and go', () => {
    wire = new TestWire();
    const bridge = bridgeOf();
    bridge.carry();
    bridge.release();
    for (const state of ['down', 'up']) {
      wire.run(wire.left, 'ip', 'link', 'set', 'eth', state);
      wire.run(wire.box, 'ip', 'link', 'set', 'b0', state);
    }
    expect(wire.run(wire.box, 'bridge', 'link')).toMatch(
      /a0.*state disabled[\s\S]*b0.*state disabled/,
    );
    expect(wire.isShut()).toBe(true);
  });

  test('a shut bridge carries nothing, though somebody sets it up', () => {
    wire = new TestWire();
    bridgeOf().carry();
    expect(wire.passes()).toBe(true);
    expect(bridgeOf(true).carrying).toBe(false);
    expect(wire.isShut()).toBe(true);
    wire.run(wire.box, 'ip', 'link', 'set', 'sp-a0-b0', 'up');
    expect(wire.isShut()).toBe(true);
    // The control: the same by hand, without the isolation.
    bridgeOf();
    expect(wire.passes()).toBe(true);
  });

  test('is found again with what it is doing and what it has counted', () => {
    wire = new TestWire();
    const first = bridgeOf();
    first.carry();
    first.remember({ failovers: 3, last: 1_790_000_000_000, reason: 'hung' });
    first.close();
    const second = bridgeOf();
    expect(second.carrying).toBe(true);
    expect(second.history).toEqual({ failovers: 3, last: 1_790_000_000_000, reason: 'hung' });
    expect(second.fault()).toBeUndefined();
    wire.run(wire.box, 'ip', 'link', 'del', 'sp-a0-b0');
    expect(second.fault()).toBe('the bridge sp-a0-b0 was removed');
  });

  test('the box keeps silent: no answer to ARP for its addresses, no IPv6 of its own', () => {
    wire = new TestWire();
    wire.run(wire.box, 'ip', 'addr', 'add', '10.9.0.77/32', 'dev', 'lo');
    wire.run(wire.box, 'ip', 'link', 'set', 'lo', 'up');
    // The control: without us, Linux answers on any interface.
    wire.run(wire.box, 'ip', 'addr', 'add', '10.9.9.9/32', 'dev', 'a0');
    expect(answersArp(wire)).toBe(true);
    wire.run(wire.box, 'ip', 'addr', 'flush', 'dev', 'a0');
    const bridge = bridgeOf();
    expect(answersArp(wire)).toBe(false);
    bridge.carry();
    expect(answersArp(wire)).toBe(false);
    expect(wire.run(wire.box, 'ip', '-6', 'addr', 'show', 'scope', 'link')).toBe('');
  });

  test('what is not there, or belongs to something else, is refused', () => {
    wire = new TestWire();
    const refusal = (a: string) => {
      try {
        inNamespace(wire.box, () => new KernelBridge({ a, b: 'b0', shut: false }));
      } catch (error) {
        if (error instanceof UserError) return error.message;
        throw error;
      }
      return undefined;
    };
    expect(refusal('nosuch')).toBe('there is no interface nosuch');
    expect(refusal('lo')).toMatch(/^cannot put lo and b0 into the bridge sp-b0-lo: /);
    expect(wire.run(wire.box, 'ip', 'link', 'show', 'type', 'bridge'), 'left behind').toBe('');
    wire.run(wire.box, 'ip', 'addr', 'add', '192.0.2.1/24', 'dev', 'a0');
    expect(refusal('a0')).toMatch(/^a0 has the address 192.0.2.1\/24: /);
    wire.run(wire.box, 'ip', 'addr', 'flush', 'dev', 'a0');
    wire.run(wire.box, 'ip', 'link', 'add', 'name', 'other', 'type', 'bridge');
    wire.run(wire.box, 'ip', 'link', 'set', 'a0', 'master', 'other');
    expect(refusal('a0')).toBe("a0 is a port of other: a wire's interfaces belong to nothing else");
    wire.run(wire.box, 'ip', 'link', 'set', 'a0', 'nomaster');
    expect(refusal('a0')).toBeUndefined();
  });
});

function answersArp(wire: TestWire): boolean {
  wire.run(wire.left, 'ip', 'neigh', 'flush', 'all');
  try {
    wire.run(wire.left, 'ping', '-c', '1', '-W', '1', '10.9.0.77');
  } catch {
    // It may answer ARP and not ping.
  }
  return /lladdr/.test(wire.run(wire.left, 'ip', 'neigh', 'show', '10.9.0.77'));
}
