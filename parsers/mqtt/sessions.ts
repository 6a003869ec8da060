/**
 * CONNECT (§3.1), CONNACK (§3.2), DISCONNECT (§3.14).
 *
 *   CONNECT  name, level, flags, keep alive, [properties], client identifier, [will properties, will
 *            topic, will payload], [user name], [password]
 * Flags: 0x04 will, 0x20 will retained, 0x40 password, 0x80 user name. The password is passed over.
 */
import { u16be } from '../../src/bytes/read.ts';
import { boundedCopy, utf8 } from '../../src/bytes/text.ts';
import { accountName } from './account-name.ts';
import { Anomaly } from './anomalies.ts';
import type { MqttFlow } from './mqtt-flow.ts';
import { NAME_LIMIT } from './mqtt-limits.ts';
import { Form } from './neutral.ts';
import { Level } from './packet-type.ts';
import { isBlank, readPayload } from './payload.ts';
import { behindText } from './properties.ts';
import { connackReason, disconnectReason } from './reasons.ts';
import { nameEnd } from './strict.ts';

const WILL = 0x04;
const PASSWORD = 0x40;
const USER_NAME = 0x80;
/** Set by bridges between brokers (mosquitto). */
const BRIDGE = 0x80;
const LONG_NAME = 8; // octets of `MQIsdp` and of Facebook's `MQTToT`, with their length
const SMALL_T = 0x54;

export function onConnect(flow: MqttFlow): void {
  const { buffer, body, end } = flow;
  if (flow.connected) flow.anomaly(Anomaly.SecondConnect);
  flow.connected = true;
  flow.left = false;
  const at = nameEnd(buffer, body, end);
  if (at <= 0 || at + 4 > end) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  const level = (buffer[at] ?? 0) & ~BRIDGE;
  if (at - body === LONG_NAME && buffer[body + 5] === SMALL_T) {
    // Facebook's: its CONNECT holds compressed Thrift, which is not read.
    sayUnknown(flow, `MQTToT ${level}`);
    flow.level = Level.V31;
    return;
  }
  flow.level = level;
  if (level < Level.V31 || level > Level.V5) sayUnknown(flow, `MQTT level ${level}`);
  readConnect(flow, at + 1);
}

function readConnect(flow: MqttFlow, flagsAt: number): void {
  const { buffer, end, properties } = flow;
  const flags = buffer[flagsAt] ?? 0;
  let at = flagsAt + 3;
  if (flow.isV5) {
    if (!properties.read(buffer, at, end)) {
      flow.anomaly(Anomaly.Malformed);
      return;
    }
    at = properties.end;
  }
  const client = at;
  at = behindText(buffer, client, end);
  if (at === -1) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  const id = textAt(buffer, client);
  flow.clientId = id === undefined ? undefined : boundedCopy(id, NAME_LIMIT);
  if (flow.clientId !== undefined) flow.setAccount(flow.clientId);
  let will = -1;
  if ((flags & WILL) !== 0) {
    if (flow.isV5) {
      if (!properties.read(buffer, at, end)) {
        flow.anomaly(Anomaly.Malformed);
        return;
      }
      at = properties.end;
    }
    will = at;
    at = behindText(buffer, at, end);
    if (at !== -1) at = behindText(buffer, at, end);
    if (at === -1) {
      flow.anomaly(Anomaly.Malformed);
      return;
    }
  }
  if ((flags & USER_NAME) !== 0) {
    if (behindText(buffer, at, end) === -1) {
      flow.anomaly(Anomaly.Malformed);
      return;
    }
    const name = accountName(textAt(buffer, at), (flags & PASSWORD) !== 0);
    if (name !== undefined) flow.setAccount(name);
  }
  if (will !== -1) sayWill(flow, will);
}

/** The will is a message that the broker says when the client is gone without a word. */
function sayWill(flow: MqttFlow, at: number): void {
  const { buffer } = flow;
  const start = at + 2 + u16be(buffer, at) + 2;
  const end = start + u16be(buffer, start - 2);
  if (end > start && isBlank(buffer, start, end)) return;
  const { text, markup, verbatim, binary } = readPayload(buffer, start, end);
  const event = flow.newEvent('message');
  event.from = flow.account;
  event.room = textAt(buffer, at);
  event.route = 'room';
  event.state = 'will';
  event.text = text;
  event.markup = markup;
  if (binary) {
    event.visibility = 'metadata';
    event.reason = 'binary payload';
  }
  const unit = flow.unit();
  // Only the will is refused, not the login: the unit is its payload, which is blanked.
  unit.start = flow.offsetOf(start);
  unit.end = flow.offsetOf(end);
  unit.form = end > start ? Form.Blank : -1;
  if (verbatim) {
    unit.textStart = unit.start;
    unit.textEnd = unit.end;
  }
  flow.say(event, unit);
}

export function onConnack(flow: MqttFlow): void {
  const { buffer, body, end, properties } = flow;
  if (end - body < 2) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  const code = buffer[body + 1] ?? 0;
  properties.none(end);
  if (end - body > 2) {
    // Only 5.0 has properties here.
    if (flow.level === Level.Unknown) flow.level = Level.V5;
    if (!properties.read(buffer, body + 2, end)) flow.anomaly(Anomaly.Malformed);
  }
  const assigned = properties.assignedClient(buffer);
  if (assigned !== undefined && flow.clientId === undefined) {
    flow.clientId = boundedCopy(assigned, NAME_LIMIT);
    if (flow.account === undefined) flow.setAccount(assigned);
  }
  const event = flow.newEvent(code === 0 ? 'session.login' : 'session.failed');
  event.from = flow.account;
  event.fromResource = flow.clientId;
  event.route = 'service';
  if (code !== 0) event.reason = properties.reason(buffer) ?? connackReason(code, flow.isV5);
  flow.say(event);
}

export function onDisconnect(flow: MqttFlow): void {
  const { buffer, body, end, properties } = flow;
  if (flow.left) return;
  flow.left = true;
  properties.none(end);
  if (end - body > 1) properties.read(buffer, body + 1, end);
  const event = flow.newEvent('session.logout');
  event.from = flow.account;
  event.fromResource = flow.clientId;
  event.route = 'service';
  if (end > body) event.reason = properties.reason(buffer) ?? disconnectReason(buffer[body] ?? 0);
  flow.say(event);
}

export function sayUnknown(flow: MqttFlow, what: string): void {
  const event = flow.newEvent('app.unknown');
  event.reason = what;
  flow.say(event);
}

/** The text whose length stands at `at`; undefined where it is empty. */
function textAt(buffer: Uint8Array, at: number): string | undefined {
  const text = utf8(buffer, at + 2, at + 2 + u16be(buffer, at));
  return text === '' ? undefined : text;
}
