/**
 * The beginnings of the messages in one direction of a WebSocket; what is behind them is passed over.
 *
 *   0  FIN RSV1 RSV2 RSV3 opcode:4                             RFC 6455 §5.2
 *   1  MASK length:7  [length:16 | length:64]  [mask:4]
 *      payload, each octet with that of the mask at its place in the frame modulo 4
 *
 * A message is one frame, or some with continuations behind (§5.4); control frames may stand between them.
 */
import { i32be, u16be } from '../../src/bytes/read.ts';

/** Octets of a message that are looked at: a request line, the attributes of an XML element. */
export const LOOK = 160;
const LONGEST_HEADER = 14; // octets
const MASK_LENGTH = 4; // octets
const LENGTH_16 = 126;
const LENGTH_64 = 127;
/** Of the upper half of a 64-bit length: beyond 2^53 nothing counts exactly, and nothing is sent. */
const LONGEST_UPPER = 0x1f_ffff;

const Opcode = { Continuation: 0, Text: 1, Binary: 2, Close: 8, Ping: 9, Pong: 10 } as const;

export interface FrameListener {
  /** The first octets of a message, lent: LOOK of them, or all that it has. */
  message(octets: Uint8Array): void;
  /** What stands in a message is compressed (RFC 7692 §6: RSV1), and not looked at. */
  compressed(): void;
  /** A frame that has a mask, or has none. */
  masked(isMasked: boolean): void;
}

export class Frames {
  readonly #listener: FrameListener;
  readonly #header = new Uint8Array(LONGEST_HEADER);
  #headerUsed = 0;
  /** Octets of the header under way, as far as it tells. */
  #headerLength = 2;
  /** Octets of the payload under way that are still to come. */
  #left = 0;
  /** Octets of the payload that were passed: the place in the mask. */
  #passed = 0;
  #isControl = false;
  #isFinal = false;
  readonly #mask = new Uint8Array(MASK_LENGTH);
  readonly #look = new Uint8Array(LOOK);
  #looked = 0;
  /** A message is under way, and no more of it is wanted. */
  #told = false;
  #inMessage = false;
  /** Octets of this direction do not follow RFC 6455: nothing is read on. */
  broken = false;

  constructor(listener: FrameListener) {
    this.#listener = listener;
  }

  push(octets: Uint8Array, from: number): void {
    let at = from;
    while (at < octets.length && !this.broken) {
      if (this.#left > 0) at = this.#payload(octets, at);
      else {
        this.#header[this.#headerUsed++] = octets[at++] ?? 0;
        if (this.#headerUsed === 2) this.#headerLength = headerLength(this.#header[1] ?? 0);
        if (this.#headerUsed === this.#headerLength) this.#begin();
      }
    }
  }

  #begin(): void {
    const header = this.#header;
    const first = header[0] ?? 0;
    const second = header[1] ?? 0;
    const isMasked = second >= 0x80;
    const length = payloadLength(header, second & 0x7f);
    const opcode = first & 0x0f;
    this.#isFinal = first >= 0x80;
    this.#isControl = opcode >= Opcode.Close;
    if (isMasked)
      this.#mask.set(header.subarray(this.#headerLength - MASK_LENGTH, this.#headerLength));
    else this.#mask.fill(0);
    this.#headerUsed = 0;
    this.#headerLength = 2;
    this.#left = length;
    this.#passed = 0;
    if (!this.#isSound(first, length)) {
      this.broken = true;
      return;
    }
    this.#listener.masked(isMasked);
    if (!this.#isControl && opcode !== Opcode.Continuation) {
      this.#inMessage = true;
      this.#looked = 0;
      this.#told = (first & 0x40) !== 0;
      if (this.#told) this.#listener.compressed();
    }
    if (length === 0) this.#end();
  }

  #isSound(first: number, length: number): boolean {
    const opcode = first & 0x0f;
    if (length < 0 || (first & 0x30) !== 0) return false;
    if (this.#isControl) return opcode <= Opcode.Pong && this.#isFinal && length < LENGTH_16;
    return opcode === Opcode.Continuation
      ? this.#inMessage
      : opcode <= Opcode.Binary && !this.#inMessage;
  }

  #payload(octets: Uint8Array, at: number): number {
    const end = Math.min(octets.length, at + this.#left);
    if (!this.#isControl && !this.#told) {
      const most = Math.min(end, at + LOOK - this.#looked);
      for (let i = at; i < most; i++) {
        const key = this.#mask[(this.#passed + i - at) & 3] ?? 0;
        this.#look[this.#looked++] = (octets[i] ?? 0) ^ key;
      }
      if (this.#looked === LOOK) this.#tell();
    }
    this.#left -= end - at;
    this.#passed = (this.#passed + end - at) & 3;
    if (this.#left === 0) this.#end();
    return end;
  }

  #end(): void {
    if (this.#isControl || !this.#isFinal) return;
    if (!this.#told) this.#tell();
    this.#inMessage = false;
  }

  #tell(): void {
    this.#told = true;
    this.#listener.message(this.#look.subarray(0, this.#looked));
  }
}

function headerLength(second: number): number {
  const length = second & 0x7f;
  const more = length === LENGTH_64 ? 8 : length === LENGTH_16 ? 2 : 0;
  return 2 + more + (second >= 0x80 ? MASK_LENGTH : 0);
}

/** -1 where nobody sends as much. */
function payloadLength(header: Uint8Array, length: number): number {
  if (length < LENGTH_16) return length;
  if (length === LENGTH_16) return u16be(header, 2);
  const upper = i32be(header, 2) >>> 0;
  return upper > LONGEST_UPPER ? -1 : upper * 0x1_0000_0000 + (i32be(header, 6) >>> 0);
}
