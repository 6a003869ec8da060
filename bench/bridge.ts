/**
 * `node dist/bench/bridge.js [--seconds N] [--trips N] [--runs N]`: `sallyport inline` with the shipped rules against
 * the kernel's own bridge, on the same veth pairs in the same minutes: one iperf3 stream, and round trips over TCP
 * and UDP. Runs are interleaved and medians printed. Needs root and iperf3.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { table } from '../test/corpus/table.ts';
import { NetworkNamespaces } from '../test/support/network-namespaces.ts';
import { end, said, whole } from './child-process.ts';
import { median } from './median.ts';
import type { PingPong } from './ping-pong.ts';

/** Least throughput compared with the kernel's bridge, most milliseconds added at the median. */
const TARGET = { throughput: 0.6, added: 0.3 };
const SERVER = '10.253.0.2';
const PORT = 7007;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    trips: { type: 'string', default: '3000' },
    runs: { type: 'string', default: '5' },
  },
});

interface Figure extends PingPong {
  readonly gigabits: number;
}

const net = new NetworkNamespaces('bench-bridge');
const figures: Readonly<Record<'kernel' | 'product', Figure[]>> = { kernel: [], product: [] };
try {
  net.add('client', 'box', 'server');
  net.cable('client', 'eth0', 'box', 'inside');
  net.cable('server', 'eth0', 'box', 'outside');
  net.ip('client', 'addr', 'add', '10.253.0.1/24', 'dev', 'eth0');
  net.ip('server', 'addr', 'add', `${SERVER}/24`, 'dev', 'eth0');
  const echo = start('server', process.execPath, script('ping-pong'), 'echo', SERVER, String(PORT));
  await said(echo, 'ready');
  for (let run = 1; run <= Number(values.runs); run++) {
    process.stderr.write(`run ${run} of ${values.runs}\n`);
    net.ip('box', 'link', 'add', 'name', 'bridge0', 'type', 'bridge');
    for (const end of ['inside', 'outside']) net.ip('box', 'link', 'set', end, 'master', 'bridge0');
    net.ip('box', 'link', 'set', 'bridge0', 'up');
    figures.kernel.push(await measure());
    net.ip('box', 'link', 'del', 'bridge0');
    // A whole program, as it is installed; slow machines must not take it for hung.
    const args = ['inline', 'inside', 'outside', '--no-admin', '--failure-timeout', '10s'];
    const product = start('box', process.execPath, script('../appliance/main'), ...args);
    await said(product, 'ready: carrying');
    figures.product.push(await measure());
    await end(product);
  }
  await end(echo);
} finally {
  net.remove();
}

const { kernel, product } = figures;
const rows: readonly (readonly [string, (figure: Figure) => number, number])[] = [
  ['iperf3, one stream, Gb/s', ({ gigabits }) => gigabits, 2],
  ['TCP round trip, median, ms', ({ tcp }) => tcp.median, 3],
  ['TCP round trip, 99 %, ms', ({ tcp }) => tcp.p99, 3],
  ['UDP round trip, median, ms', ({ udp }) => udp.median, 3],
  ['UDP round trip, 99 %, ms', ({ udp }) => udp.p99, 3],
];
table(
  ['', "the kernel's bridge", 'sallyport inline'],
  rows.map(([what, of, digits]) => [
    what,
    median(kernel.map(of)).toFixed(digits),
    median(product.map(of)).toFixed(digits),
  ]),
);
const throughput =
  median(product.map(({ gigabits }) => gigabits)) / median(kernel.map(({ gigabits }) => gigabits));
const added =
  median(product.map(({ tcp }) => tcp.median)) - median(kernel.map(({ tcp }) => tcp.median));
const reached = throughput >= TARGET.throughput && added <= TARGET.added;
process.stdout.write(
  `\nthroughput ${throughput.toFixed(2)} of the kernel's (target at least ${TARGET.throughput}), ` +
    `${added.toFixed(3)} ms added (target at most ${TARGET.added}): ${reached ? 'reached' : 'MISSED'}\n`,
);
process.exitCode = reached ? 0 : 1;

async function measure(): Promise<Figure> {
  const server = start('server', 'iperf3', '-s', '-1', '--forceflush');
  await said(server, 'Server listening');
  const report = JSON.parse(
    await whole(start('client', 'iperf3', '-c', SERVER, '-t', values.seconds, '-J')),
  );
  const trips = [script('ping-pong'), 'measure', SERVER, String(PORT), values.trips];
  const times: PingPong = JSON.parse(await whole(start('client', process.execPath, ...trips)));
  return { ...times, gigabits: report.end.sum_received.bits_per_second / 1e9 };
}

function script(name: string): string {
  return fileURLToPath(new URL(`./${name}.js`, import.meta.url));
}

function start(place: string, ...words: string[]): ChildProcess {
  return spawn('ip', ['netns', 'exec', net.name(place), ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
