/**
 * What a netfilter queue costs: one iperf3 stream through a router, three times in a row. The kernel alone; every
 * packet asked of `sallyport queue`; and as it is meant, where a connection that is no IM is let go.
 *
 *     npm run build && node dist/bench/queue.js [SECONDS]        as root, on Linux
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { QueueLab } from '../test/system/lab/queue-lab.ts';

const TICK = 100; // USER_HZ
const tree = join(import.meta.dirname, '..');
const seconds = Number(process.argv[2] ?? 5);

interface Figures {
  readonly gigabits: number;
  /** Packets that came to the queue. */
  readonly asked: number;
  /** Seconds of CPU of the product: its own code, and the kernel on its behalf. */
  readonly user: number;
  readonly system: number;
}

async function measure(everyPacket: boolean, withProduct: boolean): Promise<Figures> {
  const lab = await QueueLab.open({ tree, offloads: true, everyPacket });
  try {
    const product = withProduct ? await lab.startProduct() : undefined;
    const before = cpu(product?.pid);
    const { server } = lab.network;
    lab.network.spawn(server, 'iperf3', ['-s', '-1'], { stdio: 'ignore' });
    const bits = iperf(lab.client.namespace, server.address);
    const after = cpu(product?.pid);
    return {
      gigabits: bits / 1e9,
      asked: lab.statistics()?.lastId ?? 0,
      user: after[0] - before[0],
      system: after[1] - before[1],
    };
  } finally {
    await lab.close();
  }
}

/** Bits a second that arrived. The server may not listen yet: iperf3 then says so in its JSON. */
function iperf(namespace: string, address: string): number {
  const command = [
    'netns',
    'exec',
    namespace,
    'iperf3',
    '-c',
    address,
    '-t',
    String(seconds),
    '-J',
  ];
  for (let tries = 20; tries > 0; tries--) {
    const { stdout } = spawnSync('ip', command, { encoding: 'utf8' });
    const received = stdout === '' ? undefined : JSON.parse(stdout).end?.sum_received;
    if (received !== undefined) return received.bits_per_second;
    spawnSync('sleep', ['0.2']);
  }
  throw new Error('iperf3 does not reach its server');
}

/** Seconds in user and kernel mode so far (proc_pid_stat(5): fields 14 and 15). */
function cpu(pid: number | undefined): readonly [number, number] {
  if (pid === undefined) return [0, 0];
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return [Number(fields[11]) / TICK, Number(fields[12]) / TICK];
}

const ways = [
  ['the kernel alone', false, false],
  ['every packet asked', true, true],
  ['connection let go', false, true],
] as const;
for (const [name, everyPacket, withProduct] of ways) {
  const { gigabits, asked, user, system } = await measure(everyPacket, withProduct);
  const each = (spent: number) => (asked < 1000 ? '-' : `${((spent / asked) * 1e6).toFixed(2)} µs`);
  const columns = [
    name.padEnd(20),
    `${gigabits.toFixed(2)} Gbit/s`.padStart(13),
    `${asked} packets`.padStart(16),
    `user ${each(user)}`.padStart(16),
    `kernel ${each(system)}`.padStart(18),
  ];
  process.stdout.write(`${columns.join('  ')}\n`);
}
