/**
 * What a proxy sends instead of a refused packet: its acknowledgement goes back to who sent it, so that it is
 * not sent again, with the code "not authorized" where the version has one; the notice goes to the
 * client as a message of the same topic.
 */
import { u16be } from '../../src/bytes/read.ts';
import type { ImEvent } from '../../src/event/event.ts';
import type { Replacement, Unit } from '../contract.ts';
import type { MqttFlow } from './mqtt-flow.ts';
import { Level, PacketType } from './packet-type.ts';
import { behindText } from './properties.ts';
import { readPublish } from './publish.ts';
import { topicsAt } from './subscriptions.ts';

const NOT_AUTHORIZED = 0x87;
const OLD_NOT_AUTHORIZED = 5; // CONNACK of 3.1 and 3.1.1
const OLD_FAILURE = 0x80; // SUBACK of 3.1.1
const SPACE = 0x20;
const NOTHING = new Uint8Array(0);
const ENCODER = new TextEncoder();
const LONGEST_NOTICE = 8192; // octets

export function replacementFor(
  flow: MqttFlow,
  event: ImEvent,
  unit: Unit,
  notice: string | undefined,
): Replacement | undefined {
  const { buffer, start } = flow;
  switch ((buffer[start] ?? 0) >> 4) {
    case PacketType.Publish:
      return forPublish(flow, event, notice);
    case PacketType.Subscribe:
      return forTopics(flow, PacketType.Suback, 1);
    case PacketType.Unsubscribe:
      return forTopics(flow, PacketType.Unsuback, 0);
    case PacketType.Connect:
      // The will alone is refused: the login goes on with spaces in its place.
      if (event.kind !== 'message' || unit.end <= unit.start) return undefined;
      return { forward: new Uint8Array(unit.end - unit.start).fill(SPACE), back: NOTHING };
    case PacketType.Connack:
      return event.kind === 'session.login'
        ? { forward: refusedConnack(flow), back: NOTHING }
        : undefined;
    default:
      return undefined;
  }
}

function forPublish(
  flow: MqttFlow,
  event: ImEvent,
  notice: string | undefined,
): Replacement | undefined {
  const publish = readPublish(flow);
  if (publish === undefined || !flow.whole) return undefined;
  // Later packets need the alias that this one gives its topic.
  if (publish.alias > 0 && publish.topicEnd > flow.body + 2) return undefined;
  const ack = acknowledgement(publish.qos, publish.id, publish.v5);
  const room = event.room;
  const told =
    notice === undefined || room === undefined ? NOTHING : message(room, notice, publish.v5);
  if (!flow.toServer) return { forward: told, back: ack };
  const back = new Uint8Array(ack.length + told.length);
  back.set(ack);
  back.set(told, ack.length);
  return { forward: NOTHING, back };
}

/** PUBACK of QoS 1, PUBREC of QoS 2; with an error code of 5.0 the exchange ends there (§4.3.3). */
function acknowledgement(qos: number, id: number, v5: boolean): Uint8Array {
  if (qos === 0) return NOTHING;
  const type = (qos === 1 ? PacketType.Puback : PacketType.Pubrec) << 4;
  const high = id >> 8;
  const low = id & 0xff;
  return v5 ? Uint8Array.of(type, 3, high, low, NOT_AUTHORIZED) : Uint8Array.of(type, 2, high, low);
}

/** A PUBLISH of QoS 0. */
function message(topic: string, text: string, v5: boolean): Uint8Array {
  const name = ENCODER.encode(topic);
  const payload = ENCODER.encode(text).subarray(0, LONGEST_NOTICE);
  const body = new Uint8Array(2 + name.length + (v5 ? 1 : 0) + payload.length);
  body[0] = name.length >> 8;
  body[1] = name.length & 0xff;
  body.set(name, 2);
  body.set(payload, body.length - payload.length);
  return packet(PacketType.Publish, body);
}

/** SUBACK or UNSUBACK with a refusal for each filter. */
function forTopics(flow: MqttFlow, type: PacketType, options: number): Replacement | undefined {
  const { buffer, body, end } = flow;
  const list = topicsAt(flow, options);
  if (list === -1 || !flow.whole) return undefined;
  let count = 0;
  for (let at = list; at !== -1 && at < end; count++) {
    const after = behindText(buffer, at, end);
    at = after === -1 ? -1 : after + options;
  }
  const id = u16be(buffer, body);
  // Before 5.0 UNSUBACK carries nothing else, and 3.1 knows no failure: QoS 0 is granted, of nothing.
  const code = flow.isV5 ? NOT_AUTHORIZED : flow.level === Level.V31 ? 0 : OLD_FAILURE;
  const codes = flow.isV5 || type === PacketType.Suback ? count : 0;
  const answer = new Uint8Array(2 + (flow.isV5 ? 1 : 0) + codes).fill(code);
  answer[0] = id >> 8;
  answer[1] = id & 0xff;
  if (flow.isV5) answer[2] = 0;
  return { forward: NOTHING, back: packet(type, answer) };
}

function refusedConnack({ isV5 }: MqttFlow): Uint8Array {
  return isV5
    ? Uint8Array.of(0x20, 3, 0, NOT_AUTHORIZED, 0)
    : Uint8Array.of(0x20, 2, 0, OLD_NOT_AUTHORIZED);
}

function packet(type: PacketType, body: Uint8Array): Uint8Array {
  const header = [type << 4];
  let left = body.length;
  do {
    const more = left > 0x7f ? 0x80 : 0;
    header.push((left & 0x7f) | more);
    left >>= 7;
  } while (left > 0);
  const whole = new Uint8Array(header.length + body.length);
  whole.set(header);
  whole.set(body, header.length);
  return whole;
}
