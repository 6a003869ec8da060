/**
 * SUBSCRIBE (§3.8), SUBACK (§3.9), UNSUBSCRIBE (§3.10): a topic filter is a room, wildcards and all.
 *
 *   SUBSCRIBE    packet identifier, [properties], then filter and options octet of each
 *   UNSUBSCRIBE  packet identifier, [properties], then the filters
 *   SUBACK       packet identifier, [properties], then a code for each filter; from 0x80 on refused
 */
import { u16be } from '../../src/bytes/read.ts';
import { boundedCopy, utf8 } from '../../src/bytes/text.ts';
import { Anomaly } from './anomalies.ts';
import { type MqttFlow, remember } from './mqtt-flow.ts';
import { TOPIC_LIMIT, TOPICS_LIMIT, TOPICS_TEXT_LIMIT } from './mqtt-limits.ts';
import { Form } from './neutral.ts';
import { Level } from './packet-type.ts';
import { behindText } from './properties.ts';
import { isDollars } from './publish.ts';
import { reasonText } from './reasons.ts';

const REFUSED = 0x80;
const LONGEST_FILTER = 65_535; // octets

export function onSubscribe(flow: MqttFlow): void {
  const list = topicsAt(flow, 1);
  if (list === -1) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  const topics = sayEach(flow, list, 1);
  const length = topics.reduce((sum, topic) => sum + topic.length, 0);
  if (length === 0 || length > TOPICS_TEXT_LIMIT) return;
  remember(flow.subscriptions, u16be(flow.buffer, flow.body), topics);
}

export function onUnsubscribe(flow: MqttFlow): void {
  const list = topicsAt(flow, 0);
  if (list === -1) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  sayEach(flow, list, 0);
}

/** Where the filters begin, or -1. Where CONNECT was not seen, the version is the one that fits. */
export function topicsAt(flow: MqttFlow, options: number): number {
  const { buffer, body, end, properties } = flow;
  const old = body + 2;
  if (end < old) return -1;
  if (flow.level === Level.Unknown && !fits(buffer, old, end, options)) {
    if (!properties.read(buffer, old, end) || !fits(buffer, properties.end, end, options))
      return -1;
    flow.level = Level.V5;
    return properties.end;
  }
  if (!flow.isV5) return old;
  return properties.read(buffer, old, end) ? properties.end : -1;
}

function fits(buffer: Uint8Array, start: number, end: number, options: number): boolean {
  let at = start;
  while (at < end) {
    const after = behindText(buffer, at, end);
    if (after <= at + 2 || after + options > end) return false;
    at = after + options;
  }
  return at > start;
}

/** One event a filter; all of them are one unit. */
function sayEach(flow: MqttFlow, list: number, options: number): string[] {
  const { buffer, start, end } = flow;
  const topics: string[] = [];
  let refused = false;
  let at = list;
  while (at < end) {
    const after = behindText(buffer, at, end);
    if (after === -1 || after + options > end) {
      flow.anomaly(Anomaly.Malformed);
      break;
    }
    if (topics.length >= TOPICS_LIMIT) {
      flow.anomaly(Anomaly.TooManyTopics);
      break;
    }
    const topic = utf8(buffer, at + 2, after);
    topics.push(boundedCopy(topic, TOPIC_LIMIT));
    if (topic !== '' && !isDollars(buffer, at + 2, after)) {
      const event = flow.newEvent(options === 1 ? 'room.join' : 'room.leave');
      event.from = flow.account;
      event.room = topic;
      event.route = 'room';
      event.state = 'requested';
      const unit = flow.unit();
      if (flow.whole && end - list <= LONGEST_FILTER) {
        unit.head = list - start;
        unit.form = options === 1 ? Form.Subscribe : Form.Unsubscribe;
      }
      refused = flow.say(event, unit) || refused;
    }
    at = after + options;
  }
  return refused ? [] : topics;
}

export function onSuback(flow: MqttFlow): void {
  const { buffer, body, end, properties } = flow;
  if (end - body < 3) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  const id = u16be(buffer, body);
  const topics = flow.subscriptions.get(id);
  if (topics === undefined) return;
  flow.subscriptions.delete(id);
  let at = body + 2;
  if (flow.isV5) {
    if (!properties.read(buffer, at, end)) {
      flow.anomaly(Anomaly.Malformed);
      return;
    }
    at = properties.end;
  }
  for (const room of topics) {
    const code = buffer[at] ?? 0;
    if (at < end && code >= REFUSED) {
      const event = flow.newEvent('room.decline');
      if (flow.account !== undefined) event.to = [flow.account];
      event.room = room;
      event.route = 'room';
      event.reason = properties.reason(buffer) ?? reasonText(code);
      flow.say(event);
    }
    at += 1;
  }
}
