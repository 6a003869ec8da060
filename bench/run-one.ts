/**
 * One measured run in a process of its own, so that memory and compilation are its own:
 * `node dist/bench/run-one.js engine|headers|hellos CAPTURE|FLOWS`. Prints one JSON line.
 *
 * The capture passes several times, each time through a new engine: the first pass includes what
 * the JavaScript engine spends on compiling, the others are what a gateway that runs for days does.
 */
import { openCaptureFile } from '../src/capture/capture-file.ts';
import type { FrameSink } from '../src/capture/frame.ts';
import { Engine, type EngineOptions } from '../src/pipeline/engine.ts';
import { headersOnly } from './headers-only.ts';
import { helloCost } from './hello-cost.ts';
import { shippedJudge } from './shipped-judge.ts';
import { shippedServices } from './shipped-services.ts';

export interface Pass {
  readonly seconds: number;
  /** User and system time of all threads of the process. */
  readonly cpuSeconds: number;
}

export interface OneRun {
  readonly packets: number;
  /** Octets on the wire. */
  readonly octets: number;
  readonly events: number;
  readonly flows: number;
  readonly identified: number;
  readonly first: Pass;
  /** The median of the later passes. */
  readonly sustained: Pass;
  /** Peak resident memory of the process, octets. */
  readonly peakRss: number;
}

const LATER_PASSES = 3;

interface Subject {
  readonly sink: FrameSink;
  finish(): void;
  counts(): Pick<OneRun, 'packets' | 'octets' | 'events' | 'flows' | 'identified'>;
}

/** Loaded once, as a gateway does: the JavaScript engine goes on to compile what loading ran long after it ended. */
let policy: Pick<EngineOptions, 'judge' | 'services'> | undefined;

function engineSubject(): Subject {
  let events = 0;
  policy ??= { judge: shippedJudge(), services: shippedServices() };
  const engine = new Engine({
    ...policy,
    mode: 'replay',
    onEvent: () => events++,
  });
  const counts = () => {
    const { frames, wireOctets, inspect, flows } = engine.counters;
    const identified = Object.values(inspect.identified).reduce((sum, n) => sum + n, 0);
    return { packets: frames, octets: wireOctets, events, flows: flows.created ?? 0, identified };
  };
  return { sink: engine, finish: () => engine.finish(), counts };
}

function headersSubject(): Subject {
  const headers = headersOnly();
  const counts = () => ({
    packets: headers.packets,
    octets: 0,
    events: 0,
    flows: 0,
    identified: 0,
  });
  return { sink: headers, finish: () => undefined, counts };
}

async function pass(subject: Subject, capture: string): Promise<Pass> {
  const cpu = process.cpuUsage();
  const began = performance.now();
  await openCaptureFile(capture).run(subject.sink);
  subject.finish();
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { seconds, cpuSeconds: (user + system) / 1e6 };
}

async function measure(what: string, capture: string): Promise<OneRun> {
  const make = what === 'headers' ? headersSubject : engineSubject;
  const subject = make();
  const first = await pass(subject, capture);
  const counts = subject.counts();
  const peakRss = process.resourceUsage().maxRSS * 1024;
  const later: Pass[] = [];
  for (let n = 0; n < LATER_PASSES; n++) later.push(await pass(make(), capture));
  later.sort((a, b) => a.seconds - b.seconds);
  return { ...counts, first, sustained: later[LATER_PASSES >> 1] ?? first, peakRss };
}

const [what = 'engine', capture = ''] = process.argv.slice(2);
const figures = what === 'hellos' ? helloCost(Number(capture)) : await measure(what, capture);
process.stdout.write(`${JSON.stringify(figures)}\n`);
