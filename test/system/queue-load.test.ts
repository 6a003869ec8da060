/**
 * Much traffic through a router that asks about every packet: none is lost on its way to the product and back. The
 * firewall counts at both ends of the queue. SALLYPORT_LOAD scales the length (1: a million packets).
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, inject, test } from 'vitest';
import type { Station } from '../record/lab/network.ts';
import { needs } from '../support/need.ts';
import { sendBatches } from './lab/batches.ts';
import { mixedTraffic } from './lab/mixed-traffic.ts';
import { QueueLab } from './lab/queue-lab.ts';
import { run } from './lab/run.ts';

const tools = [
  ...['tcpreplay', 'tcprewrite', 'editcap', 'ngircd', 'ip', 'ss', 'ethtool', 'sysctl'],
  ...['iptables', 'ip6tables'],
];
const need = needs({ tools, root: true, corpus: true });

const PACKETS = Math.round(1_000_000 * Number(process.env.SALLYPORT_LOAD ?? '1'));
/** A rate that a machine with two cores, on which all of the lab runs, can generate and forward. */
const RATE = Number(process.env.SALLYPORT_LOAD_RATE ?? '20000'); // packets a second
const BATCH = 12_000; // packets between two looks
const ROOM = 16_384 - BATCH; // of the queue's default length

/** A queue that is full drops, and counts what it dropped: nothing passes by unseen. */
const RULES = `sallyport: 1
defaults: { overload: drop }
rules:
  - id: marker
    on: message
    if: { text: { contains: nobody ever says this } }
    then: drop
`;

describe.skipIf(need.skip)(`the queue under load${need.why}`, () => {
  let lab: QueueLab | undefined;
  afterEach(async () => {
    await lab?.close();
    lab = undefined;
  });

  test(`${PACKETS} packets of mixed traffic`, { timeout: 300_000 }, async () => {
    const traffic = await mixedTraffic(PACKETS);
    const tree = inject('builtTree');
    lab = await QueueLab.open({ tree, everyPacket: true, onFailure: 'closed', rules: RULES });
    const { network, client, router, folder } = lab;
    const inside = (...args: string[]) => run(network, router, args[0] ?? '', args.slice(1));
    const mac = async (host: Station, device: string) =>
      (await run(network, host, 'cat', [`/sys/class/net/${device}/address`])).trim();
    // Whoever it is for, the next hop is the server.
    const { address, address6 } = network.server;
    for (const [host, device, out] of [
      [network.server, 'br0', 'outside'],
      [client, 'eth0', 'inside'],
    ] as const) {
      const link = ['lladdr', await mac(host, device), 'dev', out];
      for (const to of [host.address, host.address6]) {
        await inside('ip', 'neigh', 'replace', to, ...link);
      }
    }
    for (const to of [address, address6]) {
      const family = to === address ? '-4' : '-6';
      await inside('ip', family, 'route', 'add', 'default', 'via', to, 'dev', 'outside', 'onlink');
    }
    for (const command of ['iptables', 'ip6tables']) {
      await inside(command, '-w', '-t', 'mangle', '-I', 'POSTROUTING');
      // What the router has to say of its own is no packet of the traffic.
      const icmp = command === 'iptables' ? 'icmp' : 'ipv6-icmp';
      const output = ['-w', '-t', 'mangle', '-A', 'OUTPUT', '-p', icmp];
      await inside(command, ...output, '-m', 'addrtype', '--src-type', 'LOCAL', '-j', 'DROP');
    }
    await lab.startProduct();
    const file = join(folder, 'sent.pcap');
    const dmac = await mac(router, 'inside');
    const rewrite = [`--enet-dmac=${dmac}`, '-i', traffic.path, '-o', file];
    await run(network, client, 'tcprewrite', rewrite);
    const before = await counted(inside);
    const rate = await sendBatches(network, client, {
      ...{ capture: file, folder, device: 'eth0', size: BATCH, rate: RATE },
      room: async () => {
        while ((lab?.statistics()?.waiting ?? 0) > ROOM) await sleep(20);
      },
    });
    const after = await settled(inside);
    const forwarded = after.forwarded - before.forwarded;
    const queued = after.queued - before.queued;
    const passed = after.passed - before.passed;
    const { lastId, droppedFull, droppedUnread } = lab.statistics() ?? {};
    process.stdout.write(
      `queue: ${forwarded} packets forwarded, ${queued} asked about, ${passed} passed; dropped: ${droppedFull} full, ${droppedUnread} unread; ${rate} sent a second\n`,
    );
    // Not everything in captures can be routed.
    expect(queued).toBeGreaterThan(PACKETS * 0.7);
    expect([droppedFull, droppedUnread]).toEqual([0, 0]);
    expect(lastId).toBe(after.queued);
    expect(passed).toBe(forwarded);
  });
});

interface Counted {
  /** Packets that came to FORWARD, to a queue, and to the way out. */
  readonly forwarded: number;
  readonly queued: number;
  readonly passed: number;
}

type Inside = (...args: string[]) => Promise<string>;

async function counted(inside: Inside): Promise<Counted> {
  let [forwarded, queued, passed] = [0, 0, 0];
  for (const command of ['iptables', 'ip6tables']) {
    for (const line of (await inside(`${command}-save`, '-c', '-t', 'mangle')).split('\n')) {
      const [, packets = '', rule = ''] = /^\[(\d+):\d+\] (.*)/.exec(line) ?? [];
      if (rule.startsWith('-A FORWARD -j SALLYPORT')) forwarded += Number(packets);
      else if (rule.includes('-j NFQUEUE')) queued += Number(packets);
      else if (rule === '-A POSTROUTING') passed += Number(packets);
    }
  }
  return { forwarded, queued, passed };
}

/** When nothing more comes: what is held has gone on by then. */
async function settled(inside: Inside): Promise<Counted> {
  let last = await counted(inside);
  for (let quiet = 0; quiet < 5; quiet++) {
    await sleep(300);
    const now = await counted(inside);
    if (now.passed !== last.passed || now.forwarded !== last.forwarded) quiet = 0;
    last = now;
  }
  return last;
}
