/**
 * Gadu-Gadu, both directions of one TCP flow (4.x to 11). Packets are cut by framing/length-frames.ts, read
 * in place and handled where dispatch.ts says. A packet is a unit.
 */
import { i32le } from '../../src/bytes/read.ts';
import type { ImEvent } from '../../src/event/event.ts';
import {
  Direction,
  type FlowContext,
  type FlowParser,
  type ParserSink,
  type Replacement,
  Status,
  type Unit,
} from '../contract.ts';
import { type FrameListener, LengthFramer } from '../framing/length-frames.ts';
import { Anomaly } from './anomalies.ts';
import { dispatch } from './dispatch.ts';
import { frameRules, HEADER } from './frames.ts';
import { GgFlow } from './gg-flow.ts';
import { replacementFor } from './replacement.ts';
import { sayLogout } from './sessions.ts';
import { endList } from './user-lists.ts';

const RULES = [frameRules(Direction.ToServer), frameRules(Direction.ToClient)] as const;

export class GaduParser implements FlowParser, FrameListener {
  readonly #flow: GgFlow;
  readonly #framers: readonly [LengthFramer, LengthFramer];

  constructor(context: FlowContext) {
    this.#flow = new GgFlow(context);
    const { midstream } = context;
    this.#framers = [new LengthFramer(RULES[0], midstream), new LengthFramer(RULES[1], midstream)];
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    this.#flow.direction = direction;
    this.#flow.sink = sink;
    this.#framers[direction].push(octets, this);
    this.#flow.rest();
    return Status.More;
  }

  gap(direction: Direction, octets: number): Status {
    this.#framers[direction].gap(octets);
    this.#flow.listTails[direction] = '';
    this.#flow.images.broken(direction);
    return Status.More;
  }

  end(direction: Direction, sink: ParserSink): void {
    const flow = this.#flow;
    const { offset } = this.#framers[direction];
    flow.direction = direction;
    flow.sink = sink;
    flow.begin(flow.buffer, 0, 0, offset, 0);
    flow.images.end(flow, direction);
    endList(flow);
    // A client that leaves says so as its state, and closes.
    if (direction === Direction.ToServer && flow.goesOff) sayLogout(flow, undefined);
    flow.rest();
  }

  holdFrom(direction: Direction): number {
    return this.#framers[direction].pending;
  }

  held(): number {
    return this.#framers[0].held + this.#framers[1].held + this.#flow.held();
  }

  replace(event: ImEvent, _unit: Unit, notice: string | undefined): Replacement | undefined {
    return replacementFor(this.#flow, event, notice);
  }

  lost(): void {
    this.#flow.sink.anomaly(Anomaly.Lost, this.#flow.direction);
  }

  frame(buffer: Uint8Array, start: number, end: number, from: number, length: number): void {
    const flow = this.#flow;
    flow.begin(buffer, start, end, from, length);
    flow.body = start + HEADER;
    flow.type = i32le(buffer, start) >>> 0;
    if (!flow.whole) flow.anomaly(Anomaly.PacketTooLong);
    dispatch(flow);
  }
}
