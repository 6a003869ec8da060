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

  function metric(name: string): number {
    const text = hosts.exec('box', 'curl', '-s', 'http://127.0.0.1:9580/metrics');
    const found = text.split('\n').find((line) => line.startsWith(`${name} `));
    return Number(found?.split(' ')[1] ?? Number.NaN);
  }

  const received = () => metric('sallyport_interface_received_packets_total{interface="tap0"}');
  const dropped = () => metric('sallyport_interface_dropped_packets_total{interface="tap0"}');
  const read = () => metric('sallyport_packets_total');

  async function until(what: () => boolean, why: () => string): Promise<void> {
    for (let waited = 0; waited < 60_000; waited += 200) {
      try {
        if (what()) return;
      } catch {
        // The admin server does not answer yet.
      }
      await sleep(200);
    }
    throw new Error(why());
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
    await until(
      () => metric('sallyport_ready') === 1,
      () => log,
    );
    const before = received();
    expect(before).toBe(read() + dropped());
    const replay = ['-q', '-i', 'sender0', how, '--preload-pcap', traffic.path];
    const said = execFileSync(
      'ip',
      ['netns', 'exec', hosts.name('generator'), 'tcpreplay', ...replay],
      // Frames without a whole header cannot be sent: it says so of each.
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 26 },
    );
    const sent = Number(/Successful packets:\s+(\d+)/.exec(said)?.[1]);
    expect(sent).toBeGreaterThan(packets * 0.99);
    const counts = () => `sent ${sent}, received ${received() - before}, dropped ${dropped()}`;
    await until(() => received() - before >= sent && read() + dropped() >= received(), counts);
    expect(received() - before, counts()).toBe(sent);
    expect(read() + dropped(), counts()).toBe(received());
    process.stdout.write(`tap ${how}: ${counts()}\n`);
    const ended = new Promise((resolve) => tap?.once('exit', resolve));
    tap.kill();
    await ended;
  });
});
