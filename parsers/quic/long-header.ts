/**
 * Long header of a packet (RFC 8999 §5.1, RFC 9000 §17.2, RFC 9369 §3.2):
 *
 *   0  1 1 TT ....      long, QUIC bit (0 where greased, RFC 9287), type; the rest is protected
 *   1  u32 version      0: version negotiation
 *   5  u8 n · destination connection id, at most 20 octets
 *      u8 n · source connection id
 *   version negotiation: u32 each version
 *   Retry:               token · 16 octets of tag
 *   Initial:             varint n · token
 *   Initial, 0-RTT, Handshake: varint n · packet number and payload, n octets
 *
 * Several packets may stand in one datagram, one after the other.
 */
import { i32be } from '../../src/bytes/read.ts';
import { afterVarint, varintAt } from './varint.ts';
import { type QuicVersion, UNKNOWN, versionOf } from './versions.ts';

export const PacketType = {
  Initial: 0,
  ZeroRtt: 1,
  Handshake: 2,
  Retry: 3,
  Negotiation: 4,
} as const;
export type PacketType = (typeof PacketType)[keyof typeof PacketType];

/** Octets of a connection id (RFC 9000 §17.2). */
export const LONGEST_ID = 20;
/** Packet number as if of four octets, and the sample behind it: what header protection needs. */
export const SHORTEST_PROTECTED = 20;
const TAG = 16;

/** One is made and reads many; its offsets are of the octets it read last. */
export class LongHeader {
  number = 0;
  version: QuicVersion = UNKNOWN;
  isKnown = false;
  type: PacketType = PacketType.Initial;
  idStart = 0;
  idEnd = 0;
  sourceLength = 0;
  tokenLength = 0;
  /** Of the packet number; of the first version where they are negotiated. */
  bodyStart = 0;
  /** Of the packet. */
  end = 0;

  /** False where no whole packet stands at `at`. */
  read(octets: Uint8Array, at: number): boolean {
    const first = octets[at] ?? 0;
    if (octets.length < at + 7 || (first & 0x80) === 0) return false;
    this.number = i32be(octets, at + 1) >>> 0;
    const version = versionOf(this.number);
    this.isKnown = version !== undefined;
    this.version = version ?? UNKNOWN;
    const idLength = octets[at + 5] ?? 0;
    this.idStart = at + 6;
    this.idEnd = this.idStart + idLength;
    if (idLength > LONGEST_ID || this.idEnd >= octets.length) return false;
    this.sourceLength = octets[this.idEnd] ?? 0;
    this.tokenLength = 0;
    this.bodyStart = this.idEnd + 1 + this.sourceLength;
    this.end = octets.length;
    if (this.sourceLength > LONGEST_ID || this.bodyStart > octets.length) return false;
    this.type = this.#typeOf(first);
    const left = octets.length - this.bodyStart;
    if (this.type === PacketType.Negotiation) return left >= 4 && left % 4 === 0;
    if (this.type === PacketType.Retry) return left > TAG;
    return this.#readLength(octets);
  }

  #typeOf(first: number): PacketType {
    if (this.number === 0) return PacketType.Negotiation;
    const bits = (first >> 4) & 3;
    // Version 2 counts from Retry.
    const type = this.version.isSecond ? (bits + 3) % 4 : bits;
    return type as PacketType;
  }

  #readLength(octets: Uint8Array): boolean {
    let at = this.bodyStart;
    if (this.type === PacketType.Initial) {
      const token = afterVarint(octets, at, octets.length);
      if (token < 0) return false;
      this.tokenLength = varintAt(octets, at);
      at = token + this.tokenLength;
    }
    const body = afterVarint(octets, at, octets.length);
    if (body < 0) return false;
    const length = varintAt(octets, at);
    this.bodyStart = body;
    this.end = body + length;
    return length >= SHORTEST_PROTECTED && this.end <= octets.length;
  }
}
