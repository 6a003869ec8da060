/**
 * Rooms (family 000E), each on a connection of its own:
 *
 *   0E/02             u16 exchange · u8 length · room · u16 instance · …    which room this is
 *   0E/03, 0E/04      user info blocks     who came, who left
 *   0E/05, 0E/06      8 cookie · u16 channel 3 · TLVs     a text, of the client and of anybody
 *
 * TLVs of a text: 01 for all, 02 to one (whispered), 03 user info of the sender, 05 the text in TLVs of
 * its own: 01 octets, 02 character set.
 */
import type { ImEvent } from '../../src/event/event.ts';
import { Anomaly } from './anomalies.ts';
import { Cursor } from './cursor.ts';
import type { OscarFlow } from './oscar-flow.ts';
import { roomOf } from './room-name.ts';
import { sayText } from './say-text.ts';
import { screenName } from './screen-name.ts';
import { Charset, charsetOfLabel, decodeText, endBeforeNul, withoutNul } from './text-decoding.ts';
import { TlvWalk } from './tlv.ts';

const Tlv = { Whisper: 0x02, Sender: 0x03, Block: 0x05 } as const;
const Text = { Octets: 0x01, Charset: 0x02 } as const;

const block = new TlvWalk();
const sender = new Cursor();

/** 0E/02, and 0D/09 before there is a room. */
export function onRoomInfo(flow: OscarFlow): void {
  const { body } = flow.snac;
  body.u16();
  const room = roomOf(body);
  if (room !== undefined && flow.room === undefined) flow.room = flow.keep(room);
}

/** 0E/03. The first list is of all who are there; the account is one of them. */
export function onJoined(flow: OscarFlow): void {
  const { body } = flow.snac;
  const first = !flow.joined && !flow.context.midstream;
  flow.joined = true;
  while (body.left > 0) {
    const whole = flow.user.read(body);
    const { name } = flow.user;
    if (name === undefined) return;
    const event = flow.newEvent('room.join');
    event.from = name;
    event.room = flow.room;
    if (first && flow.account !== undefined && name !== flow.account) event.state = 'present';
    flow.say(event);
    if (!whole) {
      flow.anomaly(Anomaly.BadTlv);
      return;
    }
  }
}

/** 0E/04. */
export function onLeft(flow: OscarFlow): void {
  const { body } = flow.snac;
  while (body.left > 0) {
    const whole = flow.user.read(body);
    const { name } = flow.user;
    if (name === undefined) return;
    const event = flow.newEvent('room.leave');
    event.from = name;
    event.room = flow.room;
    flow.say(event);
    if (!whole) return;
  }
}

/** The connection of a room ends: the account leaves it. */
export function leaveRoom(flow: OscarFlow): void {
  if (!flow.joined || flow.left) return;
  flow.left = true;
  if (flow.account === undefined) return;
  const event = flow.newEvent('room.leave');
  event.from = flow.account;
  event.room = flow.room;
  flow.say(event);
}

export function onRoomMessage(flow: OscarFlow): void {
  const { snac, tlvs } = flow;
  const { body } = snac;
  const cookie = body.hex(8);
  body.u16();
  if (body.failed) {
    flow.anomaly(Anomaly.Malformed);
    return;
  }
  const { buffer } = body;
  tlvs.over(buffer, body.at, body.end);
  const from = flow.toServer ? flow.account : senderIn(flow);
  const whispered = tlvs.find(Tlv.Whisper) ? screenName(buffer, tlvs.start, tlvs.end) : undefined;
  const event = flow.newEvent('message');
  event.from = from;
  event.room = flow.room;
  event.messageId = cookie;
  event.route = whispered === undefined ? 'room' : 'direct';
  event.to = whispered === undefined ? undefined : [whispered];
  if (!flow.toServer && from !== undefined && from === flow.account) event.copy = 'echo';
  if (!tlvs.find(Tlv.Block)) {
    flow.anomaly(tlvs.broken ? Anomaly.BadTlv : Anomaly.NoText);
    return;
  }
  sayWords(flow, event, tlvs.start, tlvs.end);
}

/** The TLVs of the text. Behind the first one others may stand: see icbm.ts. */
function sayWords(flow: OscarFlow, event: ImEvent, start: number, end: number): void {
  const { buffer } = flow.snac.body;
  block.over(buffer, start, end);
  const charset = block.find(Text.Charset)
    ? charsetOfLabel(buffer, block.start, block.end)
    : Charset.Ascii;
  let written: string | undefined;
  let at = -1;
  let stop = -1;
  for (block.again(); block.next(); ) {
    if (block.type !== Text.Octets) continue;
    const words = withoutNul(decodeText(buffer, block.start, block.end, charset));
    if (written === undefined) {
      written = words;
      at = charset === Charset.Utf16 ? -1 : block.start;
      stop = endBeforeNul(buffer, block.start, block.end);
    } else event.markup = event.markup === undefined ? words : `${event.markup}\n${words}`;
  }
  if (block.broken) flow.anomaly(Anomaly.BadTlv);
  block.clear();
  if (event.markup !== undefined) flow.anomaly(Anomaly.RepeatedTlv);
  if (written === undefined) flow.anomaly(Anomaly.NoText);
  else sayText(flow, event, written, true, at, stop);
}

function senderIn(flow: OscarFlow): string | undefined {
  const { tlvs } = flow;
  if (!tlvs.find(Tlv.Sender)) return undefined;
  sender.over(flow.snac.body.buffer, tlvs.start, tlvs.end);
  flow.user.read(sender);
  sender.clear();
  return flow.user.name;
}
