/**
 * What the kernel tells of a queued packet (nfqnl_build_packet_message), behind the headers that
 * netlink-writer.ts shows:
 *
 *     NFQA_PACKET_HDR   id(4) ethertype(2) hook(1)
 *     NFQA_MARK         mark(4)                         absent: 0
 *     NFQA_TIMESTAMP    seconds(8) microseconds(8)      absent: the stack stamped none
 *     NFQA_SKB_INFO     flags(4)                        absent: 0
 *     NFQA_CAP_LEN      octets of the packet(4)         absent: all were copied
 *     NFQA_PAYLOAD      the IP datagram
 */
import { i32be, u16le } from '../../bytes/read.ts';
import { PacketAttribute, padded } from './netlink-layout.ts';

const HEADERS = 20; // nlmsghdr and nfgenmsg
const ATTRIBUTE = 4;
const TYPE = 0x3fff; // above: NLA_F_NESTED, NLA_F_NET_BYTEORDER

/** One object, reused. */
export class QueuedPacket {
  /** By which the verdict names it; int32, counts on from packet to packet. */
  id = 0;
  /** The skb's mark; int32. */
  mark = 0;
  /** Bits of SkbInfo. */
  info = 0;
  /** The datagram is buffer[start, end) of what was read. */
  start = 0;
  end = 0;
  /** Octets of the datagram; more than end - start where the kernel cut it. */
  length = 0;
  hasTime = false;
  /** Microseconds since 1970 in [0]. */
  readonly time: Float64Array = new Float64Array(1);

  /** False where buffer[start, end) is no whole message of a packet: then the fields mean nothing. */
  read(buffer: Uint8Array, start: number, end: number): boolean {
    let known = false;
    let captured = 0;
    this.mark = 0;
    this.info = 0;
    this.start = 0;
    this.end = 0;
    this.hasTime = false;
    for (let at = start + HEADERS; end - at >= ATTRIBUTE; ) {
      const length = u16le(buffer, at);
      if (length < ATTRIBUTE || length > end - at) return false;
      const value = at + ATTRIBUTE;
      const size = length - ATTRIBUTE;
      switch (u16le(buffer, at + 2) & TYPE) {
        case PacketAttribute.PacketHeader:
          if (size < 7) return false;
          this.id = i32be(buffer, value);
          known = true;
          break;
        case PacketAttribute.Mark:
          if (size < 4) return false;
          this.mark = i32be(buffer, value);
          break;
        case PacketAttribute.SkbInfo:
          if (size < 4) return false;
          this.info = i32be(buffer, value);
          break;
        case PacketAttribute.CapturedLength:
          if (size < 4) return false;
          captured = i32be(buffer, value);
          break;
        case PacketAttribute.Timestamp:
          if (size < 16) return false;
          this.#time(buffer, value);
          break;
        case PacketAttribute.Payload:
          this.start = value;
          this.end = value + size;
          break;
      }
      at += padded(length);
    }
    this.length = Math.max(captured, this.end - this.start);
    return known;
  }

  #time(buffer: Uint8Array, at: number): void {
    // Below 2^53 as long as the upper words are small: seconds until the year 2106.
    const seconds = i32be(buffer, at + 4) >>> 0;
    this.time[0] = seconds * 1e6 + i32be(buffer, at + 12);
    this.hasTime = true;
  }
}
