/**
 * One execution: a capture, spoiled, through the engine. Nothing may throw, take longer than its
 * size allows, hold more than the limits allow, or say anything that is not a valid event.
 */
import { CaptureStream } from '../../src/capture/capture-stream.ts';
import { CaptureError, type Frame, type FrameSink } from '../../src/capture/frame.ts';
import type { ImEvent } from '../../src/event/event.ts';
import type { ServiceCatalogue } from '../../src/inspect/service-catalogue.ts';
import type { Limits } from '../../src/limits.ts';
import { Engine } from '../../src/pipeline/engine.ts';
import { feedFrames, type StoredFrame } from '../corpus/frames.ts';
import { ledgerFaults } from '../corpus/ledger.ts';
import { cpuMilliseconds } from '../support/cpu-time.ts';
import { MUTATIONS } from './mutate.ts';
import { Random } from './random.ts';
import type { Seed } from './seeds.ts';

export interface Execution {
  readonly seed: number;
  /** Capture and mutations, in words. */
  readonly what: string;
  readonly frames: number;
  readonly octets: number;
  readonly events: number;
  /** Of processor time: the time on the wall is spent by others too. */
  readonly milliseconds: number;
  /** The most that parsers and probes held at any time, octets. */
  readonly held: number;
  /** What was wrong, or undefined. */
  readonly fault: string | undefined;
}

/** Small, so that the limits are reached. */
export const FUZZ_LIMITS: Partial<Limits> = {
  flows: 256,
  reassemblyPerDirection: 32 << 10,
  reassemblyTotal: 256 << 10,
  fragmentedDatagrams: 16,
  fragmentOctets: 64 << 10,
  identificationFlows: 64,
  expectedConnections: 32,
  sharedMemoryEntries: 64,
  sessions: 64,
  recognisers: 32,
  recognisedFlows: 32,
  parserOctets: 2 << 20,
};
/** What docs/limits.md allows parsers and probes with these limits, and one push beyond the cap. */
const HELD_MOST = (2 << 20) + 64 * 2 * 2 * 8192 + 65_535;
const MILLISECONDS_ALWAYS = 250; // compilation and collection of garbage
const MILLISECONDS_PER_FRAME = 0.25;
const MILLISECONDS_PER_OCTET = 0.002;
const LOOK_EVERY = 64; // frames between two looks at the memory held

export class Fuzzer {
  readonly #seeds: readonly Seed[];
  readonly #im: readonly Seed[];

  readonly #services: ServiceCatalogue;

  constructor(seeds: readonly Seed[], services: ServiceCatalogue) {
    this.#services = services;
    this.#seeds = seeds;
    this.#im = seeds.filter((seed) => seed.im);
  }

  /** The same seed over the same captures is the same execution. */
  execute(seed: number): Execution {
    const first = this.#once(seed);
    // Compilation and collection of garbage make slow once; what is slow by nature is slow again.
    return first.fault === TOO_SLOW ? this.#once(seed) : first;
  }

  #once(seed: number): Execution {
    const random = new Random(seed);
    const capture = this.#choose(random);
    const spoiltFile = random.chance(0.15);
    const watch = new Watch(this.#services);
    const start = cpuMilliseconds();
    let milliseconds = 0;
    let what = capture.name;
    let fault: string | undefined;
    try {
      if (spoiltFile) {
        what += ': file';
        feedFile(spoil(capture.file, random), watch);
      } else {
        const { frames, words } = this.#mutate(capture, random);
        what += `: ${words.join(', ')}`;
        watch.began = cpuMilliseconds();
        feedFrames(frames, watch);
      }
      watch.engine.finish();
      milliseconds = cpuMilliseconds() - (watch.began || start);
      fault = watch.faultAfter(milliseconds);
    } catch (error) {
      fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
    const { frames, octets, held } = watch;
    return { seed, what, frames, octets, events: watch.events.length, milliseconds, held, fault };
  }

  #choose(random: Random): Seed {
    const from = random.chance(0.7) && this.#im.length > 0 ? this.#im : this.#seeds;
    const seed = random.pick(from);
    if (seed === undefined) throw new Error('no captures to start from');
    return seed;
  }

  #mutate(capture: Seed, random: Random): { frames: readonly StoredFrame[]; words: string[] } {
    const names = Object.keys(MUTATIONS);
    let frames = capture.frames;
    const words: string[] = [];
    for (let n = random.below(4) + 1; n > 0; n--) {
      const name = random.pick(names) ?? '';
      const other = this.#choose(random).frames;
      if (frames.length === 0) break;
      frames = MUTATIONS[name]?.(frames, other, random) ?? frames;
      words.push(name);
    }
    return { frames, words };
  }
}

const TOO_SLOW = 'took longer than its size allows';

/** Stands before the engine and keeps account. */
class Watch implements FrameSink {
  readonly events: ImEvent[] = [];
  readonly engine: Engine;
  frames = 0;
  octets = 0;
  held = 0;
  began = 0;

  constructor(services: ServiceCatalogue) {
    this.engine = new Engine({
      limits: FUZZ_LIMITS,
      services,
      onEvent: (event) => this.events.push(event),
    });
  }

  frame(frame: Frame): void {
    this.frames++;
    this.octets += frame.end - frame.start;
    this.engine.frame(frame);
    if (this.frames % LOOK_EVERY === 0) this.held = Math.max(this.held, this.engine.held());
  }

  faultAfter(milliseconds: number): string | undefined {
    const allowed =
      MILLISECONDS_ALWAYS +
      this.frames * MILLISECONDS_PER_FRAME +
      this.octets * MILLISECONDS_PER_OCTET;
    if (milliseconds > allowed) return TOO_SLOW;
    if (this.held > HELD_MOST) return `held ${this.held} octets`;
    if (this.engine.held() !== 0) return `${this.engine.held()} octets held after the end`;
    return ledgerFaults(this.events, true)[0];
  }
}

function feedFile(file: Uint8Array, sink: FrameSink): void {
  const stream = new CaptureStream({ name: 'fuzz', framesBefore: 0 }, sink);
  try {
    stream.push(file);
    stream.finish();
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
  }
}

/** A capture file with octets changed, above all where headers stand, cut, or repeated. */
function spoil(original: Uint8Array, random: Random): Uint8Array {
  const file = original.slice();
  for (let n = random.below(12) + 1; n > 0; n--) {
    const place = random.below(random.chance(0.5) ? Math.min(120, file.length) : file.length);
    file[place] = random.pick([0, 1, 0x7f, 0x80, 0xff, random.bits() & 0xff]) ?? 0;
  }
  if (random.chance(0.3)) return file.subarray(0, random.below(file.length));
  if (random.chance(0.2))
    return new Uint8Array([...file, ...file.subarray(random.below(file.length))]);
  return file;
}
