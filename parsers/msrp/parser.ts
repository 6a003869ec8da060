/** MSRP (RFC 4975, 4976, 7701), both directions of one connection, which may carry many sessions. */
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
import { MsrpAnomaly } from './anomalies.ts';
import { onNickname, onReport, onResponse } from './answers.ts';
import { MsrpFlow } from './msrp-flow.ts';
import { MsrpFramer, type MsrpListener } from './msrp-framer.ts';
import type { MsrpHead } from './msrp-head.ts';
import { replacement } from './refusal.ts';
import { Sends } from './send.ts';

export class MsrpParser implements FlowParser, MsrpListener {
  readonly #flow: MsrpFlow;
  readonly #framers = [new MsrpFramer(), new MsrpFramer()] as const;
  readonly #sends: readonly [Sends, Sends];
  readonly #fed: [number, number] = [0, 0];
  readonly #ended: [boolean, boolean] = [false, false];

  constructor(context: FlowContext) {
    this.#flow = new MsrpFlow(context);
    this.#sends = [new Sends(this.#flow), new Sends(this.#flow)];
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    this.#at(direction, sink);
    this.#fed[direction] += octets.length;
    this.#framers[direction].push(octets, this);
    this.#flow.rest();
    return Status.More;
  }

  gap(direction: Direction, octets: number, sink: ParserSink): Status {
    this.#at(direction, sink);
    this.#fed[direction] += octets;
    this.#sends[direction].gap();
    this.#framers[direction].gap(octets);
    this.#flow.rest();
    return Status.More;
  }

  end(direction: Direction, sink: ParserSink): void {
    if (this.#ended[direction]) return;
    this.#ended[direction] = true;
    this.#at(direction, sink);
    this.#flow.noUnit(this.#fed[direction]);
    this.#sends[direction].end();
    this.#flow.rest();
  }

  holdFrom(direction: Direction): number {
    return this.#framers[direction].pending;
  }

  held(): number {
    const [up, down] = this.#framers;
    const [sent, received] = this.#sends;
    return up.held + down.held + sent.held() + received.held() + this.#flow.held();
  }

  replace(event: ImEvent, unit: Unit, notice: string | undefined): Replacement | undefined {
    return replacement(this.#flow, event, unit, notice);
  }

  anomaly(name: MsrpAnomaly): void {
    this.#flow.anomaly(name);
  }

  chunk(head: MsrpHead, bodyEnd: number, flag: number, from: number, to: number): void {
    const flow = this.#flow;
    const { direction } = flow;
    flow.begin(head, from, to);
    if (!head.pathsFirst) flow.anomaly(MsrpAnomaly.BadPath);
    if (head.method === '') {
      onResponse(flow, head, this.#sends[direction === Direction.ToServer ? 1 : 0]);
      return;
    }
    switch (head.method) {
      case 'SEND':
        this.#sends[direction].chunk(head, bodyEnd, flag, from);
        return;
      case 'REPORT':
        onReport(flow, head);
        return;
      case 'NICKNAME':
        onNickname(flow, head);
        return;
      case 'AUTH': // to relays, RFC 4976
        return;
      default: {
        const event = flow.newEvent('app.unknown', flow.parties(head));
        event.reason = head.method;
        flow.say(event);
      }
    }
  }

  streams(head: MsrpHead): boolean {
    return head.method === 'SEND' && this.#sends[this.#flow.direction].streams(head);
  }

  begin(head: MsrpHead, from: number): void {
    const flow = this.#flow;
    flow.begin(head, from, -1);
    if (!head.pathsFirst) flow.anomaly(MsrpAnomaly.BadPath);
    if (head.method === 'SEND') this.#sends[flow.direction].begin(head);
    else {
      const event = flow.newEvent('app.unknown', flow.parties(head));
      event.reason = `${head.method} with a large body`;
      flow.say(event);
    }
  }

  content(octets: Uint8Array): void {
    this.#sends[this.#flow.direction].content(octets);
  }

  finish(flag: number, to: number): void {
    this.#flow.endUnit(to);
    this.#sends[this.#flow.direction].finish(flag);
  }

  #at(direction: Direction, sink: ParserSink): void {
    this.#flow.direction = direction;
    this.#flow.sink = sink;
  }
}
