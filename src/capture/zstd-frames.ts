/**
 * Where the frames of a zstd file begin and end and how much memory each asks for, found without
 * decompressing anything (RFC 8878 §3.1).
 *
 *     frame            magic(4) descriptor(1) [window(1)] [dictionary(0,1,2,4)] [content size(0,1,2,4,8)]
 *                      block… [checksum(4)]
 *     block            header(3, little-endian: last 1 bit, type 2 bits, size 21 bits) octets
 *     skippable frame  magic 0x184d2a5?(4) length(4) octets(length)
 */
import { i32le } from '../bytes/read.ts';
import { DecompressionError } from './decompressor.ts';

/** Octets of window a frame may ask for: what `zstd -d` accepts without --long (2^27). */
const MAX_WINDOW = 128 * 1024 * 1024;

const FRAME_MAGIC = 0xfd2fb528 | 0;
const SKIPPABLE_MAGIC = 0x184d2a5; // 16 magic numbers, without the last four bits
const BLOCK_RLE = 1;
const BLOCK_RESERVED = 3;

export interface ZstdFrameSink {
  /** Octets of the frame that is open or opens with them. */
  octets(octets: Uint8Array): void;
  /** The open frame is complete. */
  frameEnd(): void;
}

/** Which field is being collected, or which run of octets is passing. */
const State = {
  Magic: 0,
  Descriptor: 1,
  Header: 2,
  BlockHeader: 3,
  Block: 4,
  Checksum: 5,
  SkipLength: 6,
  Skip: 7,
} as const;
type State = (typeof State)[keyof typeof State];

export class ZstdFrames {
  readonly #sink: ZstdFrameSink;
  readonly #field = new Uint8Array(14); // a field may come in pieces; the longest is the header
  #have = 0;
  #want = 4;
  #state: State = State.Magic;
  #left = 0; // octets still to come of the block or the skippable frame
  #descriptor = 0;
  #lastBlock = false;

  constructor(sink: ZstdFrameSink) {
    this.#sink = sink;
  }

  /** Whether a frame has begun and not ended. */
  get inside(): boolean {
    return this.#state !== State.Magic || this.#have > 0;
  }

  /**
   * Takes octets from `start` on, at most to the end of a block, and answers where it stopped: one
   * call never decompresses much. Throws DecompressionError.
   */
  push(piece: Uint8Array, start: number): number {
    let at = start;
    while (at < piece.length) {
      if (this.#state === State.Block || this.#state === State.Skip) {
        const end = Math.min(at + this.#left, piece.length);
        if (this.#state === State.Block) this.#sink.octets(piece.subarray(at, end));
        this.#left -= end - at;
        if (this.#left === 0) this.#blockEnd();
        return end;
      }
      this.#field[this.#have++] = piece[at++] ?? 0;
      if (this.#have === this.#want) this.#fieldEnd();
    }
    return at;
  }

  #fieldEnd(): void {
    const field = this.#field.slice(0, this.#have);
    const state = this.#state;
    if (state === State.Magic) this.#beginFrame(field);
    else if (state === State.SkipLength) this.#beginSkip(i32le(field, 0) >>> 0);
    else {
      this.#sink.octets(field);
      if (state === State.Descriptor) this.#readDescriptor(field[0] ?? 0);
      else if (state === State.BlockHeader) this.#beginBlock(i32le(field, 0));
      else if (state === State.Checksum) this.#frameEnd();
      else {
        this.#checkWindow(field);
        this.#collect(State.BlockHeader, 3);
      }
    }
  }

  #beginFrame(field: Uint8Array): void {
    const magic = i32le(field, 0);
    if (magic >>> 4 === SKIPPABLE_MAGIC) {
      this.#collect(State.SkipLength, 4);
    } else if (magic === FRAME_MAGIC) {
      this.#sink.octets(field);
      this.#collect(State.Descriptor, 1);
    } else {
      throw new DecompressionError('octets that are no zstd frame follow');
    }
  }

  #beginSkip(octets: number): void {
    this.#left = octets;
    if (octets === 0) this.#collect(State.Magic, 4);
    else this.#collect(State.Skip, 0);
  }

  #readDescriptor(descriptor: number): void {
    if ((descriptor & 0x08) !== 0)
      throw new DecompressionError('the zstd frame uses a reserved bit');
    if ((descriptor & 0x03) !== 0)
      throw new DecompressionError('the zstd frame needs a dictionary');
    this.#descriptor = descriptor;
    const single = (descriptor & 0x20) !== 0;
    const sizeCode = descriptor >>> 6;
    const sizeOctets = sizeCode > 0 ? 1 << sizeCode : single ? 1 : 0;
    // A frame of several segments has the window octet, so the header is never empty.
    this.#collect(State.Header, (single ? 0 : 1) + sizeOctets);
  }

  #checkWindow(header: Uint8Array): void {
    let window = 0;
    if ((this.#descriptor & 0x20) === 0) {
      const octet = header[0] ?? 0;
      const base = 2 ** (10 + (octet >>> 3));
      window = base + (base / 8) * (octet & 7);
    } else {
      for (let i = header.length - 1; i >= 0; i--) window = window * 256 + (header[i] ?? 0);
    }
    if (window > MAX_WINDOW) {
      throw new DecompressionError(
        `the zstd frame asks for ${window} octets of memory (${MAX_WINDOW} are allowed); decompress it first`,
      );
    }
  }

  #beginBlock(header: number): void {
    this.#lastBlock = (header & 1) !== 0;
    const type = (header >>> 1) & 3;
    if (type === BLOCK_RESERVED) throw new DecompressionError('a zstd block has an unknown type');
    this.#left = type === BLOCK_RLE ? 1 : (header >>> 3) & 0x1fffff;
    this.#collect(State.Block, 0);
    if (this.#left === 0) this.#blockEnd();
  }

  #blockEnd(): void {
    if (this.#state === State.Skip) this.#collect(State.Magic, 4);
    else if (!this.#lastBlock) this.#collect(State.BlockHeader, 3);
    else if ((this.#descriptor & 0x04) !== 0) this.#collect(State.Checksum, 4);
    else this.#frameEnd();
  }

  #frameEnd(): void {
    this.#collect(State.Magic, 4);
    this.#sink.frameEnd();
  }

  #collect(state: State, octets: number): void {
    this.#state = state;
    this.#want = octets;
    this.#have = 0;
  }
}
