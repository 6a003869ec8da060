/**
 * Rooms of 11 (libgadu protocol.h, packets.proto): a room is a u64.
 *
 *   0x45  u64 room, u32 seq: created; 0x66 u64 room, u32 uin: left; 0x52 u64 room, u32 seq: leave
 *   0x90  u64 room, u32 seq, u32 count, then u32 uin, u32 0x1e of each: invite
 *   0x93  u64 room, u32, u32 version, u32 count of u32 length key, u32 length value, u32; then u32 count
 *         of u32 uin, u32: who is in the room
 *   0x9e  protobuf: 1 participant, 2 inviter, 3 kind (1 entered, 3 left), 10 room
 */
import { i32le } from '../../src/bytes/read.ts';
import { utf8 } from '../../src/bytes/text.ts';
import { Anomaly } from './anomalies.ts';
import type { GgFlow } from './gg-flow.ts';
import { CONFERENCE_LIMIT } from './gg-limits.ts';
import { some } from './text.ts';
import { uinAt, writtenUin } from './uin.ts';

const ENTERED = 1;
const EXITED = 3;

/** The u64 in decimal. */
export function roomAt(buffer: Uint8Array, at: number): string {
  const low = BigInt(i32le(buffer, at) >>> 0);
  return String((BigInt(i32le(buffer, at + 4) >>> 0) << 32n) | low);
}

function sayInRoom(
  flow: GgFlow,
  kind: 'room.join' | 'room.leave',
  room: string,
  from: string | undefined,
  state?: string,
): void {
  const event = flow.newEvent(kind);
  event.from = from;
  event.room = room;
  event.route = 'room';
  event.state = state;
  flow.say(event);
}

export function onCreated(flow: GgFlow): void {
  if (flow.size < 8) flow.anomaly(Anomaly.Malformed);
  else sayInRoom(flow, 'room.join', roomAt(flow.buffer, flow.body), flow.account);
}

export function onLeave(flow: GgFlow): void {
  if (flow.size < 8) flow.anomaly(Anomaly.Malformed);
  else sayInRoom(flow, 'room.leave', roomAt(flow.buffer, flow.body), flow.account, 'requested');
}

export function onLeft(flow: GgFlow): void {
  const { buffer, body, size } = flow;
  if (size < 12) flow.anomaly(Anomaly.Malformed);
  else sayInRoom(flow, 'room.leave', roomAt(buffer, body), uinAt(buffer, body + 8));
}

export function onInvite(flow: GgFlow): void {
  const { buffer, body, size } = flow;
  const count = i32le(buffer, body + 12) >>> 0;
  if (size < 16 || count > (size - 16) / 8) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  if (count > CONFERENCE_LIMIT) flow.anomaly(Anomaly.TooManyEntries);
  const to: string[] = [];
  for (let i = 0; i < Math.min(count, CONFERENCE_LIMIT); i++) {
    const uin = uinAt(buffer, body + 16 + 8 * i);
    if (uin !== undefined) to.push(uin);
  }
  const event = flow.newEvent('room.invite');
  event.from = flow.account;
  if (to.length > 0) event.to = to;
  event.room = roomAt(buffer, body);
  event.route = 'room';
  flow.say(event);
}

export function onInfo(flow: GgFlow): void {
  const { buffer, body, end, size } = flow;
  if (size < 20) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  const room = roomAt(buffer, body);
  // The last of them has no room: it says that all are told.
  if (room === '0') return;
  let at = body + 20;
  for (let left = i32le(buffer, body + 16) >>> 0; left > 0; left--) {
    const value = afterText(flow, at);
    const next = value === -1 ? -1 : afterText(flow, value);
    if (next === -1 || next + 4 > end) {
      flow.anomaly(Anomaly.Malformed);
      return;
    }
    if (utf8(buffer, at + 4, value) === 'title')
      sayTopic(flow, room, some(utf8(buffer, value + 4, next)));
    at = next + 4;
  }
  const count = i32le(buffer, at) >>> 0;
  if (at + 4 > end || count > (end - at - 4) / 8) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  for (let i = 0; i < count; i++) {
    if (!flow.another()) return;
    const uin = uinAt(buffer, at + 4 + 8 * i);
    if (uin !== undefined) sayInRoom(flow, 'room.join', room, uin, 'present');
  }
}

function afterText(flow: GgFlow, at: number): number {
  const next = at + 4 + (i32le(flow.buffer, at) >>> 0);
  return at + 4 > flow.end || next > flow.end ? -1 : next;
}

function sayTopic(flow: GgFlow, room: string, text: string | undefined): void {
  const event = flow.newEvent('room.topic');
  event.room = room;
  event.route = 'room';
  event.text = text;
  flow.say(event);
}

export function onUpdate(flow: GgFlow): void {
  const { buffer, body, end, fields } = flow;
  let participant: string | undefined;
  let inviter: string | undefined;
  let kind = 0;
  let room: string | undefined;
  fields.open(buffer, body, end);
  while (fields.next()) {
    if (fields.field === 1) participant = writtenUin(buffer, fields.start, fields.end);
    else if (fields.field === 2) inviter = writtenUin(buffer, fields.start, fields.end);
    else if (fields.field === 3) kind = fields.value;
    else if (fields.field === 10 && fields.end - fields.start === 8)
      room = roomAt(buffer, fields.start);
  }
  if (room === undefined) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  if (kind === ENTERED && participant === flow.account && inviter !== participant) {
    const event = flow.newEvent('room.invite');
    event.from = inviter;
    if (participant !== undefined) event.to = [participant];
    event.room = room;
    event.route = 'room';
    flow.say(event);
  } else if (kind === ENTERED) sayInRoom(flow, 'room.join', room, participant);
  else if (kind === EXITED) sayInRoom(flow, 'room.leave', room, participant);
  else flow.unknown(`room update ${kind}`);
}
