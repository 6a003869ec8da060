/** What the engine counts per frame, in typed arrays: a count beyond 2^31 must not be boxed. */
import type { Frame } from '../capture/frame.ts';
import type { DecodeCounters } from '../decode/counters.ts';

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
    readonly recognisersEnded: number;
    readonly recognisedEnded: number;
    readonly parserMemoryRefused: number;
    readonly tunnelsTooDeep: number;
    readonly identified: Counts;
    /** Flows that are only recognised: by service, then by activity. */
    readonly recognised: Readonly<Record<string, Counts>>;
    readonly events: Counts;
    readonly verdicts: Counts;
    readonly anomalies: Counts;
  };
}

/** Names of Decoded, in its order. */
const OUTCOMES: readonly string[] = [
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

  frame(frame: Frame): void {
    const counts = this.#counts;
    counts[0] = (counts[0] ?? 0) + 1;
    counts[1] = (counts[1] ?? 0) + (frame.end - frame.start);
    counts[2] = (counts[2] ?? 0) + frame.originalLength;
  }

  snapshot(): Pick<EngineCounters, 'frames' | 'octets' | 'wireOctets'> {
    const [frames = 0, octets = 0, wireOctets = 0] = this.#counts;
    return { frames, octets, wireOctets };
  }
}

/** Frames by what decoding made of them, by name. */
export function outcomes(counters: DecodeCounters): Counts {
  const decoded: Counts = {};
  for (const [i, name] of OUTCOMES.entries()) decoded[name] = counters.outcomes[i] ?? 0;
  return decoded;
}
