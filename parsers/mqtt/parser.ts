/**
 * MQTT, both directions of one TCP flow (3.1, 3.1.1 and 5.0). Packets are cut by
 * framing/length-frames.ts and read in place; a packet is a unit, a will is one of its own.
 */
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
import { type FrameListener, type FrameRules, LengthFramer } from '../framing/length-frames.ts';
import { Anomaly } from './anomalies.ts';
import { headerOctets, measurePacket } from './fixed-header.ts';
import { MqttFlow } from './mqtt-flow.ts';
import { PACKET_LIMIT } from './mqtt-limits.ts';
import { PacketType } from './packet-type.ts';
import { onAcknowledged, onPublish } from './publish.ts';
import { replacementFor } from './replacement.ts';
import { onConnack, onConnect, onDisconnect, sayUnknown } from './sessions.ts';
import { mayBegin, Worth, worthOf } from './strict.ts';
import { onSuback, onSubscribe, onUnsubscribe } from './subscriptions.ts';

const rules = (direction: Direction): FrameRules => ({
  limit: PACKET_LIMIT,
  measure: measurePacket,
  plausible: (buffer, at, end, length) =>
    end - at === length
      ? worthOf(buffer, at, end, direction) !== Worth.None
      : mayBegin(buffer, at, end, direction),
});
const RULES = [rules(Direction.ToServer), rules(Direction.ToClient)] as const;

export class MqttParser implements FlowParser, FrameListener {
  readonly #flow = new MqttFlow();
  readonly #framers: readonly [LengthFramer, LengthFramer];

  constructor(context: FlowContext) {
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
    return Status.More;
  }

  end(): void {}

  holdFrom(direction: Direction): number {
    return this.#framers[direction].pending;
  }

  held(): number {
    return this.#framers[0].held + this.#framers[1].held + this.#flow.held();
  }

  replace(event: ImEvent, unit: Unit, notice: string | undefined): Replacement | undefined {
    return replacementFor(this.#flow, event, unit, notice);
  }

  lost(): void {
    this.#flow.sink.anomaly(Anomaly.Lost, this.#flow.direction);
  }

  frame(buffer: Uint8Array, start: number, end: number, from: number, length: number): void {
    const flow = this.#flow;
    flow.begin(buffer, start, end, from, length);
    flow.body = start + headerOctets(buffer, start, end);
    if (!flow.whole) flow.anomaly(Anomaly.PacketCut);
    const type = (buffer[start] ?? 0) >> 4;
    switch (type) {
      case PacketType.Publish:
        onPublish(flow);
        break;
      case PacketType.Puback:
      case PacketType.Pubcomp:
        onAcknowledged(flow, true);
        break;
      case PacketType.Pubrec:
        onAcknowledged(flow, false);
        break;
      case PacketType.Pubrel:
      case PacketType.Pingreq:
      case PacketType.Pingresp:
      case PacketType.Unsuback:
        break;
      case PacketType.Disconnect:
        onDisconnect(flow);
        break;
      case PacketType.Auth:
        // Its method and data are a login's secrets; before 5.0 nobody knows the type.
        if (!flow.isV5) sayUnknown(flow, 'AUTH');
        break;
      default:
        if (flow.toServer) this.#fromClient(type);
        else this.#fromServer(type);
    }
  }

  #fromClient(type: number): void {
    const flow = this.#flow;
    if (type === PacketType.Connect) onConnect(flow);
    else if (type === PacketType.Subscribe) onSubscribe(flow);
    else if (type === PacketType.Unsubscribe) onUnsubscribe(flow);
    else sayUnknown(flow, `packet type ${type} from the client`);
  }

  #fromServer(type: number): void {
    const flow = this.#flow;
    if (type === PacketType.Connack) onConnack(flow);
    else if (type === PacketType.Suback) onSuback(flow);
    else sayUnknown(flow, `packet type ${type} from the server`);
  }
}
