/**
 * One to one: 0x06, 0x17 to many, 0x2EA to a telephone, 0xD0 with a sound, 0x14 from the network.
 *
 * To the server one message: 1 who, 5 to whom (may repeat), 14 text, 97 its charset, 63 and 64 the
 * surroundings (IMV). To the client one or more blocks (dossier §6): a block ends where 4, 1 or 5 comes
 * again, or the wrapper 31. Clients show the last 14 of a block: all are told.
 */
import type { ImEvent } from '../../src/event/event.ts';
import { rfc3339 } from '../../src/event/time.ts';
import { Anomaly } from './anomalies.ts';
import { isBuzz, plainText } from './markup.ts';
import { HeaderStatus, Service } from './services.ts';
import { boundedName, canonicalId } from './text-value.ts';
import type { YmsgFlow } from './ymsg-flow.ts';
import { PEOPLE_LIMIT } from './ymsg-limits.ts';

const WRAPPER = 31;
const DOODLE = 'doodle';
const LATEST = 253_402_300_799; // seconds; the end of the year 9999

export function onMessage(flow: YmsgFlow): void {
  const { pairs } = flow;
  if (flow.toServer) {
    tell(flow, 0, pairs.size);
    return;
  }
  if (flow.packet.status === HeaderStatus.NotSent || flow.packet.status === HeaderStatus.Failed) {
    notDelivered(flow);
    return;
  }
  let from = 0;
  while (from < pairs.size) {
    const to = blockEnd(flow, from);
    tell(flow, from, to);
    from = to;
  }
}

/** 0x17: the same text to all that are named. */
export function onMassMessage(flow: YmsgFlow): void {
  tell(flow, 0, flow.pairs.size);
}

/** Where the message that begins at pair `from` ends. */
export function blockEnd(flow: YmsgFlow, from: number): number {
  const { pairs } = flow;
  let sender = false;
  let account = false;
  let recipient = false;
  let text = false;
  for (let i = from; i < pairs.size; i++) {
    const key = pairs.key(i);
    const begun = sender || account || recipient || text;
    if (key === WRAPPER && begun) return i;
    if (key === 4) {
      if (sender || (account && text)) return i;
      sender = true;
    } else if (key === 1) {
      if (account || (sender && text)) return i;
      account = true;
    } else if (key === 5) {
      if (recipient && text) return i;
      recipient = true;
    } else if (key === 14) text = true;
  }
  return pairs.size;
}

function tell(flow: YmsgFlow, from: number, to: number): void {
  const { pairs, packet, toServer } = flow;
  const first = pairs.find(14, from, to);
  if (first === -1) return;
  const sender = senderOf(flow, from, to);
  const recipients = recipientsOf(flow, from, to);
  const legacy = pairs.number(97, from, to) === 0;
  const id = boundedName(pairs.text(429, false, from, to));
  const again = id !== undefined && flow.messageIds.isKnown(`${flow.direction} ${id}`);
  const drawn = isDoodle(flow, from, to);
  const sentAt = toServer ? undefined : timeOf(pairs.number(15, from, to));
  const echo =
    !toServer && !again && flow.isOwn(sender) && !recipients.some((to) => flow.isOwn(to));
  if (pairs.find(14, first + 1, to) !== -1) flow.once(Anomaly.RepeatedText);
  flow.block = [from, to];
  for (let i = first; i !== -1; i = pairs.find(14, i + 1, to)) {
    const event = flow.newEvent('message');
    event.from = sender;
    if (recipients.length > 0) event.to = recipients;
    event.route = 'direct';
    event.messageId = id;
    const verbatim = fillText(event, pairs.at(i, legacy));
    if (event.form === undefined && drawn) event.form = 'ink';
    if (packet.service === Service.Sms) event.form = 'sms';
    event.sentAt = sentAt;
    if (again) event.copy = 'history';
    else if (echo) event.copy = 'echo';
    flow.say(event, verbatim ? i : -1);
  }
}

