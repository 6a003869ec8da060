/** What the kernel does with its queue: connections that were let go, and a product that is gone. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { needs } from '../support/need.ts';
import type { Cast } from './lab/cast.ts';
import { iperf } from './lab/iperf.ts';
import { ircCast } from './lab/irc-cast.ts';
import { killProcess, QueueLab, type QueueLabOptions } from './lab/queue-lab.ts';

const tools = ['ngircd', 'ip', 'ss', 'ethtool', 'sysctl', 'iptables', 'ip6tables', 'iperf3'];
const need = needs({ tools, root: true });

describe.skipIf(need.skip)(`the kernel's queue${need.why}`, () => {
  let lab: QueueLab | undefined;
  afterEach(async () => {
    await lab?.close();
    lab = undefined;
  });

  const open = async (options: Partial<QueueLabOptions>): Promise<QueueLab> => {
    lab = await QueueLab.open({ tree: inject('builtTree'), ...options });
    return lab;
  };

  /** Octets that arrived. */
  async function transfer({ network, client }: QueueLab, family: 4 | 6): Promise<number> {
    const { address, address6 } = network.server;
    const to = family === 4 ? address : address6;
    return iperf(network, client, ['-c', to, '-n', '50M']);
  }

  test.each([4, 6] as const)(
    'a connection that is no IM leaves the queue for good: IPv%i',
    { timeout: 120_000 },
    async (family) => {
      const opened = await open({});
      await opened.startProduct();
      expect(await transfer(opened, family)).toBeGreaterThan(30e6); // some may be on its way yet
      const asked = opened.statistics()?.lastId ?? 0;
      expect(asked).toBeGreaterThan(5);
      // 50 MiB are 36 000 segments.
      expect(asked).toBeLessThan(2000);
    },
  );

  test('without the mark every packet comes to the queue', { timeout: 120_000 }, async () => {
    const opened = await open({ everyPacket: true, onFailure: 'closed' });
    await opened.startProduct();
    await transfer(opened, 4);
    expect(opened.statistics()?.lastId ?? 0).toBeGreaterThan(20_000);
    expect(opened.statistics()).toMatchObject({ droppedFull: 0, droppedUnread: 0 });
  });

  async function talks(cast: Cast, text: string): Promise<void> {
    await cast.anna.say(cast.ben, text);
    await cast.ben.hears(text);
  }

  test('killed, failing open: the conversation goes on', { timeout: 120_000 }, async () => {
    const opened = await open({ onFailure: 'open' });
    const product = await opened.startProduct();
    const cast = await ircCast(opened.actors, 4);
    await talks(cast, 'before');
    await killProcess(product);
    expect(opened.statistics()).toBeUndefined();
    await talks(cast, 'after');
    expect(await cast.anna.troubled()).toBe(false);
  });

  test('killed, failing closed: nothing passes, and all of it once the product is back', {
    timeout: 120_000,
  }, async () => {
    const opened = await open({ onFailure: 'closed' });
    const product = await opened.startProduct();
    const cast = await ircCast(opened.actors, 4);
    await talks(cast, 'before');
    await killProcess(product);
    await cast.anna.say(cast.ben, 'in between');
    await sleep(1000); // what passed would be there long before
    expect(await cast.ben.heard('in between')).toBe(false);
    await opened.startProduct();
    await cast.ben.hears('in between');
    await talks(cast, 'after');
    expect(await cast.anna.troubled()).toBe(false);
  });

  test('a queue that somebody reads is one clear error', { timeout: 120_000 }, async () => {
    const opened = await open({});
    await opened.startProduct();
    const second = await opened.refusedProduct();
    expect(second.code).toBe(1);
    expect(second.said).toMatch(/netfilter queue 3: another process reads it already/);
  });
});
