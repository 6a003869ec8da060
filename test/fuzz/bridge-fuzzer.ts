/**
 * One execution: a capture, spoiled, through a bridge whose policy is a die. Nothing may throw, every packet gets
 * one of two fates, what is sent lies in its buffer, nothing changes its length, memory stays within the limits,
 * and after the end nothing is held.
 */
import { Frame, VIRTIO_HEADER } from '../../src/capture/frame.ts';
import type { ImEvent, VerdictRecord } from '../../src/event/event.ts';
import type { ServiceCatalogue } from '../../src/inspect/service-catalogue.ts';
import type { Limits } from '../../src/limits.ts';
import { Bridge } from '../../src/pipeline/bridge.ts';
import type { Judge } from '../../src/verdict/judge.ts';
import { Fate, type PacketOut, Side } from '../../src/verdict/wire/packet-judge.ts';
import type { StoredFrame } from '../corpus/frames.ts';
import { headersOf } from '../corpus/headers.ts';
import { FUZZ_LIMITS } from './fuzzer.ts';
import { MUTATIONS } from './mutate.ts';
import { Random } from './random.ts';
import type { Seed } from './seeds.ts';

/** Small, so that they are reached. */
export const BRIDGE_FUZZ_LIMITS: Partial<Limits> = {
  ...FUZZ_LIMITS,
  retainedPerDirection: 16 << 10,
  retainedTotal: 64 << 10,
  heldTotal: 32 << 10,
  asidePerDirection: 8 << 10,
  asideTotal: 32 << 10,
};
const LARGEST_FRAME = 256 << 10;
const LOOK_EVERY = 16; // frames between two looks at the memory held

export interface BridgeExecution {
  readonly what: string;
  readonly frames: number;
  readonly events: number;
  readonly refused: number;
  /** Fates and counters, for comparing two executions. */
  readonly outcome: string;
  readonly fault: string | undefined;
}

