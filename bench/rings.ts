/**
 * `node dist/bench/rings.js [--seconds N] [--runs N]`: the rings of a bridge, with a judge that lets everything
 * pass, against the kernel's own bridge on the same veth pairs in the same minutes: iperf3 and ping. Runs are
 * interleaved and medians printed. Needs root, iperf3, ping.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { table } from '../test/corpus/table.ts';
import { NetworkNamespaces } from '../test/support/network-namespaces.ts';

/** Least throughput compared with the kernel's bridge, most milliseconds added at the median. */
const TARGET = { throughput: 0.6, added: 0.3 };
const SERVER = '10.254.0.2';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    runs: { type: 'string', default: '3' },
  },
});

interface Figure {
  readonly gigabits: number;
  /** Median round trip in milliseconds. */
  readonly roundTrip: number;
}

const net = new NetworkNamespaces('A-rings');
const kernel: Figure[] = [];
const rings: Figure[] = [];
try {
  net.add('left', 'middle', 'right');
  net.cable('left', 'left0', 'middle', 'a0');
  net.cable('right', 'right0', 'middle', 'b0');
  net.ip('left', 'addr', 'add', '10.254.0.1/24', 'dev', 'left0');
  net.ip('right', 'addr', 'add', `${SERVER}/24`, 'dev', 'right0');
  for (let run = 0; run < Number(values.runs); run++) {
    bridgeInKernel();
    kernel.push(await measure());
    net.ip('middle', 'link', 'del', 'dev', 'br0');
    const forwarder = await forward();
    rings.push(await measure());
    await stopped(forwarder);
  }
} finally {
  net.remove();
}
const rows = [
  ['kernel bridge', kernel],
  ['rings', rings],
] as const;
table(
  ['wire', 'Gb/s, one stream', 'round trip, median ms'],
  rows.map(([name, own]) => [
    name,
    median(own.map(({ gigabits }) => gigabits)).toFixed(2),
    median(own.map(({ roundTrip }) => roundTrip)).toFixed(3),
  ]),
);
const ratio = median(rings.map((f) => f.gigabits)) / median(kernel.map((f) => f.gigabits));
const added = median(rings.map((f) => f.roundTrip)) - median(kernel.map((f) => f.roundTrip));
const reached = ratio >= TARGET.throughput && added <= TARGET.added;
process.stdout.write(
  `\nthroughput ${ratio.toFixed(2)} of the kernel's (target ${TARGET.throughput}), ` +
    `${added.toFixed(3)} ms added (target ${TARGET.added}): ${reached ? 'reached' : 'MISSED'}\n`,
);
process.exitCode = reached ? 0 : 1;

function bridgeInKernel(): void {
  net.ip('middle', 'link', 'add', 'name', 'br0', 'type', 'bridge');
  for (const port of ['a0', 'b0']) net.ip('middle', 'link', 'set', 'dev', port, 'master', 'br0');
  net.ip('middle', 'link', 'set', 'dev', 'br0', 'up');
}

async function measure(): Promise<Figure> {
  for (let tries = 0; tries < 50; tries++) {
    if ((await run('left', 'ping', '-c', '1', '-W', '1', SERVER)).includes(' 0% packet loss'))
      break;
  }
  const pings = await run('left', 'ping', '-c', '500', '-i', '0.004', SERVER);
  const times = [...pings.matchAll(/time=([\d.]+)/g)].map(([, time]) => Number(time));
  const server = start('right', 'iperf3', '-s', '-1', '--forceflush');
  await heard(server, 'listening');
  const report = await run('left', 'iperf3', '-c', SERVER, '-t', values.seconds, '-J');
  await ended(server);
  const { end } = JSON.parse(report) as { end: { sum_received: { bits_per_second: number } } };
  return { gigabits: end.sum_received.bits_per_second / 1e9, roundTrip: median(times) };
}

async function forward(): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('./rings-forwarder.js', import.meta.url));
  const child = start('middle', process.execPath, script, 'a0', 'b0');
  await heard(child, 'ready');
  return child;
}

async function stopped(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await ended(child);
}

function start(place: string, ...words: string[]): ChildProcess {
  return spawn('ip', ['netns', 'exec', net.name(place), ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** A program's output when it has ended. */
async function run(place: string, ...words: string[]): Promise<string> {
  const child = start(place, ...words);
  let text = '';
  child.stdout?.on('data', (data: Buffer) => {
    text += data.toString();
  });
  await ended(child);
  return text;
}

function heard(child: ChildProcess, word: string): Promise<void> {
  return new Promise((resolve) => {
    child.stdout?.on('data', (data: Buffer) => {
      if (data.includes(word)) resolve();
    });
  });
}

function ended(child: ChildProcess): Promise<void> {
  return child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('close', () => resolve()));
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}
