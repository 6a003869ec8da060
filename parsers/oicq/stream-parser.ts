/**
 * QQ over TCP: each packet behind its length, u16, which counts itself. Of a packet only its header
 * is kept; the rest passes by.
 */
import { u16be } from '../../src/bytes/read.ts';
import {
  type Direction,
  type FlowParser,
  type ParserSink,
  type Replacement,
  Status,
} from '../contract.ts';
import { OicqAnomaly } from './anomalies.ts';
import { HELD } from './datagram-parser.ts';
import { HEADER, isHeader, SHORTEST } from './header.ts';
import { OicqFlow } from './oicq-flow.ts';

const LENGTH = 2;
const KEPT = LENGTH + HEADER;
const NOTHING = new Uint8Array(0);

/** One direction. */
class Side {
  readonly kept = new Uint8Array(KEPT);
  /** Octets of `kept` that are filled. */
  used = 0;
  /** Octets of the packet under way that are still to come behind its header. */
  left = 0;
  /** Stream offset of the packet under way, and of the next octet. */
  from = 0;
  offset = 0;
  /** Where the next packet begins is not known: at the start of a segment, if it looks like one. */
  torn: boolean;

  constructor(torn: boolean) {
    this.torn = torn;
  }
}

export class OicqStreamParser implements FlowParser {
  readonly #flow = new OicqFlow();
  readonly #sides: readonly [Side, Side];

  constructor(midstream: boolean) {
    this.#sides = [new Side(midstream), new Side(midstream)];
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    const side = this.#sides[direction];
    if (side.torn && !beginsPacket(octets)) {
      side.offset += octets.length;
      return Status.More;
    }
    side.torn = false;
    let at = 0;
    while (at < octets.length) {
      if (side.left > 0) {
        const passed = Math.min(side.left, octets.length - at);
        side.left -= passed;
        side.offset += passed;
        at += passed;
        continue;
      }
      if (side.used === 0) side.from = side.offset;
      const taken = Math.min(KEPT - side.used, octets.length - at);
      side.kept.set(octets.subarray(at, at + taken), side.used);
      side.used += taken;
      side.offset += taken;
      at += taken;
      if (side.used === KEPT && !this.#header(direction, side, sink)) return Status.Lost;
    }
    return Status.More;
  }

  gap(direction: Direction, octets: number): Status {
    const side = this.#sides[direction];
    side.offset += octets;
    if (octets < side.left) side.left -= octets;
    else {
      side.torn = octets !== side.left || side.used > 0;
      side.left = 0;
      side.used = 0;
    }
    return Status.More;
  }

  end(): void {}

  holdFrom(direction: Direction): number {
    const side = this.#sides[direction];
    return side.used > 0 ? side.from : -1;
  }

  held(): number {
    return HELD;
  }

  replace(): Replacement {
    return { forward: NOTHING, back: NOTHING };
  }

  /** False where no packet of QQ stands. */
  #header(direction: Direction, side: Side, sink: ParserSink): boolean {
    const length = u16be(side.kept, 0);
    side.used = 0;
    if (length < LENGTH + SHORTEST || !isHeader(side.kept, LENGTH)) {
      sink.anomaly(OicqAnomaly.NoPacket, direction);
      return false;
    }
    side.left = length - KEPT;
    this.#flow.packet(direction, side.kept, LENGTH, side.from, side.from + length, sink);
    return true;
  }
}

/** Looks at the start of a segment only: where it is cut inside a header nothing is believed. */
function beginsPacket(octets: Uint8Array): boolean {
  if (octets.length < KEPT) return false;
  return u16be(octets, 0) >= LENGTH + SHORTEST && isHeader(octets, LENGTH);
}
