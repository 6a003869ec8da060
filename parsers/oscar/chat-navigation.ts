/**
 * Making and finding rooms (family 000D). 0D/08, of the client: u16 exchange · u8 length · `create` ·
 * u16 instance · u8 detail · u16 number of TLVs · TLVs, of which D3 is the name. Clients join a room
 * that exists by making it, too.
 */
import { utf8OrWindows1252 } from '../../src/bytes/text.ts';
import { type OscarFlow, some } from './oscar-flow.ts';
import { roomOf } from './room-name.ts';

const NAME = 0xd3;

export function onCreateRoom(flow: OscarFlow): void {
  const { body } = flow.snac;
  body.u16();
  const cookie = roomOf(body);
  body.u16();
  body.u8();
  const count = body.u16();
  if (body.failed) return;
  const { tlvs } = flow;
  tlvs.over(body.buffer, body.at, body.end, count);
  const name = tlvs.find(NAME)
    ? some(utf8OrWindows1252(body.buffer, tlvs.start, tlvs.end))
    : cookie;
  const event = flow.newEvent('room.join');
  event.from = flow.account;
  event.room = name;
  event.state = 'requested';
  flow.say(event);
}
