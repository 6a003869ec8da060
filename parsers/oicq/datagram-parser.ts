/** QQ over UDP: a packet a datagram. */
import {
  type Direction,
  type FlowParser,
  type ParserSink,
  type Replacement,
  Status,
} from '../contract.ts';
import { OicqAnomaly } from './anomalies.ts';
import { isHeader, LAST_OCTET, SHORTEST } from './header.ts';
import { OicqFlow } from './oicq-flow.ts';

/** Octets of the parser itself: measured, and rounded up. */
export const HELD = 1024;
const NOTHING = new Uint8Array(0);

export class OicqDatagramParser implements FlowParser {
  readonly #flow = new OicqFlow();
  readonly #offsets: [number, number] = [0, 0];

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    const from = this.#offsets[direction];
    const to = from + octets.length;
    this.#offsets[direction] = to;
    const whole = octets.length >= SHORTEST && octets[octets.length - 1] === LAST_OCTET;
    if (whole && isHeader(octets, 0)) this.#flow.packet(direction, octets, 0, from, to, sink);
    else if (octets.length > 0) sink.anomaly(OicqAnomaly.NoPacket, direction);
    return Status.More;
  }

  gap(direction: Direction, octets: number): Status {
    this.#offsets[direction] += octets;
    return Status.More;
  }

  end(): void {}

  holdFrom(): number {
    return -1;
  }

  held(): number {
    return HELD;
  }

  /** Nothing can be said in its place: everything is encrypted. A lost datagram is repeated, then given up. */
  replace(): Replacement {
    return { forward: NOTHING, back: NOTHING };
  }
}
