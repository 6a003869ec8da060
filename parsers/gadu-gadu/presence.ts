/**
 * Presence (dossier §4, §5).
 *
 *   0x02, 0x28 to the server   u32 status, description
 *   0x38                       u32 status, u32 flags, u32 length, description (UTF-8)
 *   0x02 to the client         u32 uin, u32 status, description
 *   0x0c                       20 octets a contact: uin, status, …; or one of them and a description
 *   0x0f, 0x17, 0x2a           u32 uin (flags in its highest octet), u8 status, …, description
 *   0x11, 0x18, 0x2b           the same, one after the other; u8 length before each description
 *   0x36, 0x37                 u32 uin, u32 status, …, u32 length at 24, description (UTF-8), repeated
 */
import { i32le } from '../../src/bytes/read.ts';
import { Anomaly } from './anomalies.ts';
import type { GgFlow } from './gg-flow.ts';
import { hasDescription, isUnavailable, stateOf } from './status.ts';
import { eitherText, lines, textEnd } from './text.ts';
import { flaggedUinAt, uinAt } from './uin.ts';

const ENTRY_OLD = 20;
const ENTRY_80 = 28;

export function sayOwnState(flow: GgFlow, status: number, text: string | undefined): void {
  flow.goesOff = isUnavailable(status);
  const state = stateOf(status);
  if (state === undefined && text === undefined) return;
  const event = flow.newEvent('presence');
  event.from = flow.account;
  event.state = state;
  event.status = lines(text);
  flow.say(event);
}

export function onNewStatus(flow: GgFlow, head: number): void {
  const { buffer, body, end, size } = flow;
  if (size < head) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  const start = body + head;
  sayOwnState(flow, i32le(buffer, body), eitherText(buffer, start, textEnd(buffer, start, end)));
}

export function onNewStatus80(flow: GgFlow): void {
  const { buffer, body, end, size } = flow;
  if (size < 12) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  const start = body + 12;
  const announced = start + (i32le(buffer, body + 8) >>> 0);
  if (announced > end) flow.anomaly(Anomaly.Malformed);
  const stop = textEnd(buffer, start, Math.min(end, announced));
  sayOwnState(flow, i32le(buffer, body), eitherText(buffer, start, stop));
}

function sayState(
  flow: GgFlow,
  uin: string | undefined,
  status: number,
  text: string | undefined,
): boolean {
  if (!flow.another()) return false;
  const state = stateOf(status);
  if (uin === undefined || (state === undefined && text === undefined)) return true;
  const event = flow.newEvent('presence');
  event.from = uin;
  event.state = state;
  event.status = lines(text);
  flow.say(event);
  return true;
}

export function onStatus(flow: GgFlow): void {
  const { buffer, body, end, size } = flow;
  if (size < 8) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  const text = eitherText(buffer, body + 8, textEnd(buffer, body + 8, end));
  sayState(flow, uinAt(buffer, body), i32le(buffer, body + 4), text);
}

export function onNotifyReply(flow: GgFlow): void {
  const { buffer, body, end, size } = flow;
  if (size < ENTRY_OLD) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  const status = i32le(buffer, body + 4);
  if (hasDescription(status & 0xff)) {
    const start = body + ENTRY_OLD;
    const text = eitherText(buffer, start, textEnd(buffer, start, end));
    sayState(flow, uinAt(buffer, body), status, text);
    return;
  }
  for (let at = body; at + ENTRY_OLD <= end; at += ENTRY_OLD) {
    if (!sayState(flow, uinAt(buffer, at), i32le(buffer, at + 4), undefined)) return;
  }
}

/** `head`: octets of an entry less its description. */
export function onStatus60(flow: GgFlow, head: number, list: boolean): void {
  const { buffer, body, end } = flow;
  let at = body;
  while (at + head <= end) {
    const uin = flaggedUinAt(buffer, at);
    const status = buffer[at + 4] ?? 0;
    const start = at + head;
    if (!list) {
      sayState(flow, uin, status, eitherText(buffer, start, textEnd(buffer, start, end)));
      return;
    }
    at = start;
    let text: string | undefined;
    if (hasDescription(status) && start < end) {
      const last = start + 1 + (buffer[start] ?? 0);
      if (last > end) flow.anomaly(Anomaly.Malformed);
      at = Math.min(last, end);
      text = eitherText(buffer, start + 1, textEnd(buffer, start + 1, at));
    }
    if (!sayState(flow, uin, status, text)) return;
  }
  if (at < end || flow.size < head) flow.anomaly(Anomaly.Malformed);
}

export function onStatus80(flow: GgFlow): void {
  const { buffer, body, end } = flow;
  let at = body;
  while (at + ENTRY_80 <= end) {
    const start = at + ENTRY_80;
    const announced = start + (i32le(buffer, at + 24) >>> 0);
    if (announced > end) flow.anomaly(Anomaly.Malformed);
    const last = Math.min(announced, end);
    const text = eitherText(buffer, start, textEnd(buffer, start, last));
    if (!sayState(flow, uinAt(buffer, at), i32le(buffer, at + 4), text)) return;
    at = last;
  }
  if (at < end || flow.size < ENTRY_80) flow.anomaly(Anomaly.Malformed);
}