export function executeBridge(
  seeds: readonly Seed[],
  seed: number,
  services: ServiceCatalogue,
): BridgeExecution {
  const random = new Random(seed);
  const capture = random.pick(seeds);
  if (capture === undefined) throw new Error('no captures to start from');
  const { frames, words } = mutated(capture, seeds, random);
  const watch = new BridgeWatch(random, services);
  let fault: string | undefined;
  try {
    for (const frame of frames) watch.give(frame);
    watch.finish();
    fault = watch.fault;
  } catch (error) {
    fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const what = `${capture.name}: ${words.join(', ')}`;
  const { events, refused, outcome } = watch;
  return { what, frames: frames.length, events, refused, outcome, fault };
}

function mutated(capture: Seed, seeds: readonly Seed[], random: Random) {
  let frames = capture.frames;
  const words: string[] = [];
  for (let n = random.below(4); n > 0 && frames.length > 0; n--) {
    const name = random.pick(Object.keys(MUTATIONS)) ?? '';
    frames = MUTATIONS[name]?.(frames, random.pick(seeds)?.frames ?? [], random) ?? frames;
    words.push(name);
  }
  return { frames, words };
}

class BridgeWatch implements PacketOut {
  events = 0;
  refused = 0;
  fault: string | undefined = undefined;
  outcome = '';
  readonly #random: Random;
  readonly #bridge: Bridge;
  readonly #frame = new Frame();
  #given = 0;

  constructor(random: Random, services: ServiceCatalogue) {
    this.#random = random;
    const settings = {
      holdTime: random.pick([0, 1000, 200_000]) ?? 0,
      holdOctets: random.pick([0, 100, 14_000]) ?? 0,
      checksums: random.chance(0.3),
    };
    this.#bridge = new Bridge(
      {
        mode: random.chance(0.5) ? 'queue' : 'inline',
        judge: this.#die(),
        limits: BRIDGE_FUZZ_LIMITS,
        services,
        onEvent: () => {
          this.events++;
        },
        onFailure: (_, error) => this.#blame(String((error as Error).stack)),
      },
      this,
      settings,
    );
  }

  send(side: Side, buffer: Uint8Array, start: number, end: number, virtio: number): void {
    const lies = start < 0 || end < start || end > buffer.length;
    if (lies || (virtio >= 0 && virtio + VIRTIO_HEADER > buffer.length)) {
      this.#blame(`sent [${start}, ${end}) of ${buffer.length} octets`);
    }
    if (side !== Side.A && side !== Side.B) this.#blame(`sent out of side ${side}`);
  }

  give(stored: StoredFrame): void {
    const frame = this.#frame;
    const lead = this.#random.chance(0.2) ? VIRTIO_HEADER : 0;
    frame.buffer = new Uint8Array(lead + stored.octets.length);
    frame.buffer.set(stored.octets, lead);
    frame.virtio = lead > 0 ? 0 : -1;
    if (lead > 0) frame.buffer[0] = this.#random.below(4);
    frame.start = lead;
    frame.end = lead + stored.octets.length;
    frame.originalLength = stored.originalLength;
    frame.linkType = stored.linkType;
    frame.number++;
    frame.time[0] = stored.time;
    const before = frame.buffer.slice();
    const bridge = this.#bridge;
    const fate = bridge.packet(frame, sideOf(stored));
    this.outcome += fate;
    if (fate !== Fate.Forward && fate !== Fate.Drop) this.#blame(`fate ${fate}`);
    if (bridge.kept && fate !== Fate.Drop) this.#blame('kept and forwarded');
    if (frame.end !== before.length || frame.start !== lead) this.#blame('another length');
    const isAsBefore = before.every((octet, i) => octet === frame.buffer[i]);
    if (fate === Fate.Forward && !bridge.changed && !isAsBefore) {
      this.#blame('changed, and nobody was told');
    }
    frame.buffer.fill(0xee); // it was lent
    if (this.#random.chance(0.05)) bridge.tick(stored.time + this.#random.below(300_000));
    if (++this.#given % LOOK_EVERY === 0) this.#look();
  }

  finish(): void {
    this.#look();
    this.#bridge.finish();
    const { heldOctets, asideOctets, ...counters } = this.#bridge.counters;
    if (counters.failures !== 0) this.#blame(`${counters.failures} faults`);
    // Fragments of datagrams that were never complete are lost, as on any path.
    const { fragmentHeld = 0 } = this.#bridge.engine.counters.decoded;
    if (heldOctets !== 0 && fragmentHeld === 0) {
      this.#blame(`${heldOctets} octets held after the end`);
    }
    if (asideOctets !== 0) this.#blame(`${asideOctets} octets aside after the end`);
    this.outcome += JSON.stringify(counters);
  }

  #look(): void {
    const { heldOctets = 0, asideOctets = 0, retainedOctets = 0 } = this.#bridge.counters;
    const { heldTotal = 0, asideTotal = 0, retainedTotal = 0 } = BRIDGE_FUZZ_LIMITS;
    const { fragmentOctets = 0 } = BRIDGE_FUZZ_LIMITS; // kept as packets and put together
    if (heldOctets > heldTotal + 2 * fragmentOctets + LARGEST_FRAME) {
      this.#blame(`${heldOctets} octets held`);
    }
    if (asideOctets > asideTotal + LARGEST_FRAME) this.#blame(`${asideOctets} octets aside`);
    if (retainedOctets > retainedTotal) this.#blame(`${retainedOctets} octets retained`);
  }

  #blame(what: string): void {
    this.fault ??= `after ${this.#given} packets: ${what}`;
  }

  /** Passes most; the rest is refused in every way there is. */
  #die(): Judge {
    const random = this.#random;
    const records = (['drop', 'reset', 'redact', 'strip', 'hold'] as const).map(
      (action): VerdictRecord => Object.freeze({ action, enforced: true, rule: action }),
    );
    const pass: VerdictRecord = Object.freeze({ action: 'pass', enforced: true });
    return {
      judge: () => {
        if (random.chance(0.6)) return pass;
        this.refused++;
        return random.pick(records) ?? pass;
      },
      redactions: ({ text = '' }: ImEvent) => [
        { start: random.below(text.length + 1), end: random.below(text.length + 2) },
      ],
      masksAll: () => random.chance(0.8),
      defaults: {
        undecodable: random.chance(0.5) ? 'pass' : 'reset',
        overload: random.chance(0.5) ? 'pass' : 'drop',
      },
    };
  }
}

/** The same for all packets of one sender to one receiver. */
function sideOf(frame: StoredFrame): Side {
  const h = headersOf(frame);
  if (h === undefined) return Side.A;
  const { octets } = frame;
  const length = h.version === 4 ? 4 : 16;
  const source = h.ipStart + (h.version === 4 ? 12 : 8);
  for (let i = 0; i < length; i++) {
    const difference = (octets[source + i] ?? 0) - (octets[source + length + i] ?? 0);
    if (difference !== 0) return difference < 0 ? Side.A : Side.B;
  }
  return Side.A;
}
