/**
 * Messages up to 10, what acknowledges them, and typing (dossier §5).
 *
 *   0x0b  u32 recipient, u32 seq, u32 class, text (windows-1250) NUL, attributes
 *   0x0a  u32 sender, u32 seq, u32 time, u32 class, text NUL, attributes
 *   0x2d  u32 recipient, u32 seq, u32 class, u32 where the plain text is, u32 where the attributes are,
 *         markup (UTF-8) NUL, plain text (windows-1250) NUL, attributes
 *   0x2e  the same with u32 time behind seq; 0x5a: from the account itself, the first UIN is whom it wrote to
 *   0x05  u32 status, u32 recipient, u32 seq; 0x46 u32 seq; 0x59 u16 length of the text so far, u32 uin
 */
import { i32le, u16le } from '../../src/bytes/read.ts';
import { utf8 } from '../../src/bytes/text.ts';
import { Anomaly } from './anomalies.ts';
import { readAttributes } from './attributes.ts';
import { Generation, type GgFlow } from './gg-flow.ts';
import { sayMessage } from './say-message.ts';
import { cp1250, some, textEnd } from './text.ts';
import { uinAt } from './uin.ts';

const RECEIPTS: ReadonlyMap<number, string> = new Map([
  [1, 'blocked'],
  [2, 'delivered'],
  [3, 'queued'],
  [4, 'mailbox-full'],
  [6, 'not-delivered'],
]);

export function onSendMessage(flow: GgFlow): void {
  if (flow.version === undefined) flow.generation = Generation.Old;
  sayOld(flow, 12, 0, 8);
}

export function onMessage(flow: GgFlow): void {
  sayOld(flow, 16, 8, 12);
}

/** Places of time and class are octets of the payload; 0: there is none. */
function sayOld(flow: GgFlow, head: number, timeAt: number, classAt: number): void {
  const { buffer, body, end, size } = flow;
  if (size < head) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  const start = body + head;
  const stop = textEnd(buffer, start, end);
  if (stop === end) flow.anomaly(Anomaly.Malformed);
  const ascii = isAscii(buffer, start, stop);
  sayMessage(flow, {
    peer: uinAt(buffer, body),
    plain: cp1250(buffer, start, stop),
    seq: i32le(buffer, body + 4) >>> 0,
    time: timeAt === 0 ? 0 : i32le(buffer, body + timeAt) >>> 0,
    flags: i32le(buffer, body + classAt),
    attributes: readAttributes(flow, stop + 1),
    textStart: ascii ? start : -1,
    textEnd: ascii ? stop : -1,
  });
}

export function onSendMessage80(flow: GgFlow): void {
  say80(flow, 20, 0, false);
}

export function onMessage80(flow: GgFlow, own: boolean): void {
  say80(flow, 24, 8, own);
}

function say80(flow: GgFlow, head: number, timeAt: number, own: boolean): void {
  const { buffer, body, end, size } = flow;
  if (size < head) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  const start = body + head;
  let plainAt = body + (i32le(buffer, body + head - 8) >>> 0);
  let attributesAt = body + (i32le(buffer, body + head - 4) >>> 0);
  if (plainAt < start || plainAt > end || attributesAt < plainAt || attributesAt > end) {
    flow.anomaly(Anomaly.BadOffsets);
    // What stands where the texts have to be is read all the same.
    plainAt = Math.min(textEnd(buffer, start, end) + 1, end);
    attributesAt = Math.min(textEnd(buffer, plainAt, end) + 1, end);
  }
  const shownEnd = partEnd(buffer, start, plainAt);
  const stop = partEnd(buffer, plainAt, attributesAt);
  // Text behind a NUL is not there for most clients, and could be for some: it is told.
  if (textEnd(buffer, start, shownEnd) < shownEnd || textEnd(buffer, plainAt, stop) < stop) {
    flow.anomaly(Anomaly.BadOffsets);
  }
  sayMessage(flow, {
    peer: uinAt(buffer, body),
    markup: some(utf8(buffer, start, shownEnd).replaceAll('\0', '\n')),
    plain: cp1250(buffer, plainAt, stop)?.replaceAll('\0', '\n'),
    seq: i32le(buffer, body + 4) >>> 0,
    time: timeAt === 0 ? 0 : i32le(buffer, body + timeAt) >>> 0,
    flags: i32le(buffer, body + head - 12),
    attributes: readAttributes(flow, attributesAt),
    own,
  });
}

export function onSent(flow: GgFlow): void {
  const { buffer, body, size } = flow;
  if (size < 12) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  const status = i32le(buffer, body) >>> 0;
  const event = flow.between('message.receipt', uinAt(buffer, body + 4));
  event.refersTo = String(i32le(buffer, body + 8) >>> 0);
  event.state = RECEIPTS.get(status) ?? `status ${status}`;
  flow.say(event);
}

export function onReceived(flow: GgFlow): void {
  const { buffer, body, size } = flow;
  if (size < 4) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  sayReceived(flow, i32le(buffer, body) >>> 0);
}

/** Protobuf: 1 kind (1 message, 2 room), 2 seq. */
export function onReceived110(flow: GgFlow): void {
  const { buffer, body, end, fields } = flow;
  let kind = 0;
  let seq = -1;
  fields.open(buffer, body, end);
  while (fields.next()) {
    if (fields.field === 1) kind = fields.value;
    else if (fields.field === 2) seq = fields.value;
  }
  if ((kind === 1 || kind === 2) && seq >= 0) sayReceived(flow, seq);
}

function sayReceived(flow: GgFlow, seq: number): void {
  const event = flow.newEvent('message.receipt');
  event.from = flow.account;
  event.refersTo = String(seq);
  event.state = 'received';
  flow.say(event);
}

/** Protobuf: 2 seq, 3 time. */
export function onSent110(flow: GgFlow): void {
  const { buffer, body, end, fields } = flow;
  let seq = -1;
  fields.open(buffer, body, end);
  while (fields.next()) {
    if (fields.field === 2) seq = fields.value;
    else if (fields.field === 3) flow.serverTime = fields.value;
  }
  if (seq < 0) return;
  const event = flow.newEvent('message.receipt');
  event.refersTo = String(seq);
  event.state = 'accepted';
  flow.say(event);
}

export function onTyping(flow: GgFlow): void {
  const { buffer, body, size } = flow;
  if (size < 6) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  const event = flow.between('typing', uinAt(buffer, body + 2));
  event.state = u16le(buffer, body) === 0 ? 'paused' : 'composing';
  flow.say(event);
}

/** Where the octets of a part end: before the NULs at its end. */
function partEnd(buffer: Uint8Array, start: number, end: number): number {
  let stop = end;
  while (stop > start && buffer[stop - 1] === 0) stop--;
  return stop;
}

function isAscii(buffer: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if ((buffer[i] ?? 0) >= 0x80) return false;
  return true;
}
