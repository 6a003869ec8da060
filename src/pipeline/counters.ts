/** What the engine counts per frame, in typed arrays: a count beyond 2^31 must not be boxed. */
import type { Frame } from '../capture/frame.ts';
import { Decoded } from '../decode/packet-view.ts';

export type Counts = Record<string, number>;

export interface EngineCounters {
  readonly frames: number;
  /** Octets captured, and on the wire. */
  readonly octets: number;
  readonly wireOctets: number;
  /** Frames by what decoding made of them. */
  readonly decoded: Counts;
  readonly decode: Counts;
  readonly flows: Counts;
  readonly streams: Counts;
  readonly expected: Counts;
  readonly inspect: {
    readonly letGo: number;
    readonly undecided: number;
    readonly identificationRefused: number;
    readonly sessionsRefused: number;
    readonly identified: Counts;
    readonly events: Counts;
    readonly verdicts: Counts;
    readonly anomalies: Counts;
  };
}

const NAMES: readonly string[] = [
  'tcp',
  'udp',
  'otherTransport',
  'fragmentHeld',
  'notIp',
  'truncated',
  'malformed',
  'unknownLinkType',
  'tooDeep',
];

export class FrameCounters {
  readonly #counts = new Float64Array(3);
  readonly #decoded = new Float64Array(Object.keys(Decoded).length);

  frame(frame: Frame): void {
    const counts = this.#counts;
    counts[0] = (counts[0] ?? 0) + 1;
    counts[1] = (counts[1] ?? 0) + (frame.end - frame.start);
    counts[2] = (counts[2] ?? 0) + frame.originalLength;
  }

  decoded(as: Decoded): void {
    this.#decoded[as] = (this.#decoded[as] ?? 0) + 1;
  }

  snapshot(): Pick<EngineCounters, 'frames' | 'octets' | 'wireOctets' | 'decoded'> {
    const [frames = 0, octets = 0, wireOctets = 0] = this.#counts;
    const decoded: Counts = {};
    for (const [i, name] of NAMES.entries()) decoded[name] = this.#decoded[i] ?? 0;
    return { frames, octets, wireOctets, decoded };
  }
}
