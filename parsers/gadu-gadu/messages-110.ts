/**
 * Messages of 11, to one and to rooms: protobuf (libgadu packets.proto).
 *
 *   to the server  1 recipient, 3 seq, 5 plain text, 6 markup, 10 room (fixed64)
 *   to the client  1 sender (absent from one's own in a room), 2 flags, 3 seq, 4 time, 5 plain text,
 *                  6 markup, 7 data, 10 room
 */
import { utf8 } from '../../src/bytes/text.ts';
import { Anomaly } from './anomalies.ts';
import { Generation, type GgFlow } from './gg-flow.ts';
import { roomAt } from './rooms.ts';
import { sayMessage } from './say-message.ts';
import { some } from './text.ts';
import { writtenUin } from './uin.ts';

export function onSendMessage110(flow: GgFlow): void {
  say110(flow, false);
}

export function onRoomMessage(flow: GgFlow): void {
  say110(flow, false);
}

export function onMessage110(flow: GgFlow, own: boolean): void {
  say110(flow, own);
}

function say110(flow: GgFlow, own: boolean): void {
  const { buffer, body, end, fields } = flow;
  if (flow.version === undefined) flow.generation = Generation.V110;
  let peer: string | undefined;
  let room: string | undefined;
  let plain: string | undefined;
  let markup: string | undefined;
  let seq = 0;
  let time = 0;
  let flags = 0;
  let data = 0;
  fields.open(buffer, body, end);
  while (fields.next()) {
    const { field, value, start, end: stop } = fields;
    if (field === 1) peer = writtenUin(buffer, start, stop);
    else if (field === 2) flags = value;
    else if (field === 3) seq = value;
    else if (field === 4) time = value;
    else if (field === 5) plain = join(plain, utf8(buffer, start, stop));
    else if (field === 6) markup = join(markup, utf8(buffer, start, stop));
    else if (field === 7) data += stop - start;
    else if (field === 10 && stop - start === 8) room = roomAt(buffer, start);
  }
  if (fields.field === -1) flow.anomaly(Anomaly.Malformed);
  // The client's second field is always 8 there; only the server's says something.
  if (flow.toServer) flags = 0;
  sayMessage(flow, { peer, room, plain, markup, seq, time, flags: flags & 1, own });
  if (data === 0) return;
  const event = flow.between('file.offer', peer);
  event.file = { size: data, method: 'gg', purpose: 'inline' };
  flow.say(event);
}

/** A field that comes twice counts the last time in protobuf, and not everybody reads it so: both. */
function join(before: string | undefined, text: string): string | undefined {
  return before === undefined ? some(text) : `${before}\n${text}`;
}
