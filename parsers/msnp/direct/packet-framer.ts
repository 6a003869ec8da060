/**
 * Packets of a direct connection: 32 bits of length, little-endian, and so many octets. Read where they
 * stand; what is not whole is kept. After lost octets a packet's own lengths show where the next begins.
 */
import { i32le } from '../../../src/bytes/read.ts';
import { OctetHold } from '../../framing/octet-hold.ts';
import { PACKET_LIMIT } from '../p2p/p2p-limits.ts';
import { HEADER_V1 } from '../p2p/packet.ts';

export const LENGTH = 4;
/** Octets that tell whether a packet begins: its length, a header of version 1. */
const SIGN = LENGTH + HEADER_V1;
/** Octets looked through for a packet after a gap. */
const SEEK_LIMIT = 262_144;

export interface PacketListener {
  /** buffer[start, end) is the packet without its length; [from, to) is where all of it stands in the stream. */
  packet(buffer: Uint8Array, start: number, end: number, from: number, to: number): void;
}

export class PacketFramer {
  readonly #hold = new OctetHold();
  /** Octets of the stream before what is held. */
  #offset = 0;
  /** Octets that belong to a packet which is not whole. */
  #skip = 0;
  #seeking: boolean;
  #sought = 0;
  /** Lengths that are none, or no packet was found again. */
  broken = false;

  constructor(seeking: boolean) {
    this.#seeking = seeking;
  }

  /** Where the packet that is not whole yet began, or -1. */
  get pending(): number {
    return this.#hold.used === 0 || this.#seeking ? -1 : this.#offset;
  }

  /** Its octets so far, length and all. */
  get start(): Uint8Array {
    return this.#hold.buffer.subarray(0, this.#hold.used);
  }

  get held(): number {
    return this.#hold.size;
  }

  push(octets: Uint8Array, listener: PacketListener): void {
    let at = 0;
    while (at < octets.length && !this.broken) {
      if (this.#skip > 0) at = this.#pass(octets, at);
      else if (this.#seeking) {
        this.#hold.append(octets, at, octets.length);
        at = octets.length;
        this.#seek(listener);
      } else if (this.#hold.used > 0) at = this.#complete(octets, at, listener);
      else at = this.#inPlace(octets, at, listener);
    }
  }

  /** Octets within the open packet are that packet's; beyond it the next one is looked for. */
  gap(octets: number): void {
    const held = this.#hold.used;
    const open = held >= LENGTH ? this.#lengthOf(this.#hold.buffer, 0) - held : 0;
    const left = this.#skip > 0 ? this.#skip - octets : open - octets;
    const known = (this.#skip > 0 || held >= LENGTH) && left >= 0;
    this.#hold.release();
    this.#offset += held + octets;
    this.#skip = known ? left : 0;
    if (!known) this.#seeking = true;
  }

  #lengthOf(buffer: Uint8Array, at: number): number {
    return LENGTH + (i32le(buffer, at) >>> 0);
  }

  #pass(octets: Uint8Array, at: number): number {
    const passed = Math.min(this.#skip, octets.length - at);
    this.#skip -= passed;
    this.#offset += passed;
    return at + passed;
  }

  #inPlace(octets: Uint8Array, at: number, listener: PacketListener): number {
    if (octets.length - at >= LENGTH) {
      const length = this.#lengthOf(octets, at);
      if (length > LENGTH + PACKET_LIMIT) {
        this.broken = true;
        return at;
      }
      if (octets.length - at >= length) {
        const from = this.#offset;
        this.#offset += length;
        listener.packet(octets, at + LENGTH, at + length, from, this.#offset);
        return at + length;
      }
    }
    this.#hold.append(octets, at, octets.length);
    return octets.length;
  }

  #complete(octets: Uint8Array, at: number, listener: PacketListener): number {
    const hold = this.#hold;
    const wanted = hold.used < LENGTH ? LENGTH : this.#lengthOf(hold.buffer, 0);
    if (wanted > LENGTH + PACKET_LIMIT) {
      this.broken = true;
      return at;
    }
    const taken = Math.min(wanted - hold.used, octets.length - at);
    hold.append(octets, at, at + taken);
    if (hold.used >= LENGTH && hold.used === this.#lengthOf(hold.buffer, 0)) {
      const from = this.#offset;
      this.#offset += hold.used;
      listener.packet(hold.buffer, LENGTH, hold.used, from, this.#offset);
      hold.release();
    }
    return at + taken;
  }

  #seek(listener: PacketListener): void {
    const { buffer, used } = this.#hold;
    let i = 0;
    while (i + SIGN <= used && !beginsPacket(buffer, i)) i++;
    const rest = buffer.slice(i, used);
    this.#hold.release();
    this.#offset += i;
    this.#sought += i;
    if (rest.length >= SIGN) {
      this.#seeking = false;
      this.#sought = 0;
      this.push(rest, listener);
    } else {
      if (this.#sought > SEEK_LIMIT) this.broken = true;
      this.#hold.append(rest, 0, rest.length);
    }
  }
}

/** Two lengths that agree, and a part that lies within its total: header of version 1 with data. */
function beginsPacket(buffer: Uint8Array, at: number): boolean {
  const length = i32le(buffer, at) >>> 0;
  if (length <= HEADER_V1 || length > PACKET_LIMIT) return false;
  const header = at + LENGTH;
  const data = i32le(buffer, header + 24) >>> 0;
  if (data !== length - HEADER_V1) return false;
  const offset = number64(buffer, header + 8);
  return offset + data <= number64(buffer, header + 16);
}

function number64(buffer: Uint8Array, at: number): number {
  return (i32le(buffer, at + 4) >>> 0) * 0x1_0000_0000 + (i32le(buffer, at) >>> 0);
}
