/** The header of the packet under the hand (dossier §3). */
import { i32be, u16be } from '../../src/bytes/read.ts';

export class YmsgPacket {
  version = 0;
  vendor = 0;
  length = 0;
  service = 0;
  /** Signed: -1 is 0xffffffff. */
  status = 0;
  /** The session's identifier, as an opaque 32-bit number. */
  session = 0;

  read(buffer: Uint8Array, at: number): void {
    this.version = u16be(buffer, at + 4);
    this.vendor = u16be(buffer, at + 6);
    this.length = u16be(buffer, at + 8);
    this.service = u16be(buffer, at + 10);
    this.status = i32be(buffer, at + 12);
    this.session = i32be(buffer, at + 16);
  }
}
