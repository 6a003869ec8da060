/** Capture files as a source of frames: the only file of this format that does input. */
import { readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { CaptureFormat, detectFormat, MAGIC_OCTETS } from './capture-format.ts';
import { CaptureStream } from './capture-stream.ts';
import { type Decompressed, DecompressionError, type Decompressor } from './decompressor.ts';
import { CaptureError, type CaptureSource, type FrameSink } from './frame.ts';
import { Gunzip } from './gunzip.ts';
import { Unzstd } from './unzstd.ts';

export interface CaptureProgress {
  /** Octets of the file read so far (compressed, if it is). */
  readonly read: number;
  /** Octets of the file; undefined for standard input and pipes. */
  readonly total: number | undefined;
}

export interface CaptureFile extends CaptureSource {
  progress(): CaptureProgress;
}

/** Octets read at a time: small enough that the event loop gets its turn every few milliseconds. */
const CHUNK = 1024 * 1024;

/**
 * A pcap or pcapng file, plain or compressed by gzip or zstd; '-' is standard input. Nothing is
 * opened before `run`. An abort ends `run` early without an error.
 *
 * @param framesBefore the number of the frame before the first, when several files are one run
 */
export function openCaptureFile(path: string, framesBefore = 0): CaptureFile {
  return new File(path, framesBefore);
}

class File implements CaptureFile {
  readonly #path: string;
  readonly #origin: { readonly name: string; readonly framesBefore: number };
  #read = 0;
  #total: number | undefined;

  constructor(path: string, framesBefore: number) {
    this.#path = path;
    this.#origin = { name: path === '-' ? 'standard input' : path, framesBefore };
  }

  progress(): CaptureProgress {
    return { read: this.#read, total: this.#total };
  }

  async run(sink: FrameSink, signal?: AbortSignal): Promise<void> {
    if (this.#path === '-') return this.#runStream(process.stdin, sink, signal);
    let file: FileHandle | undefined;
    try {
      file = await open(this.#path, 'r'); // waits, on a pipe, until somebody writes to it
      const stat = await file.stat();
      if (stat.isFile()) {
        this.#total = stat.size;
        if (!isCompressed(file.fd)) return await this.#runPlain(file.fd, sink, signal);
      }
      const input = file.createReadStream({ highWaterMark: CHUNK, autoClose: false });
      await this.#runStream(input, sink, signal);
    } catch (error) {
      throw this.#explain(error);
    } finally {
      await file?.close();
    }
  }

  /** Reading in place, without a stream: the octets of a file on disk are never long in coming. */
  async #runPlain(fd: number, sink: FrameSink, signal?: AbortSignal): Promise<void> {
    const stream = new CaptureStream(this.#origin, sink);
    while (!signal?.aborted) {
      const space = stream.space();
      const octets = readSync(fd, space, 0, Math.min(CHUNK, space.length), null);
      if (octets === 0) return stream.finish();
      this.#read += octets;
      stream.wrote(octets);
      await yieldToEventLoop();
    }
  }

  async #runStream(input: Readable, sink: FrameSink, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return;
    if (signal) addAbortSignal(signal, input);
    const stream = new CaptureStream(this.#origin, sink);
    const into = new Feed(stream, signal);
    try {
      for await (const piece of input as AsyncIterable<Uint8Array>) {
        this.#read += piece.length;
        await into.push(piece);
        if (signal?.aborted) return;
      }
      await into.finish();
    } catch (error) {
      if (signal?.aborted) return;
      throw error instanceof DecompressionError ? stream.fault(error.message) : error;
    }
  }

  /** An error of the operating system in the user's words; others pass. */
  #explain(error: unknown): unknown {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const what = typeof code === 'string' ? SYSTEM_ERRORS[code] : undefined;
    if (what === undefined) return error;
    return new CaptureError(this.#origin.name, 0, this.#read, what);
  }
}

/** What comes in from a stream, on its way to the reader: decompressed if it begins so. */
class Feed {
  readonly #stream: CaptureStream;
  #head: Uint8Array | undefined = new Uint8Array(0); // until there is enough to tell
  #decompressor: Decompressor | undefined;
  readonly #signal: AbortSignal | undefined;

  constructor(stream: CaptureStream, signal: AbortSignal | undefined) {
    this.#stream = stream;
    this.#signal = signal;
  }

  async push(piece: Uint8Array): Promise<void> {
    let octets = piece;
    if (this.#head !== undefined) {
      octets = joined(this.#head, piece);
      if (octets.length < MAGIC_OCTETS) {
        this.#head = octets;
        return;
      }
      await this.#begin(octets);
    } else if (this.#decompressor) await this.#decompressor.push(piece);
    else this.#stream.push(piece);
  }

  async finish(): Promise<void> {
    if (this.#head !== undefined) await this.#begin(this.#head);
    await this.#decompressor?.finish();
    this.#stream.finish();
  }

  async #begin(octets: Uint8Array): Promise<void> {
    this.#head = undefined;
    const out: Decompressed = (decompressed) => {
      this.#signal?.throwIfAborted(); // a small piece may decompress to very much
      this.#stream.push(decompressed);
    };
    const format = detectFormat(octets, 0, octets.length);
    if (format === CaptureFormat.Gzip) this.#decompressor = new Gunzip(out);
    if (format === CaptureFormat.Zstd) this.#decompressor = new Unzstd(out);
    if (this.#decompressor) await this.#decompressor.push(octets);
    else this.#stream.push(octets);
  }
}

function isCompressed(fd: number): boolean {
  const head = new Uint8Array(MAGIC_OCTETS);
  const format = detectFormat(head, 0, readSync(fd, head, 0, MAGIC_OCTETS, 0));
  return format === CaptureFormat.Gzip || format === CaptureFormat.Zstd;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

const SYSTEM_ERRORS: Record<string, string> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied: this file may not be read by this user',
  EISDIR: 'this is a directory; name the capture files in it',
  EIO: 'the disk or network share could not be read',
  EMFILE: 'too many files are open',
};
