/**
 * A message in two packets: the first waits in the kernel for the second, without a verdict, and goes on as the
 * packet that it was; also where the router translates addresses, which a packet sent anew would not survive.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { serverAddress, serverAddress6 } from '../record/lab/network.ts';
import { needs } from '../support/need.ts';
import { forbidden } from './lab/policy.ts';
import { QueueLab } from './lab/queue-lab.ts';

const tools = ['ngircd', 'ip', 'ss', 'ethtool', 'sysctl', 'iptables', 'ip6tables'];
const need = needs({ tools, root: true });

const conditions = [
  { condition: 'IPv4', family: 4, options: {} },
  { condition: 'IPv6', family: 6, options: {} },
  { condition: 'IPv4, masquerading', family: 4, options: { translated: true } },
  {
    condition: 'superframes, masquerading',
    family: 4,
    options: { translated: true, offloads: true },
  },
] as const;

describe.skipIf(need.skip)(`messages in two packets${need.why}`, () => {
  let lab: QueueLab | undefined;
  afterEach(async () => {
    await lab?.close();
    lab = undefined;
  });

  test.each(conditions)('$condition', { timeout: 120_000 }, async ({ family, options }) => {
    lab = await QueueLab.open({ tree: inject('builtTree'), onFailure: 'closed', ...options });
    await lab.startProduct('--hold-time', '10s'); // a busy machine: nothing goes on late
    const address = family === 4 ? serverAddress : serverAddress6;
    const [anna, ben] = lab.actors.map((actor, index) => {
      const socket = `s${index}`;
      return {
        connect: () => actor.call('socket.connect', { socket, address, port: 6667 }),
        write: (text: string) =>
          actor.call('socket.write', { socket, base64: Buffer.from(text).toString('base64') }),
        until: (text: string) => actor.ask('socket.readUntil', { socket, text }),
      };
    });
    if (anna === undefined || ben === undefined) throw new Error('two are needed');
    for (const [who, nick] of [
      [anna, 'Anna'],
      [ben, 'Ben'],
    ] as const) {
      await who.connect();
      await who.write(`NICK ${nick}\r\nUSER ${nick} 0 * :${nick}\r\n`);
      await who.until(' 376 '); // end of the message of the day
    }
    /** Both ways, so that a packet of either direction waits. */
    for (const [from, to, nick] of [
      [anna, ben, 'Ben'],
      [ben, anna, 'Anna'],
    ] as const) {
      for (const [cut, word] of [
        [4, 'one'],
        [20, 'two'],
        [1, 'three'],
      ] as const) {
        const line = `PRIVMSG ${nick} :this is ${word} to ${nick}\r\n`;
        await from.write(line.slice(0, -cut));
        await sleep(30); // another packet
        await from.write(line.slice(-cut));
        await to.until(`this is ${word} to ${nick}\r\n`);
      }
      const line = `PRIVMSG ${nick} :some ${forbidden} for ${nick}\r\n`;
      await from.write(line.slice(0, 22));
      await sleep(30);
      await from.write(line.slice(22));
      await from.write(`PRIVMSG ${nick} :that was all for ${nick}\r\n`);
      expect(await to.until(`that was all for ${nick}`)).not.toContain('some ');
    }
    expect(lab.statistics()).toMatchObject({ droppedFull: 0, droppedUnread: 0 });
  });
});