/** Puts text, markup and form into the event; true where the text stands as it is. */
export function fillText(event: ImEvent, written: string | undefined): boolean {
  if (written === undefined) return false;
  const text = plainText(written);
  if (isBuzz(text)) {
    event.form = 'nudge';
    event.markup = written;
    return false;
  }
  event.text = text === '' ? undefined : text;
  if (text !== written) event.markup = written;
  return text === written;
}

function senderOf(flow: YmsgFlow, from: number, to: number): string | undefined {
  const { pairs } = flow;
  const own = canonicalId(pairs.text(1, false, from, to));
  const named = canonicalId(pairs.text(4, false, from, to));
  if (!flow.toServer) return named ?? own;
  const sender = own ?? named;
  if (sender !== undefined && flow.account === undefined) flow.learnAccount(sender);
  else if (sender !== undefined && !flow.isOwn(sender)) flow.once(Anomaly.ForeignSender);
  return sender ?? flow.account;
}

function recipientsOf(flow: YmsgFlow, from: number, to: number): string[] {
  const { pairs } = flow;
  const people = new Set<string>();
  for (let i = pairs.find(5, from, to); i !== -1; i = pairs.find(5, i + 1, to)) {
    const id = canonicalId(pairs.at(i));
    if (id === undefined || people.has(id)) continue;
    if (people.size >= PEOPLE_LIMIT) {
      flow.once(Anomaly.TooManyPeople);
      break;
    }
    people.add(id);
  }
  const found = [...people];
  if (!flow.toServer) {
    if (found.length > 0) flow.learnAccount(found[0]);
    else if (flow.account !== undefined) found.push(flow.account);
  }
  return found;
}

/** The window of a drawing: key 63 is `doodle;…`, the text a list of strokes. */
function isDoodle(flow: YmsgFlow, from: number, to: number): boolean {
  const { pairs } = flow;
  const window = pairs.find(63, from, to);
  return window !== -1 && (pairs.at(window) ?? '').toLowerCase().startsWith(DOODLE);
}

/** Key 15, seconds since 1970. */
export function timeOf(seconds: number | undefined): string | undefined {
  if (seconds === undefined || seconds <= 0 || seconds > LATEST) return undefined;
  return rfc3339(seconds * 1e6);
}

/** Header status 2 or -1: the server says that a message was not delivered; 16 why. */
function notDelivered(flow: YmsgFlow): void {
  const event = flow.direct('message.receipt', flow.id(4) ?? flow.id(5), flow.account);
  event.state = 'failed';
  event.reason = flow.pairs.text(16);
  event.refersTo = boundedName(flow.pairs.text(429));
  flow.say(event);
}

/** 0xFB {302 = 430, 430 id}: the recipient has it. */
export function onMessageAck(flow: YmsgFlow): void {
  const [from, to] = flow.toServer
    ? [flow.id(1) ?? flow.account, flow.id(5)]
    : [flow.id(4) ?? flow.id(1), flow.id(5) ?? flow.account];
  const event = flow.direct('message.receipt', from, to);
  event.refersTo = boundedName(flow.pairs.text(430));
  event.state = 'delivered';
  flow.say(event);
}

/** 0x14 {14 text}: from the network itself. */
export function onSystemMessage(flow: YmsgFlow): void {
  const text = flow.textPair(14);
  if (text === -1) return;
  const event = flow.newEvent('message');
  event.route = 'service';
  event.form = 'notice';
  if (flow.toServer) event.from = flow.account;
  else if (flow.account !== undefined) event.to = [flow.account];
  const verbatim = fillText(event, flow.pairs.text(14, flow.legacy));
  if (event.text !== undefined) flow.say(event, verbatim ? text : -1);
}

/** 0xD0 {230 which, 231 the words spoken}. */
export function onAudible(flow: YmsgFlow): void {
  const { pairs } = flow;
  const event = flow.newEvent('message');
  event.route = 'direct';
  event.from = senderOf(flow, 0, pairs.size);
  const recipients = recipientsOf(flow, 0, pairs.size);
  if (recipients.length > 0) event.to = recipients;
  const verbatim = fillText(event, pairs.text(231, flow.legacy));
  event.subject = pairs.text(230);
  flow.say(event, verbatim ? flow.textPair(231) : -1);
}
