/**
 * Much traffic through the box: nothing is lost, changed or reordered within a flow; also while it loads
 * 10 000 rules every second. SALLYPORT_LOAD scales the length (1: a million packets, 30 seconds).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { syntheticRules } from '../../rules/testing/synthetic.ts';
import type { Network } from '../record/lab/network.ts';
import { needs } from '../support/need.ts';
import { sendBatches } from './lab/batches.ts';
import type { Box } from './lab/box.ts';
import { differences, flowDigests, packetsOf } from './lab/flow-digests.ts';
import { iperf } from './lab/iperf.ts';
import { ircCast } from './lab/irc-cast.ts';
import { Lab, type LabOptions } from './lab/lab.ts';
import { type MixedTraffic, mixedTraffic } from './lab/mixed-traffic.ts';
import { forbidden } from './lab/policy.ts';
import { run } from './lab/run.ts';
import { startStream } from './lab/streams.ts';
import { record } from './lab/whole-capture.ts';

const tools = [
  'tcpdump',
  'tcpreplay',
  'editcap',
  'iperf3',
  'ngircd',
  'ip',
  'ss',
  'ethtool',
  'ping',
  'sysctl',
];
const need = needs({ tools, root: true, corpus: true });

const scale = Number(process.env.SALLYPORT_LOAD ?? '1');
const PACKETS = Math.round(1_000_000 * scale);
const SECONDS = Math.max(3, Math.round(30 * scale));
/** A rate that a machine with two cores, on which all of the lab runs, can generate and record. */
const RATE = Number(process.env.SALLYPORT_LOAD_RATE ?? '20000'); // packets a second
/** Packets between two looks: three quarters of what the box's ring holds (inline-port.ts). */
const BATCH = 24_000;
const MINUTE = 60_000;

const nothingRefused = `sallyport: 1\nrules:\n${markerRule('nobody ever says this')}`;

/** The engine collects old policies of 10 000 rules after some twenty reloads. */
const RELOADS = 40;

