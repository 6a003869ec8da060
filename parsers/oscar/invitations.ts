/**
 * Invitations into rooms: a rendezvous of the capability CHAT. TLV 2711: u16 exchange · u8 length ·
 * room · u16 instance; 0C the words that go with it, 0D their character set.
 */
import { htmlText } from '../framing/html-text.ts';
import { Anomaly } from './anomalies.ts';
import { Cursor } from './cursor.ts';
import { type OscarFlow, some } from './oscar-flow.ts';
import type { RendezvousPart } from './rendezvous-host.ts';
import { roomOf } from './room-name.ts';
import { charsetOfLabel, decodeText, withoutNul } from './text-decoding.ts';
import { TlvWalk } from './tlv.ts';

const Type = { Propose: 0, Cancel: 1 } as const;
const Tlv = { Words: 0x0c, Charset: 0x0d, Room: 0x2711 } as const;
const HEAD = 26; // u16 type · 8 cookie · 16 capability

const tlvs = new TlvWalk();
const place = new Cursor();

export function onInvitation(flow: OscarFlow, part: RendezvousPart): void {
  const { buffer, start, end, fromClient, cookie } = part;
  tlvs.over(buffer, start + HEAD, end);
  const type = buffer[start + 1] ?? 0;
  // libpurple shows an invitation whenever a room is named, whatever the type says.
  const invites = tlvs.find(Tlv.Room) || type === Type.Propose;
  const known = invites ? undefined : flow.invitations.take(cookie);
  const room = tlvs.find(Tlv.Room) ? roomAt(buffer, tlvs.start, tlvs.end) : known?.room;
  const words = wordsOf(buffer);
  if (tlvs.broken) flow.anomaly(Anomaly.BadTlv);
  tlvs.clear();
  if (invites) {
    const kept = room === undefined ? undefined : flow.keep(room);
    if (!flow.invitations.set(cookie, { room: kept, fromClient })) flow.tableFull();
  } else if (type !== Type.Cancel) return;
  const event = flow.newEvent(invites ? 'room.invite' : 'room.decline');
  event.from = part.sender;
  event.to = part.recipient === undefined ? undefined : [part.recipient];
  event.room = room;
  event.route = 'direct';
  event.messageId = cookie;
  // Who invited takes it back.
  if (known?.fromClient === fromClient) event.state = 'cancelled';
  const text = htmlText(words);
  event.text = some(text);
  if (text !== words) event.markup = words;
  flow.say(event);
}

function roomAt(buffer: Uint8Array, start: number, end: number): string | undefined {
  place.over(buffer, start, end);
  place.u16();
  const room = roomOf(place);
  place.clear();
  return room;
}

function wordsOf(buffer: Uint8Array): string {
  const charset = tlvs.find(Tlv.Charset) ? charsetOfLabel(buffer, tlvs.start, tlvs.end) : 0;
  return tlvs.find(Tlv.Words) ? withoutNul(decodeText(buffer, tlvs.start, tlvs.end, charset)) : '';
}
