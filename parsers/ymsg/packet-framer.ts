/**
 * Cuts one direction into packets: 20 octets of header, then as many as it says. Packets that nobody
 * wants are passed over unread; others are kept until they are whole (at most 65 555 octets). Where no
 * packet begins, the next `YMSG` with a likely header is looked for.
 */

import { find } from '../../src/bytes/find.ts';
import { u16be } from '../../src/bytes/read.ts';
import { OctetHold } from '../framing/octet-hold.ts';
import { isKnown } from './services.ts';
import { isKnownVersion } from './version.ts';
import { HEADER } from './ymsg-limits.ts';

const Y = 0x59;
/** Of a packet in parts that do not follow each other in the stream. */
const SCATTERED = -2;
const MAGIC = [0x59, 0x4d, 0x53, 0x47];

export interface PacketListener {
  /** Whether the body of the packet whose header stands at buffer[at] is wanted. */
  wants(buffer: Uint8Array, at: number): boolean;
  /** buffer[start, end) is a whole packet that was wanted; it stands at stream offset `from`, -1: in parts. Lent. */
  packet(buffer: Uint8Array, start: number, end: number, from: number): void;
  /** Where a packet had to begin there was none. */
  noMagic(): void;
}

export class PacketFramer {
  readonly #hold = new OctetHold();
  #offset = 0;
  /** Stream offset of the packet that is kept, or -1. */
  #from = -1;
  /** Octets of an unwanted body that are still to come. */
  #skip = 0;
  #searching = false;

  /** Stream offset of the next octet. */
  get offset(): number {
    return this.#offset;
  }

  /** Stream offset of a packet that is not whole, or -1. */
  get pending(): number {
    return this.#from === SCATTERED ? -1 : this.#from;
  }

  get held(): number {
    return this.#hold.size;
  }

  push(octets: Uint8Array, listener: PacketListener): void {
    const base = this.#offset;
    let at = 0;
    while (at < octets.length) {
      if (this.#skip > 0) {
        const passed = Math.min(this.#skip, octets.length - at);
        this.#skip -= passed;
        at += passed;
        continue;
      }
      if (this.#hold.used > 0) {
        at = this.#fill(octets, at, listener);
        continue;
      }
      const start = this.#searching ? nextY(octets, at) : at;
      if (start >= octets.length) break;
      at = this.#take(octets, start, base, listener);
    }
    this.#offset = base + octets.length;
  }

  /** The next octet stands at this offset: a packet under way has no range of its own then. */
  seek(offset: number): void {
    if (offset !== this.#offset && this.#from !== -1) this.#from = SCATTERED;
    this.#offset = offset;
  }

  /** What is unfinished is given up; the next octet begins a packet. */
  cut(): void {
    this.#release();
    this.#skip = 0;
    this.#searching = false;
  }

  /**
   * Octets that were not seen. Inside a body whose end is known the next packet is found by it; else
   * it is looked for.
   */
  gap(octets: number): void {
    this.#offset += octets;
    let left = this.#skip;
    const { buffer, used } = this.#hold;
    if (used >= HEADER) left = HEADER + u16be(buffer, 8) - used;
    this.#hold.release();
    this.#from = -1;
    if (left >= octets && left > 0) this.#skip = left - octets;
    else {
      this.#skip = 0;
      this.#searching = true;
    }
  }

  /** A packet begins at octets[at]: whole, to be kept, or to be passed over. Where to go on. */
  #take(octets: Uint8Array, at: number, base: number, listener: PacketListener): number {
    const there = octets.length - at;
    if (!this.#begins(octets, at, octets.length)) {
      if (!this.#searching) listener.noMagic();
      this.#searching = true;
      return at + 1;
    }
    if (there < HEADER) return this.#keep(octets, at, octets.length, base);
    this.#searching = false;
    const length = HEADER + u16be(octets, at + 8);
    if (!listener.wants(octets, at)) {
      const passed = Math.min(length, there);
      this.#skip = length - passed;
      return at + passed;
    }
    if (there < length) return this.#keep(octets, at, octets.length, base);
    listener.packet(octets, at, at + length, base + at);
    return at + length;
  }

  /** Goes on with a packet that is kept. */
  #fill(octets: Uint8Array, at: number, listener: PacketListener): number {
    const hold = this.#hold;
    if (hold.used < HEADER) {
      const end = Math.min(octets.length, at + HEADER - hold.used);
      hold.append(octets, at, end);
      if (!this.#begins(hold.buffer, 0, hold.used)) return this.#giveBack(end, listener);
      if (hold.used < HEADER) return end;
      this.#searching = false;
      if (listener.wants(hold.buffer, 0)) return this.#whole(end, listener);
      this.#skip = u16be(hold.buffer, 8);
      this.#release();
      return end;
    }
    const end = Math.min(octets.length, at + HEADER + u16be(hold.buffer, 8) - hold.used);
    hold.append(octets, at, end);
    return this.#whole(end, listener);
  }

  #whole(at: number, listener: PacketListener): number {
    const { buffer, used } = this.#hold;
    if (used < HEADER + u16be(buffer, 8)) return at;
    const from = this.#from === SCATTERED ? -1 : this.#from;
    this.#release();
    listener.packet(buffer, 0, used, from);
    return at;
  }

  /** What was kept begins no packet: it is looked through again from its second octet. */
  #giveBack(at: number, listener: PacketListener): number {
    const kept = this.#hold.buffer.slice(0, this.#hold.used);
    const from = this.#from;
    this.#release();
    if (!this.#searching) listener.noMagic();
    this.#searching = true;
    for (let i = 1; i < kept.length; i++) {
      if (kept[i] !== Y || !this.#begins(kept, i, kept.length)) continue;
      this.#hold.append(kept, i, kept.length);
      this.#from = from === SCATTERED ? SCATTERED : from + i;
      break;
    }
    return at;
  }

  #keep(octets: Uint8Array, at: number, end: number, base: number): number {
    this.#from = base + at;
    this.#hold.append(octets, at, end);
    return end;
  }

  #release(): void {
    this.#hold.release();
    this.#from = -1;
  }

  /** buffer[at, end) may begin a packet; while searching, of a known version and service. */
  #begins(buffer: Uint8Array, at: number, end: number): boolean {
    for (let i = 0; i < MAGIC.length && at + i < end; i++) {
      if (buffer[at + i] !== MAGIC[i]) return false;
    }
    if (!this.#searching || end - at < 12) return true;
    return isKnownVersion(u16be(buffer, at + 4)) && isKnown(u16be(buffer, at + 10));
  }
}

/** The next octet that may begin a packet. */
function nextY(octets: Uint8Array, from: number): number {
  const found = find(octets, Y, from, octets.length);
  return found === -1 ? octets.length : found;
}
