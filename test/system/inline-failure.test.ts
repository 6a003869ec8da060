/** The engine is killed under load: connections live on over the kernel, and the next engine reads them again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, inject, test } from 'vitest';
import type { Host } from '../record/lab/network.ts';
import { needs } from '../support/need.ts';
import { reaches } from './lab/box.ts';
import { ircCast } from './lab/irc-cast.ts';
import { Lab } from './lab/lab.ts';
import { forbidden } from './lab/policy.ts';
import { startStream } from './lab/streams.ts';

/** Milliseconds of five pings, from the start of each to its answer. */
function pingsTake(from: Host, to: Host): number[] {
  return Array.from({ length: 5 }, () => {
    const began = performance.now();
    reaches(from, to);
    return Math.round(performance.now() - began);
  });
}

const tools = ['ngircd', 'ip', 'ss', 'ethtool', 'ping', 'sysctl'];
const need = needs({ tools, root: true });

describe.skipIf(need.skip)(`a killed engine${need.why}`, () => {
  let lab: Lab | undefined;
  afterEach(async () => {
    await lab?.close();
    lab = undefined;
  });

  test('under load, fail-open: nothing breaks, and a restart takes over', {
    timeout: 180_000,
  }, async () => {
    const opened = await Lab.open({
      tree: inject('builtTree'),
      carrier: 'product',
      servers: ['ngircd'],
      productArgs: ['--on-failure', 'open'],
    });
    lab = opened;
    const { network, box } = opened;
    const [client] = network.clients;
    if (client === undefined || box.process === undefined) throw new Error('no engine');
    const { anna, ben } = await ircCast(opened.actors, 4);
    const refuses = async (round: string) => {
      await anna.say(ben, `the ${forbidden} ${round}.`);
      await anna.say(ben, `next ${round}.`);
      await ben.hears(`next ${round}.`);
      return !(await ben.heard(`${forbidden} ${round}.`));
    };
    expect(await refuses('before')).toBe(true);
    const streams = [
      await startStream(opened, 'server', 5),
      await startStream(opened, 'client', 5),
    ];
    await sleep(1000);
    // What starting a ping, and its answer behind both streams, cost on this machine at this time: the control.
    const before = pingsTake(client, network.server);
    box.process.kill('SIGKILL');
    const killed = performance.now();
    while (!reaches(client, network.server) && performance.now() - killed < 10_000);
    const came = performance.now() - killed;
    // One that was lost waits 0.3 s for its answer.
    expect(came, `milliseconds; before: ${before}`).toBeLessThan(1200 + 3 * Math.max(...before));
    for (const stream of streams) {
      const ends = await stream.ends();
      expect(ends.came).toBe(ends.sent);
    }
    expect(await refuses('meanwhile')).toBe(false);
    opened.box = opened.startBox();
    await opened.untilCarried();
    // The connection is known again from what is said next in either direction.
    await anna.say(ben, 'are you still there?');
    await ben.hears('are you still there?');
    await ben.say(anna, 'of course.');
    await anna.hears('of course.');
    expect(await refuses('after')).toBe(true);
    expect([await anna.troubled(), await ben.troubled()]).toEqual([false, false]);
  });
});
