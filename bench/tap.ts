/**
 * `node dist/bench/tap.js [--frames N] [--rate PER_SECOND] [--runs N]`: what a frame costs a tap, by each
 * backend, on the same veth pair in the same minutes. Runs are interleaved and medians printed. Needs root.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { table } from '../test/corpus/table.ts';
import { NetworkNamespaces } from '../test/support/network-namespaces.ts';
import type { TapFigure } from './tap-reader.ts';

const BACKENDS = ['afpacket', 'pcap', 'cap'] as const;
/** What the ring may cost, compared with `cap`. */
const TARGET = 1 / 5;

const { values } = parseArgs({
  options: {
    frames: { type: 'string', default: '600000' },
    rate: { type: 'string', default: '100000' },
    runs: { type: 'string', default: '3' },
  },
});
const frames = Number(values.frames);
const warm = Math.floor(frames / 6);
const net = new NetworkNamespaces('A-bench');
const figures: TapFigure[] = [];
try {
  net.add('far', 'near');
  net.cable('far', 'far0', 'near', 'tap0');
  net.ip('near', 'addr', 'add', '10.255.0.1/32', 'dev', 'tap0'); // `cap` warns where there is none
  for (let run = 0; run < Number(values.runs); run++) {
    for (const backend of BACKENDS) figures.push(await measure(backend));
  }
} finally {
  net.remove();
}
const rows = BACKENDS.map((backend) => {
  const own = figures.filter((figure) => figure.backend === backend);
  const cost = median(own.map((figure) => figure.nanosecondsPerFrame));
  const dropped = own.reduce((sum, figure) => sum + figure.dropped, 0);
  const fed = own.reduce((sum, figure) => sum + figure.fed, 0);
  return { backend, cost, fed, dropped, missing: own.length * frames - fed - dropped };
});
const ring = rows.find(({ backend }) => backend === 'afpacket')?.cost ?? Number.NaN;
const cap = rows.find(({ backend }) => backend === 'cap')?.cost ?? Number.NaN;
process.stdout.write(
  `${frames} frames a run, ${values.rate} a second offered, after ${warm} to warm up; CPU of the process\n`,
);
table(
  ['backend', 'ns a frame', 'fed', 'dropped by the kernel', 'lost uncounted'],
  rows.map((row) => [row.backend, row.cost.toFixed(0), row.fed, row.dropped, row.missing]),
);
const ratio = ring / cap;
process.stdout.write(
  `\nring / cap: ${ratio.toFixed(3)} (target at most ${TARGET}): ${ratio <= TARGET ? 'reached' : 'MISSED'}\n`,
);
process.exitCode = ratio <= TARGET ? 0 : 1;

/** Reader and generator in their namespaces; resolves with what the reader says. */
function measure(backend: string): Promise<TapFigure> {
  const script = (name: string) => fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  const start = (place: string, ...words: string[]) =>
    spawn('ip', ['netns', 'exec', net.name(place), process.execPath, ...words], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  const reader = start('near', script('tap-reader'), backend, 'tap0', String(warm), String(frames));
  let text = '';
  reader.stdout.on('data', (data: Buffer) => {
    const ready = text !== '';
    text += data.toString();
    if (!ready) start('far', script('tap-generator'), 'far0', String(frames), values.rate);
  });
  return new Promise((resolve, reject) => {
    reader.on('close', () => {
      const line = text.split('\n').find((one) => one.startsWith('{'));
      if (line === undefined) reject(new Error(`the reader of ${backend} said nothing`));
      else resolve(JSON.parse(line) as TapFigure);
    });
  });
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}
