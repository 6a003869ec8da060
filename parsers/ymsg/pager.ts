/**
 * Reads the packets of both directions, wherever they travel: on a connection of their own, between two
 * clients, or in the bodies of HTTP messages.
 */
import { Direction, type FlowContext, type ParserSink } from '../contract.ts';
import { Anomaly } from './anomalies.ts';
import { dispatch } from './dispatch.ts';
import { PacketFramer, type PacketListener } from './packet-framer.ts';
import { isSilent, Service } from './services.ts';
import { onEnd } from './session.ts';
import { canonicalId } from './text-value.ts';
import { isKnownVersion } from './version.ts';
import { YmsgFlow } from './ymsg-flow.ts';

export class Pager implements PacketListener {
  readonly flow: YmsgFlow;
  readonly #framers = [new PacketFramer(), new PacketFramer()] as const;
  readonly #ended: [boolean, boolean] = [false, false];
  #endedFirst: Direction = Direction.ToServer;
  #unknownVersionSaid = false;

  constructor(context: FlowContext, protocol = 'ymsg') {
    this.flow = new YmsgFlow(context, protocol);
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): void {
    this.#begin(direction, sink);
    this.#framers[direction].push(octets, this);
    this.flow.rest();
  }

  /** The next octets stand at this stream offset. */
  seek(direction: Direction, offset: number): void {
    this.#framers[direction].seek(offset);
  }

  gap(direction: Direction, octets: number): void {
    this.#framers[direction].gap(octets);
  }

  /** The octets that were pushed are a whole: what is unfinished never will be finished. */
  cut(direction: Direction): void {
    this.#framers[direction].cut();
  }

  end(direction: Direction, sink: ParserSink): void {
    const other = direction === Direction.ToServer ? Direction.ToClient : Direction.ToServer;
    this.#ended[direction] = true;
    if (!this.#ended[other]) {
      this.#endedFirst = direction;
      return;
    }
    // Who ended first has ended it.
    this.#begin(this.#endedFirst, sink);
    onEnd(this.flow, this.#framers[this.#endedFirst].offset);
    this.flow.rest();
  }

  pending(direction: Direction): number {
    return this.#framers[direction].pending;
  }

  held(): number {
    return this.flow.held() + this.#framers[0].held + this.#framers[1].held;
  }

  wants(buffer: Uint8Array, at: number): boolean {
    const service = ((buffer[at + 10] ?? 0) << 8) | (buffer[at + 11] ?? 0);
    if (!isSilent(service)) return true;
    // Keep-alives name the account: on a flow picked up in the middle they may be all there is.
    if (service === Service.KeepAlive && this.flow.account === undefined) return true;
    this.flow.glance(buffer, at);
    return false;
  }

  packet(buffer: Uint8Array, start: number, end: number, from: number): void {
    const { flow } = this;
    flow.begin(buffer, start, end, from);
    if (!this.#unknownVersionSaid && !isKnownVersion(flow.packet.version)) {
      this.#unknownVersionSaid = true;
      const event = flow.newEvent('app.unknown');
      event.reason = `version ${flow.packet.version}`;
      flow.say(event);
    }
    if (flow.packet.service === Service.KeepAlive) this.#keepAlive();
    else dispatch(flow);
  }

  noMagic(): void {
    this.flow.sink.anomaly(Anomaly.NoMagic, this.flow.direction);
  }

  #keepAlive(): void {
    const { flow } = this;
    const id = canonicalId(flow.pairs.text(0) ?? flow.pairs.text(1));
    if (id === undefined) return;
    flow.learnAccount(id);
    const event = flow.newEvent('presence');
    event.from = id;
    event.reason = 'keep-alive';
    flow.say(event);
  }

  #begin(direction: Direction, sink: ParserSink): void {
    this.flow.direction = direction;
    this.flow.sink = sink;
  }
}