describe.skipIf(need.skip)(`load${need.why}`, () => {
  let lab: Lab | undefined;
  afterEach(async () => {
    await lab?.close();
    lab = undefined;
  });

  async function open(options: Omit<LabOptions, 'tree'>): Promise<Lab> {
    lab = await Lab.open({ tree: inject('builtTree'), ...options });
    return lab;
  }

  describe.each(['kernel', 'product'] as const)('%s', (carrier) => {
    test(`${PACKETS} packets of mixed traffic`, { timeout: 5 * MINUTE }, async () => {
      const packets = carrier === 'kernel' ? PACKETS / 10 : PACKETS;
      const traffic = await mixedTraffic(packets);
      const opened = await open({
        carrier,
        rules: nothingRefused,
        productArgs: ['--failure-timeout', '10s'],
      });
      const { sent, came, lostByTheRecorder } = await replay(opened, traffic);
      expect(lostByTheRecorder).toBe(0);
      // The control keeps link-local frames and a few broken packets to itself.
      if (carrier === 'kernel') expect(packetsOf(came)).toBeGreaterThan(packetsOf(sent) * 0.95);
      else expect(differences(sent, came)).toEqual([]);
      if (carrier === 'product') expect(await lossesOf(opened.box)).toEqual(NO_LOSSES);
    });
  });

  async function replay({ network, folder }: Lab, traffic: MixedTraffic) {
    const [client] = network.clients;
    if (client === undefined) throw new Error('no client');
    const file = join(folder, 'came.pcap');
    // What the host says itself: neighbour discovery and the like.
    const own = (await run(network, client, 'cat', ['/sys/class/net/eth0/address'])).trim();
    const place = { host: network.server, device: 'port1' };
    const recording = await record(network, place, file, ['not', 'ether', 'src', own]);
    const rate = await sendBatches(network, client, {
      ...{ capture: traffic.path, folder, device: 'eth0', size: BATCH, rate: RATE },
      room: () => nothingMoves(network),
    });
    process.stdout.write(`inline: ${rate} packets a second\n`);
    const lostByTheRecorder = await recording.stop();
    const sent = await flowDigests(traffic.path);
    // Frames without a whole Ethernet header cannot be sent.
    sent.delete('type 0');
    const came = await flowDigests(file);
    return { sent, came, lostByTheRecorder };
  }

  test(`iperf3 and a known content for ${SECONDS} s`, { timeout: 3 * MINUTE }, async () => {
    const opened = await open({ carrier: 'product', offloads: true });
    const { network } = opened;
    const [client] = network.clients;
    if (client === undefined) throw new Error('no client');
    const args = ['-c', network.server.address, '-t', String(SECONDS), '--bidir'];
    const arrived = await iperf(network, client, args);
    const streams = [
      await startStream(opened, 'server', 5),
      await startStream(opened, 'client', 5),
    ];
    for (const stream of streams) {
      const { sent, came } = await stream.ends();
      expect(came).toBe(sent);
    }
    expect(arrived).toBeGreaterThan(10 << 20);
    expect(await lossesOf(opened.box)).toEqual(NO_LOSSES);
  });

  test('10 000 rules loaded again every second', { timeout: 3 * MINUTE }, async () => {
    const rules = (marker: string) => `${syntheticRules(10_000)}${markerRule(marker)}`;
    const opened = await open({
      carrier: 'product',
      servers: ['ngircd'],
      rules: rules(forbidden),
    });
    const { process: engine } = opened.box;
    const pid = engine?.pid;
    if (pid === undefined) throw new Error('no process');
    const { anna, ben } = await ircCast(opened.actors, 4);
    const reloads = Math.max(RELOADS, Math.round(20 * scale));
    const streams = [
      await startStream(opened, 'server', reloads * 1.5),
      await startStream(opened, 'client', reloads * 1.5),
    ];
    const memory: number[] = [];
    let rounds = 0;
    for (let n = 1; n <= reloads; n++) {
      writeFileSync(opened.rulesFile, rules(`${forbidden} ${n}!`));
      engine?.kill('SIGHUP');
      await sleep(1000);
      await anna.say(ben, `hello ${n}.`);
      await ben.hears(`hello ${n}.`);
      memory.push(residentOctets(pid));
    }
    // At the end the last set is in force: its words are refused, those of the one before are not.
    await until(async () => {
      const round = ++rounds;
      await anna.say(ben, `the ${forbidden} ${reloads}! in ${round}.`);
      await anna.say(ben, `the ${forbidden} ${reloads - 1}! in ${round}.`);
      await anna.say(ben, `and so on ${round}.`);
      await ben.hears(`and so on ${round}.`);
      const last = await ben.heard(`${reloads}! in ${round}.`);
      return !last && (await ben.heard(`${reloads - 1}! in ${round}.`));
    });
    for (const stream of streams) {
      const { sent, came } = await stream.ends();
      expect(came).toBe(sent);
    }
    expect([await anna.troubled(), await ben.troubled()]).toEqual([false, false]);
    // What was replaced is collected now and then: memory falls below what it was, and does not only rise.
    const half = memory.length / 2;
    const [early, late] = [Math.max(...memory.slice(0, half)), Math.min(...memory.slice(half))];
    expect(late, memory.join(' ')).toBeLessThan(early * 0.95);
    expect(await lossesOf(opened.box)).toEqual(NO_LOSSES);
  });
});

/** What was sent has come, or never will. */
async function nothingMoves(network: Network): Promise<void> {
  const counter = '/sys/class/net/port1/statistics/rx_packets';
  for (let same = 0, last = ''; same < 3; ) {
    await sleep(50);
    const came = await run(network, network.server, 'cat', [counter]);
    same = came === last ? same + 1 : 0;
    last = came;
  }
}

const NO_LOSSES = [
  '0 dropped by the kernel, 0 could not be sent',
  '0 dropped by the kernel, 0 could not be sent',
];

/** What the product says at its end about both interfaces. */
async function lossesOf(box: Box): Promise<string[]> {
  await box.stop();
  const lines = box
    .log()
    .matchAll(/(\d[^,]*) dropped by the kernel, [^,]+ sent, (\d[^,]*) could not be sent/g);
  return [...lines].map(
    ([, dropped, unsent]) => `${dropped} dropped by the kernel, ${unsent} could not be sent`,
  );
}

function markerRule(text: string): string {
  return `  - id: marker\n    on: message\n    if: { text: { contains: '${text}' } }\n    then: drop\n`;
}

/** VmRSS, proc(5). */
function residentOctets(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
}

async function until(holds: () => Promise<boolean>, limitMs = 60_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('it never happened');
    await sleep(200);
  }
}
