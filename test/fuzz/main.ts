/** `npm run fuzz -- --minutes 5 --seed 1 --captures FOLDER --runs N`: exit 1 when anything was found. */
import { parseArgs } from 'node:util';
import { shippedServices } from '../support/shipped-services.ts';
import { Fuzzer } from './fuzzer.ts';
import { loadSeeds } from './seeds.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: String(Math.floor(Date.now() / 1000)) },
    captures: { type: 'string' },
    runs: { type: 'string', default: 'Infinity' },
  },
});
const say = (line: string) => process.stdout.write(`${line}\n`);
const MEBI = 1 << 20;

const minutes = Number(values.minutes);
const runs = Number(values.runs);
const firstSeed = Number(values.seed);
if ([minutes, runs, firstSeed].some(Number.isNaN)) {
  say('--minutes, --seed and --runs take numbers');
  process.exit(2);
}
const seeds = await loadSeeds(values.captures);
say(
  `${seeds.length} captures (${seeds.filter((s) => s.im).length} of IM), seed ${firstSeed}, ${minutes} minutes`,
);
if (seeds.length === 0) process.exit(2);

const fuzzer = new Fuzzer(seeds, shippedServices().compiled);
const began = performance.now();
const totals = { runs: 0, frames: 0, octets: 0, events: 0, faults: 0, slowest: 0, held: 0, rss: 0 };
let slowest = '';
let reportAt = 30_000; // milliseconds
const elapsed = () => performance.now() - began;
while (totals.runs < runs && elapsed() < minutes * 60_000) {
  const execution = fuzzer.execute(firstSeed + totals.runs);
  totals.runs++;
  totals.frames += execution.frames;
  totals.octets += execution.octets;
  totals.events += execution.events;
  totals.held = Math.max(totals.held, execution.held);
  if (execution.milliseconds > totals.slowest) {
    totals.slowest = execution.milliseconds;
    slowest = `seed ${execution.seed}, ${execution.frames} frames: ${execution.what}`;
  }
  if (totals.runs % 64 === 0) totals.rss = Math.max(totals.rss, process.memoryUsage.rss());
  if (execution.fault !== undefined) {
    totals.faults++;
    say(
      `FAULT ${execution.what}\n  ${execution.fault}\n  again: npm run fuzz -- --seed ${execution.seed} --runs 1`,
    );
  }
  if (elapsed() < reportAt) continue;
  reportAt += 30_000;
  say(`${(elapsed() / 1000).toFixed(0)} s: ${totals.runs} runs, ${totals.faults} faults`);
}
const seconds = elapsed() / 1000;
totals.rss = Math.max(totals.rss, process.memoryUsage.rss());
say(
  `${totals.runs} runs in ${seconds.toFixed(0)} s (${(totals.runs / seconds).toFixed(0)} a second), ` +
    `${totals.frames} frames, ${(totals.octets / MEBI).toFixed(0)} MiB, ${totals.events} events`,
);
say(`slowest ${totals.slowest.toFixed(0)} ms (${slowest})`);
say(
  `most held by parsers ${(totals.held / 1024).toFixed(0)} KiB, most resident ${(totals.rss / MEBI).toFixed(0)} MiB`,
);
say(`${totals.faults} faults`);
process.exitCode = totals.faults === 0 ? 0 : 1;
