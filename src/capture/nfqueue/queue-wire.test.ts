/** The wire on a real queue: packets of the loopback interface of a namespace of its own. */
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { needs } from '../../../test/support/need.ts';
import { Fate, type PacketJudge } from '../../verdict/wire/packet-judge.ts';
import { QueueWire } from './queue-wire.ts';

const need = needs({ root: true, tools: ['ip', 'iptables', 'ping'] });
const CLONE_NEWNET = 0x40000000;

describe.skipIf(need.skip)(`a netfilter queue${need.why}`, () => {
  const namespace = `sp-f-wire-${process.pid}`;
  const inside = (...args: string[]) =>
    spawnSync('ip', ['netns', 'exec', namespace, ...args], { encoding: 'utf8' });

  beforeEach(() => {
    execFileSync('ip', ['netns', 'add', namespace]);
    inside('ip', 'link', 'set', 'lo', 'up');
    inside('iptables', '-w', '-A', 'OUTPUT', '-p', 'icmp', '-j', 'NFQUEUE', '--queue-num', '5');
  });
  afterEach(() => {
    execFileSync('ip', ['netns', 'del', namespace]);
  });

  /** Sockets belong to the namespace that they were made in. */
  function open(options: { maxLength: number; failOpen: boolean; passAtEnd: boolean }): QueueWire {
    return within(
      namespace,
      () => new QueueWire({ queue: 5, mark: 0x10000000, keepTime: 2e6, ...options }),
    );
  }

  function kernelCount(column: number): number {
    const line = inside('cat', '/proc/net/netfilter/nfnetlink_queue').stdout.trim();
    return Number(line.split(/\s+/)[column]);
  }

  /** Echo requests that go nowhere: nobody reads the queue meanwhile. */
  const send = (count: number) =>
    inside('ping', '-c', String(count), '-i', '0.002', '-W', '0.1', '127.0.0.1');
  const CLOSED = { maxLength: 8, failOpen: false, passAtEnd: false };

  test('a full queue: what has no room is dropped and counted, the rest is judged', async () => {
    const wire = open(CLOSED);
    send(20);
    expect(kernelCount(2), 'waiting').toBe(8);
    expect(kernelCount(5), 'dropped').toBe(12);
    const seen = await judge(wire, 8);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8]); // numbers of the echo requests
    expect(wire.counters()).toMatchObject({ packets: 8, dropped: 8, missed: 0, malformed: 0 });
    wire.close();
  });

  test('another length holds from the next packet on', async () => {
    const wire = open(CLOSED);
    wire.maxLength = 12;
    send(20);
    expect(kernelCount(2), 'waiting').toBe(12);
    await judge(wire, 12);
    wire.maxLength = 4;
    send(20);
    expect(kernelCount(2), 'waiting').toBe(4);
    wire.close();
  });

  test('goes on turning when the clock is set back, and says how long it waited', async () => {
    const wire = open(CLOSED);
    const real = Date.now;
    let turns = 0;
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => real() - (turns > 3 ? 3000 : 0));
    const began = performance.now();
    try {
      await wire.run(NOBODY, () => {
        if (++turns === 10) wire.stop();
      });
    } finally {
      clock.mockRestore();
      wire.close();
    }
    expect(performance.now() - began).toBeLessThan(2000);
    expect(wire.stages.wait).toBeGreaterThan(0.03);
  });

  test('failing open, what has no room passes; a policy that changes its mind is obeyed', () => {
    const wire = open({ ...CLOSED, failOpen: true });
    const received = () => Number(/(\d+) received/.exec(send(20).stdout)?.[1]);
    expect(received()).toBeGreaterThan(0);
    wire.failOpen = false;
    expect(received()).toBe(0);
    wire.close();
  });

  test.each([true, false])(
    'what waits when the queue is closed: it passes is %s',
    async (passAtEnd) => {
      const wire = open({ ...CLOSED, maxLength: 64, passAtEnd });
      send(1);
      await judge(wire, 1); // a queue that never gave a packet knows no id
      send(3);
      const before = echoes();
      wire.close();
      expect(echoes() - before).toBe(passAtEnd ? 3 : 0);
    },
  );

  /** Echo requests that arrived. */
  function echoes(): number {
    const fields = inside('cat', '/proc/net/snmp')
      .stdout.split('\n')
      .filter((l) => /^Icmp:/.test(l));
    const [names = '', values = ''] = fields;
    return Number(values.split(' ')[names.split(' ').indexOf('InEchos')]);
  }
});

const NOBODY: PacketJudge = {
  packet: () => Fate.Drop,
  tick: () => undefined,
  letGo: false,
  changed: false,
  kept: false,
};

/** Sequence numbers of the echo requests, until there were so many; all are dropped. */
async function judge(wire: QueueWire, count: number): Promise<number[]> {
  const seen: number[] = [];
  const dropping: PacketJudge = {
    letGo: false,
    changed: false,
    kept: false,
    tick: () => undefined,
    packet: ({ buffer, start, linkType, virtio }) => {
      expect({ linkType, virtio }).toEqual({ linkType: 101, virtio: -1 });
      expect(buffer[start]).toBe(0x45);
      seen.push(((buffer[start + 26] ?? 0) << 8) | (buffer[start + 27] ?? 0));
      return Fate.Drop;
    },
  };
  const until = Date.now() + 10_000;
  await wire.run(dropping, () => {
    if (seen.length >= count || Date.now() > until) wire.stop();
  });
  return seen;
}

/** Runs `action` with this thread in another network namespace. */
function within<T>(namespace: string, action: () => T): T {
  const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
  const setns = koffi.load('libc.so.6').func('int setns(int, int)');
  const own = openSync('/proc/thread-self/ns/net', 'r');
  const other = openSync(`/run/netns/${namespace}`, 'r');
  try {
    if (setns(other, CLONE_NEWNET) !== 0) throw new Error('no such namespace');
    return action();
  } finally {
    setns(own, CLONE_NEWNET);
    closeSync(other);
    closeSync(own);
  }
}
