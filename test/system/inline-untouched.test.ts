/** What is no IM passes as it came, octet for octet: odd frames, jumbo frames, offloaded superframes. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { PcapWriter } from '../../src/capture/pcap-writer.ts';
import type { StoredFrame } from '../corpus/frames.ts';
import { needs } from '../support/need.ts';
import type { Carrier } from './lab/box.ts';
import { iperf } from './lab/iperf.ts';
import { Lab } from './lab/lab.ts';
import { type OddFrame, OWN_SOURCE, oddFrames } from './lab/odd-frames.ts';
import { run } from './lab/run.ts';
import { sniff } from './lab/sniffer.ts';

const tools = [
  'tcpdump',
  'tcpreplay',
  'iperf3',
  'ip',
  'ss',
  'ethtool',
  'ping',
  'sysctl',
  'taskset',
];
const need = needs({ tools, root: true });

describe.skipIf(need.skip)(`frames that nobody needs to understand${need.why}`, () => {
  let lab: Lab | undefined;
  afterEach(async () => {
    await lab?.close();
    lab = undefined;
  });

  async function open(carrier: Carrier, offloads = false): Promise<Lab> {
    const mtu = offloads ? 1500 : 9000;
    // Fragments of datagrams that are never whole are held for the usual time.
    const productArgs = ['--failure-timeout', '10s'];
    lab = await Lab.open({ tree: inject('builtTree'), carrier, mtu, offloads, productArgs });
    return lab;
  }

  /** Names of the frames that did not arrive as they were sent, in the order sent. */
  async function lost(opened: Lab, towards: 'server' | 'client', frames: readonly OddFrame[]) {
    const { network } = opened;
    const [client] = network.clients;
    if (client === undefined) throw new Error('no client');
    const ends = [
      { host: client, device: 'eth0' },
      { host: network.server, device: 'port1' },
    ] as const;
    const [from, to] = towards === 'server' ? ends : [ends[1], ends[0]];
    const file = join(opened.folder, `${towards}.pcap`);
    const sniffer = await sniff(network, { ...to, direction: 'in' }, `${file}.seen`);
    writeFileSync(file, capture(frames));
    await run(network, from.host, 'tcpreplay', ['-q', '-i', from.device, '--pps=200', file]);
    const ours = (all: readonly StoredFrame[]) =>
      all.filter(isOurs).map(({ octets }) => hex(octets));
    // The kernel keeps some, so that it cannot be told when all have come; the product none, whenever it has them.
    const quiet = opened.box.process === undefined ? 2000 : 30_000;
    const seen = ours(await sniffer.frames((all) => ours(all).length >= frames.length, quiet));
    const sent = frames.map(({ octets }) => hex(octets));
    const waiting = new Set(
      frames.filter(({ name }) => name.includes('fragment')).map(({ octets }) => hex(octets)),
    );
    const inOrder = (all: readonly string[]) => all.filter((octets) => !waiting.has(octets));
    const order = sent.filter((octets) => seen.includes(octets));
    expect(inOrder(seen), 'nothing else, in order').toEqual(inOrder(order));
    expect(seen.length, 'nothing twice').toBe(order.length);
    return frames.filter((_, index) => !seen.includes(sent[index] ?? '')).map(({ name }) => name);
  }

  const directions = ['server', 'client'] as const;

  test.each(directions)('the kernel’s bridge: towards the %s', async (towards) => {
    const frames = oddFrames().filter(({ overKernel }) => overKernel !== 'may stay');
    const kept = frames.filter(({ overKernel }) => overKernel === 'stays').map(({ name }) => name);
    expect(await lost(await open('kernel'), towards, frames)).toEqual(kept);
  });

  test.each(directions)('the product: towards the %s', async (towards) => {
    expect(await lost(await open('product'), towards, oddFrames())).toEqual([]);
  });

  test.each(['kernel', 'product'] as const)(
    'superframes stay whole, by the %s',
    { timeout: 120_000 },
    async (carrier) => {
      const opened = await open(carrier, true);
      const { network } = opened;
      const [client] = network.clients;
      if (client === undefined) throw new Error('no client');
      const filter = ['tcp', 'and', 'src', 'host', client.address];
      // At the box, and from one processor: two mix segments of one connection on their way to the cable.
      const near = { host: opened.station, device: 'inside', direction: 'in' } as const;
      const far = { host: network.server, device: 'port1', direction: 'in' } as const;
      const before = await sniff(network, near, join(opened.folder, 'near.pcap'), filter);
      const after = await sniff(network, far, join(opened.folder, 'far.pcap'), filter);
      const steering = '/sys/class/net/eth0/queues/rx-0/rps_cpus';
      await run(network, client, 'sh', ['-c', `echo 1 > ${steering}`]);
      const once = ['-c', network.server.address, '-n', '4M'];
      await iperf(network, client, once, ['taskset', '-c', '0']);
      const both = await Promise.all([before, after].map((one) => one.frames(() => false)));
      const [entered = [], came = []] = both.map((all) => all.map(({ octets }) => hex(octets)));
      // Those of one connection in their order: iperf3 has two, and a capture of two processors mixes them as it likes.
      expect(byPorts(came)).toEqual(byPorts(entered));
      const longest = Math.max(...came.map((octets) => octets.length / 2));
      expect(longest).toBeGreaterThan(10_000);
    },
  );
});

function isOurs({ octets }: StoredFrame): boolean {
  return OWN_SOURCE.every((octet, index) => octets[6 + index] === octet);
}

/** Frames as hex, IPv4 without options: by the ports of TCP. */
function byPorts(frames: readonly string[]): Record<string, string[]> {
  const flows: Record<string, string[]> = {};
  for (const frame of frames) {
    const ports = frame.slice(68, 76);
    flows[ports] = [...(flows[ports] ?? []), frame];
  }
  return flows;
}

function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}

function capture(frames: readonly OddFrame[]): Uint8Array {
  const writer = new PcapWriter(1);
  const records = frames.map(({ octets }, index) => writer.record(octets, index * 1000));
  return Buffer.concat([writer.header(), ...records]);
}
