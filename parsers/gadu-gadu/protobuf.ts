/**
 * Protocol buffers, read in place (protobuf.dev, "Encoding"): a field is a varint of number and wire type,
 * then a varint (0), eight octets (1), length and octets (2) or four octets (5). A group (3 to 4) is of
 * nobody's messages here: as every reader does with what it does not know, it is passed over.
 */
import { i32le } from '../../src/bytes/read.ts';

const NOTHING = new Uint8Array(0);
const LONGEST_VARINT = 10; // octets
const START_GROUP = 3;
const END_GROUP = 4;

export class ProtobufFields {
  #buffer: Uint8Array = NOTHING;
  #at = 0;
  #end = 0;
  /** How many groups the place is in. */
  #groups = 0;
  /** The field under the hand: its number, 0 when there is none, and -1 when it does not fit. */
  field = 0;
  /** Its value where it is a number, else 0; of eight octets the lower four. */
  value = 0;
  /** Its octets, of whatever wire type. */
  start = 0;
  end = 0;

  open(buffer: Uint8Array, start: number, end: number): this {
    this.#buffer = buffer;
    this.#at = start;
    this.#end = end;
    this.#groups = 0;
    this.field = 0;
    return this;
  }

  /** Lets go of the lent octets. */
  close(): void {
    this.#buffer = NOTHING;
  }

  /** False at the end, and where a field does not fit (`field` is -1 then). */
  next(): boolean {
    for (;;) {
      this.field = 0;
      if (this.#at >= this.#end) return false;
      const tag = this.#varint();
      const type = tag & 7;
      this.field = -1;
      if (tag < 8 || !this.#value(type)) return false;
      if (this.#groups > 0 || type === END_GROUP) continue;
      this.end = this.#at;
      this.field = Math.floor(tag / 8);
      return true;
    }
  }

  /** False where there is none of the wire type. */
  #value(type: number): boolean {
    this.start = this.#at;
    this.value = 0;
    if (type === 0) this.value = this.#varint();
    else if (type === 2) {
      const octets = this.#varint();
      if (octets === -1) return false;
      this.start = this.#at;
      this.#at += octets;
    } else if (type === 1 || type === 5) {
      this.#at += type === 1 ? 8 : 4;
      this.value = i32le(this.#buffer, this.start) >>> 0;
    } else if (type === START_GROUP) this.#groups += 1;
    else if (type === END_GROUP) this.#groups -= 1;
    else return false;
    return this.value !== -1 && this.#groups >= 0 && this.#at <= this.#end;
  }

  /** Lower 32 bits and more, as far as a number holds them; -1 where it is not all there. */
  #varint(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < LONGEST_VARINT && this.#at < this.#end; i++) {
      const octet = this.#buffer[this.#at++] ?? 0;
      value += (octet & 0x7f) * scale;
      scale *= 0x80;
      if (octet < 0x80) return value;
    }
    return -1;
  }
}
