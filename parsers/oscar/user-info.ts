/**
 * A user info block: u8 length · screen name · u16 warning level · u16 number of TLVs · TLVs, of which
 * 01 class, 04 idle minutes, 06 status of ICQ and 1D (status text) say how somebody is.
 */
import { i32be, u16be } from '../../src/bytes/read.ts';
import type { Cursor } from './cursor.ts';
import { statusText } from './status-text.ts';
import { stateOf } from './status-words.ts';
import { TlvWalk } from './tlv.ts';

const Tlv = { Class: 0x01, Idle: 0x04, Status: 0x06, Available: 0x1d } as const;

export class UserInfo {
  /** Canonical; undefined where the block is broken. */
  name: string | undefined = undefined;
  state = 'available';
  status: string | undefined = undefined;
  readonly #tlvs = new TlvWalk();

  /** Reads the block at the cursor and passes over it. False where it goes beyond its parent. */
  read(cursor: Cursor): boolean {
    this.name = cursor.name();
    this.state = 'available';
    this.status = undefined;
    cursor.u16();
    const count = cursor.u16();
    if (cursor.failed) return false;
    const { buffer } = cursor;
    const tlvs = this.#tlvs;
    let userClass = 0;
    let word = -1;
    let idle = false;
    tlvs.over(buffer, cursor.at, cursor.end, count);
    while (tlvs.next()) {
      const { type, start, end, length } = tlvs;
      if (type === Tlv.Class && length >= 2) userClass = lowHalf(buffer, start, length);
      else if (type === Tlv.Status && length === 4) word = i32be(buffer, start);
      else if (type === Tlv.Status && length === 2) word = u16be(buffer, start);
      else if (type === Tlv.Idle) idle = length >= 2 && u16be(buffer, start) > 0;
      else if (type === Tlv.Available) this.status = statusText(buffer, start, end);
    }
    cursor.at = tlvs.end;
    const whole = !tlvs.broken;
    tlvs.clear();
    this.state = stateOf(userClass, word, idle);
    return whole;
  }
}

/** The class is two octets, or four since AIM 5. */
function lowHalf(buffer: Uint8Array, start: number, length: number): number {
  return u16be(buffer, start + (length >= 4 ? 2 : 0));
}
