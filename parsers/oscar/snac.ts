/**
 * The head of a SNAC: u16 family · u16 subtype · u16 flags · u32 request, and a cursor on its body.
 * Flag 8000: u16 length and so many octets (versions of the family) stand before the body. Servers set
 * it; of a client they do not look at it, so there must really be versions (TLV 0001) for it to count.
 */
import { u16be } from '../../src/bytes/read.ts';
import { Cursor } from './cursor.ts';

export const SNAC_HEAD = 10; // octets
const FLAG_VERSIONS = 0x8000;
const VERSION_TLV = 0x0001;

export class Snac {
  family = 0;
  subtype = 0;
  request = 0;
  /** The flag is set: what stands before the body was passed over, if it is that. */
  ahead = false;
  readonly body = new Cursor();

  /** Of buffer[start, end), the payload of a data frame. False where it has no head. */
  read(buffer: Uint8Array, start: number, end: number, toServer: boolean): boolean {
    const { body } = this;
    body.over(buffer, start, end);
    this.family = body.u16();
    this.subtype = body.u16();
    const flags = body.u16();
    this.request = body.u32();
    this.ahead = (flags & FLAG_VERSIONS) !== 0;
    const counts = !toServer || u16be(buffer, body.at + 2) === VERSION_TLV;
    if (this.ahead && counts) body.skip(body.u16());
    return !body.failed;
  }

  /** `0004/0006`: family and subtype in hex. */
  get label(): string {
    return `${four(this.family)}/${four(this.subtype)}`;
  }
}

export function four(number: number): string {
  return number.toString(16).padStart(4, '0');
}
