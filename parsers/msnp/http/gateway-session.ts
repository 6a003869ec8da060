/**
 * One session of the gateway: a stream of MSNP in each direction, cut into the bodies of requests and responses
 * that may come over several connections. Its reader lives in the family's memory, under the identifier of the
 * last answer.
 */

import type { ImEvent } from '../../../src/event/event.ts';
import {
  type ContentFollower,
  Direction,
  type ExpectedConnection,
  type FlowContext,
  type ParserSink,
  type Replacement,
  type SharedMemory,
  type Unit,
} from '../../contract.ts';
import { MsnpParser } from '../parser.ts';

/** The connection over which the session's octets come just now. */
class PassingContext implements FlowContext {
  now: FlowContext;
  readonly midstream: boolean;
  constructor(now: FlowContext, midstream: boolean) {
    this.now = now;
    this.midstream = midstream;
  }
  get transport(): 'tcp' | 'udp' {
    return this.now.transport;
  }
  get clientAddress(): string {
    return this.now.clientAddress;
  }
  get clientPort(): number {
    return this.now.clientPort;
  }
  get serverAddress(): string {
    return this.now.serverAddress;
  }
  get serverPort(): number {
    return this.now.serverPort;
  }
  get expected(): ExpectedConnection | undefined {
    return undefined;
  }
  get memory(): SharedMemory {
    return this.now.memory;
  }
  follow(): ContentFollower | undefined {
    return this.now.follow();
  }
  expectedByToken(token: string): ExpectedConnection | undefined {
    return this.now.expectedByToken(token);
  }
}

/** A stretch of one direction that stands in one piece in one connection. */
interface Run {
  /** The connection's reader; undefined between bodies. */
  owner: object | undefined;
  /** Where it begins in the session's stream, and what makes a place in the connection of one in it. */
  start: number;
  shift: number;
}

export class GatewaySession {
  /** Under which it is remembered. */
  id: string | undefined = undefined;
  readonly #context: PassingContext;
  readonly #parser: MsnpParser;
  /** Octets of each direction so far. */
  readonly #offsets: [number, number] = [0, 0];
  readonly #runs: readonly [Run, Run] = [newRun(), newRun()];
  /** The unit as the connection has it. */
  readonly #unit: Unit = {
    direction: Direction.ToServer,
    start: 0,
    end: 0,
    textStart: -1,
    textEnd: -1,
    head: 0,
    form: 0,
  };
  #over = false;

  constructor(context: FlowContext, midstream: boolean) {
    this.#context = new PassingContext(context, midstream);
    this.#parser = new MsnpParser(this.#context, 'msnp-http');
  }

  /** A piece of a body, at `from` of the connection's stream. */
  push(
    owner: object,
    context: FlowContext,
    direction: Direction,
    octets: Uint8Array,
    from: number,
    sink: ParserSink,
  ): void {
    const run = this.#runs[direction];
    const offset = this.#offsets[direction];
    if (run.owner !== owner || run.shift !== from - offset) {
      run.owner = owner;
      run.start = offset;
      run.shift = from - offset;
    }
    this.#offsets[direction] += octets.length;
    this.#context.now = context;
    this.#parser.push(direction, octets, this.#sink(sink));
  }

  /** The body ends; what is unfinished goes on in another one, and cannot be held for it. */
  pause(direction: Direction): void {
    this.#runs[direction].owner = undefined;
  }

  gap(context: FlowContext, direction: Direction, octets: number, sink: ParserSink): void {
    this.pause(direction);
    this.#offsets[direction] += octets;
    this.#context.now = context;
    this.#parser.gap(direction, octets, this.#sink(sink));
  }

  end(context: FlowContext, sink: ParserSink): void {
    if (this.#over) return;
    this.#over = true;
    this.#context.now = context;
    this.#parser.end(Direction.ToServer, this.#sink(sink));
    this.#parser.end(Direction.ToClient, this.#sink(sink));
  }

  /** Where in `owner`'s stream an unfinished command began; -1 where it is not in its hands. */
  holdFrom(owner: object, direction: Direction): number {
    const run = this.#runs[direction];
    const from = this.#parser.holdFrom(direction);
    return from === -1 || run.owner !== owner || from < run.start ? -1 : from + run.shift;
  }

  held(): number {
    return 1024 + this.#parser.held();
  }

  /** Bodies have their length told before them: what takes the unit's place is as long. */
  replace(unit: Unit): Replacement | undefined {
    const neutral = unit.start === -1 ? undefined : this.#parser.neutralForm();
    return neutral === undefined ? undefined : { forward: neutral, back: new Uint8Array(0) };
  }

  #sink(sink: ParserSink): ParserSink {
    return {
      event: (event: ImEvent, unit: Unit) => sink.event(event, this.#there(unit)),
      anomaly: (name, direction) => sink.anomaly(name, direction),
      expect: (connection, refused) => sink.expect(connection, refused),
      handOver: () => undefined,
      identify: () => false,
      resolved: () => undefined,
    };
  }

  /** The unit's place in the connection; none, where it began in another body. */
  #there(unit: Unit): Unit {
    const { owner, start, shift } = this.#runs[unit.direction];
    const there = this.#unit;
    const isThere = owner !== undefined && unit.start >= start;
    there.direction = unit.direction;
    there.start = isThere ? unit.start + shift : -1;
    there.end = isThere ? unit.end + shift : -1;
    there.textStart = isThere && unit.textStart !== -1 ? unit.textStart + shift : -1;
    there.textEnd = isThere && unit.textEnd !== -1 ? unit.textEnd + shift : -1;
    there.head = unit.head;
    there.form = isThere ? unit.form : -1;
    return there;
  }
}

function newRun(): Run {
  return { owner: undefined, start: 0, shift: 0 };
}
