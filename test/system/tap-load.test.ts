/**
 * A tap counts every packet that a generator sent: those that it read, and those that the kernel dropped
 * because it could not keep up. SALLYPORT_LOAD scales the million packets.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { temporaryFolder } from '../record/lab/temporary-folder.ts';
import { needs } from '../support/need.ts';
import { NetworkNamespaces } from '../support/network-namespaces.ts';
import { mixedTraffic } from './lab/mixed-traffic.ts';

const need = needs({ tools: ['ip', 'sysctl', 'tcpreplay', 'curl'], root: true, corpus: true });

const PACKETS = Math.round(1_000_000 * Number(process.env.SALLYPORT_LOAD ?? '1'));

describe.skipIf(need.skip)(`tap under load${need.why}`, () => {
  const hosts = new NetworkNamespaces('tapload');
  const folder = temporaryFolder('tap-load');
  let tap: ChildProcess | undefined;

  beforeAll(() => {
    hosts.add('generator', 'box');
    hosts.cable('generator', 'sender0', 'box', 'tap0', 9000);
  });
  afterAll(async () => {
    if (tap?.exitCode === null) {
      const ended = new Promise((resolve) => tap?.once('exit', resolve));
      tap.kill();
      await ended;
    }
    hosts.remove();
    folder.remove();
  });

  interface Counts {
    readonly ready: boolean;
    readonly received: number;
    readonly dropped: number;
    readonly read: number;
  }

  /** Of one moment; undefined where the admin server does not answer yet. */
  function counts(): Counts | undefined {
    let text: string;
    try {
      text = hosts.exec('box', 'curl', '-s', 'http://127.0.0.1:9580/metrics');
    } catch {
      return undefined;
    }
    const metric = (name: string) => {
      const found = text.split('\n').find((line) => line.startsWith(`${name} `));
      return Number(found?.split(' ')[1] ?? Number.NaN);
    };
    return {
      ready: metric('sallyport_ready') === 1,
      received: metric('sallyport_interface_received_packets_total{interface="tap0"}'),
      dropped: metric('sallyport_interface_dropped_packets_total{interface="tap0"}'),
      read: metric('sallyport_packets_total'),
    };
  }

  async function until(holds: (now: Counts) => boolean, why: () => string): Promise<Counts> {
    const deadline = performance.now() + 90_000;
    let now: Counts | undefined;
    while (performance.now() < deadline) {
      now = counts();
      if (now !== undefined && holds(now)) return now;
      await sleep(200);
    }
    throw new Error(`${JSON.stringify(now)} ${why()}`);
  }

  // As fast as it goes, and at a rate that the tap follows.
  test.each([
    { how: '--topspeed', packets: PACKETS / 4 },
    { how: '--pps=50000', packets: PACKETS },
  ])('$how: every packet is counted', { timeout: 300_000 }, async ({ how, packets }) => {
    const traffic = await mixedTraffic(packets);
    const main = join(inject('builtTree'), 'appliance', 'main.js');
    const events = join(folder.path, 'events.jsonl');
    const words = ['netns', 'exec', hosts.name('box'), process.execPath, main, 'tap', 'tap0'];
    let log = '';
    tap = spawn('ip', [...words, '--events', events], { stdio: ['ignore', 'ignore', 'pipe'] });
    tap.stderr?.on('data', (octets: Buffer) => {
      log += octets.toString();
    });
    const ended = new Promise((resolve) => tap?.once('exit', resolve));
    const { received: before } = await until(
      ({ ready, received, read, dropped }) => ready && received === read + dropped,
      () => log,
    );
    const replay = ['-q', '-i', 'sender0', how, '--preload-pcap', traffic.path];
    const said = execFileSync(
      'ip',
      ['netns', 'exec', hosts.name('generator'), 'tcpreplay', ...replay],
      // Frames without a whole header cannot be sent: it says so of each.
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 26 },
    );
    const sent = Number(/Successful packets:\s+(\d+)/.exec(said)?.[1]);
    expect(sent).toBeGreaterThan(packets * 0.99);
    const { received, read, dropped } = await until(
      (now) => now.received - before >= sent && now.read + now.dropped >= now.received,
      () => `sent ${sent}, received before ${before}; ${log}`,
    );
    const facts = `sent ${sent}, received ${received - before}, dropped ${dropped}`;
    expect(received - before, facts).toBe(sent);
    expect(read + dropped, facts).toBe(received);
    process.stdout.write(`tap ${how}: ${facts}\n`);
    tap.kill();
    await ended;
  });
});
