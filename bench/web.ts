/**
 * `npm run bench:web [-- FLOWS]`: what ordinary web traffic costs that nothing is said of: the header path, one hello
 * by itself, and the whole engine. Runs are interleaved, CPU time is compared.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { table } from '../test/corpus/table.ts';
import type { HelloCost } from './hello-cost.ts';
import type { OneRun } from './run-one.ts';
import { webCapture } from './web-capture.ts';

/** One run differs from the next by a third and more where others share the machine. */
const RUNS = 11;
const flows = Number(process.argv[2] ?? 100_000);
const { path } = webCapture(flows);
const headers: OneRun[] = [];
const engine: OneRun[] = [];
const hellos: HelloCost[] = [];
for (let n = 0; n < RUNS; n++) {
  headers.push(run<OneRun>('headers', path));
  engine.push(run<OneRun>('engine', path));
  hellos.push(run<HelloCost>('hellos', String(flows)));
}
const aFlow = (runs: readonly OneRun[]) =>
  median(runs.map(({ sustained }) => (sustained.cpuSeconds / flows) * 1e9));
const [header, whole] = [aFlow(headers), aFlow(engine)];
const hello = median(hellos.map(({ nanoseconds }) => nanoseconds));
const of = engine[0];
process.stdout.write(
  `${flows} connections, ${of?.packets} packets; ${of?.events} events, ${of?.identified} looked into\n`,
);
table(
  ['a connection', 'CPU'],
  [
    ['header path', `${header.toFixed(0)} ns`],
    ['one hello by itself', `${hello.toFixed(0)} ns`],
    ['whole engine', `${whole.toFixed(0)} ns`],
    ['… of header path and hello', `${((100 * whole) / (header + hello)).toFixed(0)} %`],
  ],
);

function run<T>(what: string, on: string): T {
  const script = fileURLToPath(new URL('run-one.js', import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, [script, what, on], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${what}: ${stderr}`);
  return JSON.parse(stdout);
}

function median(of: readonly number[]): number {
  return [...of].sort((a, b) => a - b)[of.length >> 1] ?? Number.NaN;
}
