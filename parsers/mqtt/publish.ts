/**
 * PUBLISH (§3.3) and what acknowledges it (§3.4 to §3.7).
 *
 *   PUBLISH  topic name, [packet identifier where QoS is 1 or 2], [properties], payload
 * Flags of the first octet: 0x08 sent again, 0x06 QoS, 0x01 retained.
 */
import { u16be } from '../../src/bytes/read.ts';
import { utf8 } from '../../src/bytes/text.ts';
import type { Unit } from '../contract.ts';
import { Anomaly } from './anomalies.ts';
import { headerOctets, varintLength } from './fixed-header.ts';
import { type MqttFlow, remember } from './mqtt-flow.ts';
import { KNOWN_LIMIT } from './mqtt-limits.ts';
import { DOLLAR, Form } from './neutral.ts';
import { Level } from './packet-type.ts';
import { isBlank, type Payload, readPayload } from './payload.ts';
import { behindText } from './properties.ts';
import { isTopic } from './strict.ts';

const DUP = 0x08;
const RETAIN = 0x01;
const INVALID_QOS = 3;
/** What the client said last and the broker may say back to it. */
const ECHOES = 16;

/** Where the parts of a PUBLISH stand in the flow's buffer. */
export interface Publish {
  readonly qos: number;
  /** 0 where QoS is 0. */
  readonly id: number;
  readonly topicEnd: number;
  /** Behind topic and packet identifier. */
  readonly head: number;
  readonly payload: number;
  /** 0 where there is none. */
  readonly alias: number;
  readonly v5: boolean;
}

export function readPublish(flow: MqttFlow): Publish | undefined {
  const { buffer, start, body, end, properties } = flow;
  const qos = ((buffer[start] ?? 0) >> 1) & 3;
  const topicEnd = behindText(buffer, body, end);
  const head = topicEnd + (qos > 0 ? 2 : 0);
  if (topicEnd === -1 || head > end) return undefined;
  const id = qos > 0 ? u16be(buffer, topicEnd) : 0;
  properties.none(head);
  let v5 = flow.isV5;
  // CONNECT was not seen: a text does not begin as properties do.
  if (flow.level === Level.Unknown) v5 = properties.read(buffer, head, end);
  else if (v5 && !properties.read(buffer, head, end)) return undefined;
  if (!v5) properties.none(head);
  const { end: payload, topicAlias: alias } = properties;
  return { qos, id, topicEnd, head, payload, alias, v5 };
}

export function onPublish(flow: MqttFlow): void {
  const publish = readPublish(flow);
  if (publish === undefined) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  if (publish.qos === INVALID_QOS) flow.anomaly(Anomaly.InvalidQos);
  const topic = topicOf(flow, publish);
  const { buffer, start, end } = flow;
  if (isNeutral(flow, publish)) return;
  const payload = readPayload(buffer, publish.payload, end);
  const known = `${topic ?? ''}\n${payload.text ?? ''}`;
  const { unacknowledged } = flow.side;
  const again = ((buffer[start] ?? 0) & DUP) !== 0;
  if (again && payload.text !== undefined && unacknowledged.get(publish.id) === known) return;
  const refused = sayPublish(flow, publish, topic, payload, known);
  if (refused || payload.text === undefined || known.length > KNOWN_LIMIT) return;
  if (publish.qos > 0) remember(unacknowledged, publish.id, known);
  if (!flow.toServer) return;
  if (flow.said.length >= ECHOES) flow.said.shift();
  flow.said.push(known);
}

function sayPublish(
  flow: MqttFlow,
  publish: Publish,
  topic: string | undefined,
  payload: Payload,
  known: string,
): boolean {
  const { buffer, start, end } = flow;
  const retain = ((buffer[start] ?? 0) & RETAIN) !== 0;
  const event = flow.newEvent(retain && publish.payload === end ? 'message.delete' : 'message');
  event.from = flow.toServer ? flow.account : payload.sender;
  event.room = topic;
  event.route = topic?.startsWith('$SYS/') ? 'service' : 'room';
  event.text = payload.text;
  event.markup = payload.markup;
  if (payload.binary) {
    event.visibility = 'metadata';
    event.reason = 'binary payload';
  }
  if (!flow.toServer) {
    const echo = flow.said.indexOf(known);
    if (retain) event.copy = 'history';
    else if (echo !== -1 && payload.text !== undefined) {
      flow.said.splice(echo, 1);
      event.copy = 'echo';
      event.from = flow.account;
    }
  }
  const unit = flow.unit();
  setForm(flow, publish, unit);
  if (payload.verbatim && payload.text !== undefined && flow.whole) {
    unit.textStart = flow.offsetOf(publish.payload);
    unit.textEnd = flow.offsetOf(end);
  }
  return flow.say(event, unit);
}

/** The topic as text: the packet's own, or what its alias stands for. */
function topicOf(flow: MqttFlow, { topicEnd, alias }: Publish): string | undefined {
  const { buffer, body } = flow;
  if (topicEnd > body + 2) {
    if (!isTopic(buffer, body + 2, topicEnd)) flow.anomaly(Anomaly.OddTopic);
    const topic = utf8(buffer, body + 2, topicEnd);
    if (alias > 0) flow.setAlias(alias, topic);
    return topic;
  }
  const topic = flow.side.aliases.get(alias);
  if (topic === undefined) flow.anomaly(alias > 0 ? Anomaly.UnknownAlias : Anomaly.OddTopic);
  return topic;
}

/** What neutral.ts leaves of a refused packet. */
function isNeutral(flow: MqttFlow, { topicEnd, payload, alias }: Publish): boolean {
  const { buffer, body, end } = flow;
  if (!isBlank(buffer, payload, end)) return false;
  if (topicEnd === body + 2) return alias > 0 && payload < end && !flow.properties.free;
  return flow.properties.count === 0 && isDollars(buffer, body + 2, topicEnd);
}

export function isDollars(buffer: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (buffer[i] !== DOLLAR) return false;
  return end > start;
}

/** Which neutral form fits. A packet that gives its topic an alias has none: later ones need it. */
function setForm(flow: MqttFlow, publish: Publish, unit: Unit): void {
  const { buffer, start, body, end, properties } = flow;
  const { qos, topicEnd, alias, v5 } = publish;
  const shortest = 1 + varintLength(end - body) === headerOctets(buffer, start, end);
  if (!flow.whole || !shortest || qos === INVALID_QOS) return;
  if (topicEnd > body + 2) {
    if (alias > 0) return;
    unit.head = publish.head - start;
    if (v5 && publish.payload > publish.head)
      unit.form = qos > 0 ? Form.Publish5WithId : Form.Publish5;
    else unit.form = qos > 0 ? Form.PublishWithId : Form.Publish;
  } else if (alias > 0 && publish.payload < end && !properties.free) {
    unit.head = publish.payload - start;
    unit.form = Form.Blank;
  }
}

/** PUBACK, PUBCOMP, and a PUBREC that refuses: the identifier is free again. */
export function onAcknowledged(flow: MqttFlow, final: boolean): void {
  const { buffer, body, end } = flow;
  if (end - body < 2 || flow.otherSide.unacknowledged.size === 0) return;
  const refused = end - body > 2 && (buffer[body + 2] ?? 0) >= 0x80;
  if (final || refused) flow.otherSide.unacknowledged.delete(u16be(buffer, body));
}
