/**
 * Both directions of one Direct Connect flow: commands, a hub's compressed parts (NMDC `$ZOn|`, ADC
 * `ZON`), and content between peers, as they follow each other in the stream.
 *
 * After a gap, or picked up in the middle, the stream may be inside any of them: nothing is believed
 * before a command that is certainly one.
 */
import { Inflated, InflateStream } from '../../src/bytes/inflate.ts';
import type { ImEvent } from '../../src/event/event.ts';
import {
  Direction,
  type FlowParser,
  type ParserSink,
  type Replacement,
  Status,
  type Unit,
} from '../contract.ts';
import { Anomaly } from './anomalies.ts';
import type { DcFlow } from './dc-flow.ts';
import { type CommandListener, DelimitedFramer } from './delimited.ts';
import { COMMAND_LIMIT, HUB_RATIO, INFLATE_FLOOR } from './nmdc-limits.ts';
import type { PeerFiles } from './peer-files.ts';

const INFLATION = { ratio: HUB_RATIO, floor: INFLATE_FLOOR };

/** What the protocol makes of a command. */
export interface Dialect {
  readonly delimiter: number;
  readonly flow: DcFlow;
  readonly files: PeerFiles;
  /** The command is certainly one of this protocol. */
  isCertain(buffer: Uint8Array, start: number, end: number): boolean;
  command(buffer: Uint8Array, start: number, end: number): void;
  replace(event: ImEvent, unit: Unit, notice: string | undefined): Replacement | undefined;
}

export class DcParser implements FlowParser, CommandListener {
  readonly #dialect: Dialect;
  readonly #framers: readonly [DelimitedFramer, DelimitedFramer];
  readonly #offsets: [number, number] = [0, 0];
  readonly #inflates: [InflateStream | undefined, InflateStream | undefined] = [
    undefined,
    undefined,
  ];
  /** Nothing is believed before a certain command. */
  readonly #torn: [boolean, boolean];
  /** Octets of all of them together. */
  readonly #inflated = { in: 0, out: 0 };
  readonly #take = (octets: Uint8Array): void => this.#pushInflated(octets);
  #lost = false;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
    const { midstream } = dialect.flow.context;
    this.#torn = [midstream, midstream];
    const { delimiter } = dialect;
    this.#framers = [
      new DelimitedFramer(delimiter, COMMAND_LIMIT),
      new DelimitedFramer(delimiter, COMMAND_LIMIT),
    ];
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    if (this.#lost) return Status.Lost;
    const { flow, files } = this.#dialect;
    flow.sink = sink;
    flow.direction = direction;
    const base = this.#offsets[direction];
    const framer = this.#framers[direction];
    let at = 0;
    while (at < octets.length && !this.#lost) {
      if (files.isContent(direction)) {
        const next = files.push(octets, at, base + at);
        if (next === -1) this.#lost = true;
        else at = next;
      } else if (this.#inflates[direction] !== undefined) at = this.#inflate(octets, at);
      else {
        flow.compressed = false;
        at = framer.read(octets, at, base + at, this);
        if (flow.compressed) this.#compress(direction);
      }
    }
    this.#offsets[direction] = base + octets.length;
    if (this.#lost) {
      for (const side of [Direction.ToServer, Direction.ToClient]) {
        flow.direction = side;
        files.end(side, this.#offsets[side]);
      }
    }
    flow.rest();
    return this.#lost ? Status.Lost : Status.More;
  }

  gap(direction: Direction, octets: number, sink: ParserSink): Status {
    if (this.#lost) return Status.Lost;
    const { flow, files } = this.#dialect;
    flow.sink = sink;
    flow.direction = direction;
    const offset = this.#offsets[direction];
    this.#offsets[direction] = offset + octets;
    this.#inflates[direction] = undefined;
    const left = files.gap(octets, offset);
    // Where exactly a file's end was lost the next octet may be a command's first one, or not.
    if (left !== 0) {
      this.#framers[direction].skip();
      this.#torn[direction] = true;
    }
    flow.rest();
    return Status.More;
  }

  end(direction: Direction, sink: ParserSink): void {
    const { flow, files } = this.#dialect;
    flow.sink = sink;
    flow.direction = direction;
    files.end(direction, this.#offsets[direction]);
    flow.rest();
  }

  holdFrom(direction: Direction): number {
    return this.#lost ? -1 : this.#framers[direction].pending;
  }

  held(): number {
    const { flow, files } = this.#dialect;
    let octets = flow.held() + files.held() + this.#framers[0].held + this.#framers[1].held;
    for (const inflate of this.#inflates) if (inflate !== undefined) octets += InflateStream.HELD;
    return octets;
  }

  replace(event: ImEvent, unit: Unit, notice: string | undefined): Replacement | undefined {
    return this.#dialect.replace(event, unit, notice);
  }

  command(buffer: Uint8Array, start: number, end: number, from: number, to: number): void {
    if (!this.#isCommand(buffer, start, end)) return;
    const { flow } = this.#dialect;
    flow.buffer = buffer;
    flow.begin(start, from, to);
    this.#dialect.command(buffer, start, end);
  }

  beginning(buffer: Uint8Array, start: number, end: number, from: number): void {
    const { flow } = this.#dialect;
    flow.begin(start, from, -1);
    flow.anomaly(Anomaly.CommandTooLong);
    if (!this.#isCommand(buffer, start, end)) return;
    flow.buffer = buffer;
    flow.cut = true;
    this.#dialect.command(buffer, start, end);
    flow.cut = false;
  }

  #isCommand(buffer: Uint8Array, start: number, end: number): boolean {
    const { direction } = this.#dialect.flow;
    if (this.#torn[direction]) {
      if (!this.#dialect.isCertain(buffer, start, end)) return false;
      this.#torn[direction] = false;
    }
    return start < end;
  }

  #compress(direction: Direction): void {
    this.#inflates[direction] = new InflateStream(INFLATION, this.#inflated);
  }

  /** Returns where reading goes on. */
  #inflate(octets: Uint8Array, at: number): number {
    const { flow } = this.#dialect;
    const { direction } = flow;
    const inflate = this.#inflates[direction];
    if (inflate === undefined) return octets.length;
    const state = inflate.push(octets.subarray(at), this.#take);
    if (state === Inflated.More) return octets.length;
    this.#inflates[direction] = undefined;
    if (state === Inflated.End) return octets.length - inflate.left;
    flow.begin(0, -1, -1);
    flow.anomaly(Anomaly.BadCompression);
    const event = flow.make('app.unknown');
    event.reason = 'undecodable compression';
    flow.say(event);
    this.#lost = true;
    return octets.length;
  }

  #pushInflated(octets: Uint8Array): void {
    const { flow } = this.#dialect;
    const framer = this.#framers[flow.direction];
    let at = 0;
    while (at < octets.length) {
      flow.compressed = false;
      at = framer.read(octets, at, -1, this);
      // Compression inside compression: no client reads it.
      if (flow.compressed) flow.anomaly(Anomaly.BadCompression);
    }
  }
}
