/**
 * One measured run in a process of its own, so that memory and compilation are its own:
 * `node dist/bench/run-one.js engine|headers CAPTURE`. Prints one JSON line.
 */
import { openCaptureFile } from '../src/capture/capture-file.ts';
import type { FrameSink } from '../src/capture/frame.ts';
import { Engine } from '../src/pipeline/engine.ts';
import { headersOnly } from './headers-only.ts';
import { shippedJudge } from './shipped-judge.ts';

export interface OneRun {
  readonly packets: number;
  /** Octets on the wire. */
  readonly octets: number;
  readonly events: number;
  readonly flows: number;
  readonly identified: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Peak resident memory of the process, octets. */
  readonly peakRss: number;
}

async function measure(what: string, capture: string): Promise<OneRun> {
  let events = 0;
  const judge = await shippedJudge();
  const engine = new Engine({ judge, mode: 'replay', onEvent: () => events++ });
  const headers = headersOnly();
  const sink: FrameSink = what === 'headers' ? headers : engine;
  const cpu = process.cpuUsage();
  const began = performance.now();
  await openCaptureFile(capture).run(sink);
  if (what === 'engine') engine.finish();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const { frames, wireOctets, inspect, flows } = engine.counters;
  return {
    packets: what === 'headers' ? headers.packets : frames,
    octets: wireOctets,
    events,
    flows: flows.created ?? 0,
    identified: Object.values(inspect.identified).reduce((sum, n) => sum + n, 0),
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakRss: process.resourceUsage().maxRSS * 1024,
  };
}

const [what = 'engine', capture = ''] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(await measure(what, capture))}\n`);
