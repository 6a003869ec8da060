/**
 * IRC, both directions of one TCP flow (RFC 1459, RFC 2812, modern IRC, IRCv3).
 *
 * Lines are cut by framing/lines.ts, read in place by line.ts, handled where dispatch.ts says.
 * A line is a unit. A lone CR ends a line too, as it does in most servers; NUL is left out.
 */
import {
  Direction,
  type FlowContext,
  type FlowParser,
  type ParserSink,
  Status,
} from '../contract.ts';
import { LineFramer, type LineListener } from '../framing/lines.ts';
import { Anomaly } from './anomalies.ts';
import { closeBatches } from './batch-lines.ts';
import { Command } from './commands.ts';
import { dispatch } from './dispatch.ts';
import { IrcFlow } from './irc-flow.ts';
import { LINE_LIMIT, MESSAGE_LIMIT, TAGS_LIMIT } from './irc-limits.ts';
import { onEnd } from './registration.ts';

const NUL = 0x00;
const CR = 0x0d;
const TLS_HANDSHAKE = 0x16;

export class IrcParser implements FlowParser, LineListener {
  readonly #flow: IrcFlow;
  readonly #framers = [new LineFramer(LINE_LIMIT), new LineFramer(LINE_LIMIT)] as const;
  /** The next line of the direction may lack its beginning. */
  readonly #torn: [boolean, boolean];
  /** A line without its NULs; made when the first comes. */
  #clean: Uint8Array | undefined = undefined;

  constructor(context: FlowContext) {
    this.#flow = new IrcFlow(context);
    this.#torn = [context.midstream, context.midstream];
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    const flow = this.#flow;
    if (flow.handedOver) return Status.HandOver;
    flow.direction = direction;
    flow.sink = sink;
    const framer = this.#framers[direction];
    // The server's answer to STARTTLS is not in a one-sided capture.
    if (flow.awaitsTls && flow.toServer && framer.pending === -1 && octets[0] === TLS_HANDSHAKE) {
      flow.handedOver = true;
      sink.handOver('tls', 'starttls');
    } else framer.push(octets, this);
    flow.rest();
    return flow.handedOver ? Status.HandOver : Status.More;
  }

  gap(direction: Direction, octets: number, sink: ParserSink): Status {
    const flow = this.#flow;
    if (flow.handedOver) return Status.HandOver;
    flow.direction = direction;
    flow.sink = sink;
    closeBatches(flow, this.#framers[direction].offset);
    this.#framers[direction].gap(octets);
    flow.rest();
    return Status.More;
  }

  end(direction: Direction, sink: ParserSink): void {
    const flow = this.#flow;
    if (flow.handedOver) return;
    const { offset } = this.#framers[direction];
    flow.direction = direction;
    flow.sink = sink;
    closeBatches(flow, offset);
    flow.begin(offset, offset);
    if (direction === Direction.ToClient) onEnd(flow);
    flow.rest();
  }

  holdFrom(direction: Direction): number {
    const { pending } = this.#framers[direction];
    const batch = this.#flow.openSince(direction);
    return batch === -1 ? pending : batch;
  }

  held(): number {
    const clean = this.#clean?.length ?? 0;
    return clean + this.#framers[0].held + this.#framers[1].held + this.#flow.held();
  }

  overlong(from: number): void {
    this.#flow.begin(from, from);
    this.#flow.anomaly(Anomaly.LineSkipped);
    this.#torn[this.#flow.direction] = false;
  }

  line(buffer: Uint8Array, start: number, end: number, from: number, to: number): void {
    let at = start;
    let nul = false;
    for (let i = start; i < end; i++) {
      const octet = buffer[i];
      if (octet === NUL) nul = true;
      else if (octet === CR) {
        this.#flow.begin(from + at - start, from + i + 1 - start);
        if (i > at) {
          this.#flow.anomaly(Anomaly.LoneCr);
          this.#one(buffer, at, i, nul);
        }
        at = i + 1;
        nul = false;
      }
    }
    this.#flow.begin(from + at - start, to);
    if (end > at) this.#one(buffer, at, end, nul);
    if (this.#flow.handedOver) this.#framers[this.#flow.direction].stop();
  }

  #one(buffer: Uint8Array, start: number, end: number, nul: boolean): void {
    if (!nul) {
      this.#flow.verbatim = true;
      this.#read(buffer, start, end);
      return;
    }
    this.#flow.anomaly(Anomaly.Nul);
    this.#clean ??= new Uint8Array(LINE_LIMIT);
    let length = 0;
    for (let i = start; i < end; i++) {
      const octet = buffer[i] ?? NUL;
      if (octet !== NUL) this.#clean[length++] = octet;
    }
    this.#flow.verbatim = false;
    this.#read(this.#clean, 0, length);
  }

  #read(buffer: Uint8Array, start: number, end: number): void {
    const flow = this.#flow;
    const { line, direction } = flow;
    const torn = this.#torn[direction];
    this.#torn[direction] = false;
    if (flow.toServer && flow.awaitsTls) {
      flow.anomaly(Anomaly.OctetsAfterStartTls);
      return;
    }
    if (!line.read(buffer, start, end)) {
      if (!torn) flow.anomaly(Anomaly.BadCommand);
      return;
    }
    const { command } = line;
    const tags = line.tagsStart === -1 ? 0 : line.tagsEnd - line.tagsStart + 2;
    if (tags > TAGS_LIMIT || end - start - tags + 2 > MESSAGE_LIMIT)
      flow.anomaly(Anomaly.LineTooLong);
    if (flow.toServer && line.sourceStart !== -1) flow.anomaly(Anomaly.ClientSource);
    // Any numeric but the one that grants it, and the server did not take STARTTLS.
    if (flow.awaitsTls && command > 0 && command < 1000 && command !== 670) flow.awaitsTls = false;
    if (command === Command.Silent || (torn && command === Command.Unknown)) return;
    if (!flow.toServer && command !== Command.Error) flow.lastError = undefined;
    flow.tags.read(buffer, line.tagsStart, line.tagsEnd);
    dispatch(flow);
  }
}
