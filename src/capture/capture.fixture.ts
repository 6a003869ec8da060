/** Capture files made octet by octet for tests, in either byte order. */
import { CaptureStream } from './capture-stream.ts';
import { CaptureError, type Frame, type FrameSink } from './frame.ts';

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** Writes integers in one byte order. */
export class Octets {
  readonly #little: boolean;
  readonly #parts: Uint8Array[] = [];

  constructor(little: boolean) {
    this.#little = little;
  }

  u16(...values: number[]): this {
    for (const value of values) this.#push(value, 2);
    return this;
  }

  u32(...values: number[]): this {
    for (const value of values) this.#push(value >>> 0, 4);
    return this;
  }

  raw(octets: Uint8Array): this {
    this.#parts.push(octets);
    return this;
  }

  get done(): Uint8Array {
    return joined(...this.#parts);
  }

  #push(value: number, size: number): void {
    const octets = Uint8Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** i) & 255);
    this.#parts.push(this.#little ? octets : octets.reverse());
  }
}

/** A block of pcapng: type, length, body, padding, length. */
export function block(type: number, body: Uint8Array, little = true): Uint8Array {
  const padded = new Uint8Array(Math.ceil(body.length / 4) * 4);
  padded.set(body);
  const length = padded.length + 12;
  return new Octets(little).u32(type, length).raw(padded).u32(length).done;
}

export function section(little = true, major = 1): Uint8Array {
  const body = new Octets(little).u32(0x1a2b3c4d).u16(major, 0).u32(0xffffffff, 0xffffffff).done;
  return block(0x0a0d0d0a, body, little);
}

export function interfaceBlock(
  linkType: number,
  snaplen: number,
  options: Uint8Array = new Uint8Array(0),
  little = true,
): Uint8Array {
  return block(1, new Octets(little).u16(linkType, 0).u32(snaplen).raw(options).done, little);
}

export function option(code: number, value: Uint8Array, little = true): Uint8Array {
  const padding = new Uint8Array(-value.length & 3);
  return new Octets(little).u16(code, value.length).raw(value).raw(padding).done;
}

export interface EnhancedFields {
  readonly index?: number;
  readonly ticks?: bigint;
  readonly captured?: number;
  readonly original?: number;
  readonly little?: boolean;
}

export function enhanced(frame: Uint8Array, fields: EnhancedFields = {}): Uint8Array {
  const { index = 0, ticks = 0n, captured = frame.length, original = captured } = fields;
  const little = fields.little ?? true;
  const body = new Octets(little)
    .u32(index, Number(ticks >> 32n), Number(ticks & 0xffffffffn), captured, original)
    .raw(frame);
  return block(6, body.done, little);
}

/** A frame as it was handed over, copied. */
export interface Seen {
  readonly number: number;
  readonly time: number;
  readonly linkType: number;
  readonly originalLength: number;
  readonly octets: number[];
}

/** Keeps a copy of every frame; overwrites nothing, because a window is read on. */
export class Collector implements FrameSink {
  readonly seen: Seen[] = [];

  frame(frame: Frame): void {
    this.seen.push({
      number: frame.number,
      time: frame.time[0] ?? -1,
      linkType: frame.linkType,
      originalLength: frame.originalLength,
      octets: [...frame.buffer.subarray(frame.start, frame.end)],
    });
  }
}

/** What a file in pieces of `size` octets gives: its frames, and the message of the fault or ''. */
export function read(file: Uint8Array, size = file.length, framesBefore = 0) {
  const into = new Collector();
  const stream = new CaptureStream({ name: 'test.pcap', framesBefore }, into);
  let fault = '';
  try {
    for (let at = 0; at < file.length; at += size) {
      const piece = file.slice(at, at + size);
      stream.push(piece);
      piece.fill(0xee);
    }
    stream.finish();
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
    fault = error.message;
  }
  return { seen: into.seen, fault };
}
