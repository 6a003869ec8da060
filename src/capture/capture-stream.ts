/**
 * The octets of one uncompressed capture file, fed in pieces of any size: finds the format, keeps
 * what is left of a record that is not whole yet, and hands frames to the sink. Sans-io; memory is
 * one window, whatever the size of the file.
 */
import { CaptureFormat, describeUnknown, detectFormat, MAGIC_OCTETS } from './capture-format.ts';
import { type CaptureOrigin, type CaptureReader, MAX_RECORD } from './capture-reader.ts';
import { CaptureError, type FrameSink } from './frame.ts';
import { PcapReader } from './pcap-reader.ts';
import { PcapngReader } from './pcapng-reader.ts';

/** Octets of the window: a record that is not whole and as much again to read into. */
const WINDOW = 2 * MAX_RECORD;

export class CaptureStream {
  readonly #origin: CaptureOrigin;
  readonly #sink: FrameSink;
  readonly #window = new Uint8Array(WINDOW);
  #start = 0; // what was not used yet is window[start, end)
  #end = 0;
  #reader: CaptureReader | undefined;

  constructor(origin: CaptureOrigin, sink: FrameSink) {
    this.#origin = origin;
    this.#sink = sink;
  }

  /** Where the next octets may be written, at least MAX_RECORD of them; then call `wrote`. */
  space(): Uint8Array {
    if (this.#start > 0) {
      this.#window.copyWithin(0, this.#start, this.#end);
      this.#end -= this.#start;
      this.#start = 0;
    }
    return this.#window.subarray(this.#end);
  }

  /** That many octets were written into `space`: hands over the frames in them. Throws CaptureError. */
  wrote(octets: number): void {
    this.#end += octets;
    if (this.#end - this.#start >= MAGIC_OCTETS) this.#read();
  }

  /** Copies a piece in. Throws CaptureError. */
  push(piece: Uint8Array): void {
    for (let at = 0; at < piece.length; ) {
      const space = this.space();
      const part = piece.subarray(at, at + space.length);
      space.set(part);
      at += part.length;
      this.wrote(part.length);
    }
  }

  /** The file ends here. Throws CaptureError if it is cut off, empty, or never was a capture. */
  finish(): void {
    this.#read();
    this.#reader?.finish(this.#end - this.#start);
  }

  /** A fault of what feeds the stream, placed where the stream is. */
  fault(what: string): CaptureError {
    const { frames = 0, offset = 0 } = this.#reader ?? {};
    return new CaptureError(this.#origin.name, frames, offset, what);
  }

  #read(): void {
    this.#reader ??= this.#choose();
    this.#start += this.#reader.read(this.#window, this.#start, this.#end, this.#sink);
  }

  #choose(): CaptureReader {
    const format = detectFormat(this.#window, this.#start, this.#end);
    if (format === CaptureFormat.Pcap) return new PcapReader(this.#origin);
    if (format === CaptureFormat.Pcapng) return new PcapngReader(this.#origin);
    const what =
      format === CaptureFormat.Unknown
        ? describeUnknown(this.#window, this.#start, this.#end)
        : 'the file is compressed more than once; decompress it first';
    throw this.fault(what);
  }
}
