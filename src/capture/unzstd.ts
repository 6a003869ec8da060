/** zstd (RFC 8878), several frames one after another and skippable frames; by fzstd, a frame at a time. */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { Decompress } from 'fzstd';
import { type Decompressed, DecompressionError, type Decompressor } from './decompressor.ts';
import { ZstdFrames } from './zstd-frames.ts';

/** Octets that may come out before the event loop gets its turn: four make 128 KiB where they repeat. */
const BURST = 4 * 1024 * 1024;

const NOTHING = new Uint8Array(0);

export class Unzstd implements Decompressor {
  readonly #frames: ZstdFrames;
  #fault: unknown;
  #burst = 0;

  constructor(out: Decompressed) {
    // Errors of `out` pass through the library and must not be taken for its own.
    const hand: Decompressed = (octets) => {
      this.#burst += octets.length;
      try {
        out(octets);
      } catch (error) {
        this.#fault = error;
        throw error;
      }
    };
    let open: Decompress | undefined;
    this.#frames = new ZstdFrames({
      octets(octets) {
        open ??= new Decompress(hand);
        open.push(octets);
      },
      frameEnd() {
        open?.push(NOTHING, true);
        open = undefined;
      },
    });
  }

  async push(piece: Uint8Array): Promise<void> {
    try {
      for (let at = 0; at < piece.length; ) {
        at = this.#frames.push(piece, at);
        if (this.#burst >= BURST) {
          this.#burst = 0;
          await yieldToEventLoop();
        }
      }
    } catch (error) {
      if (this.#fault !== undefined) throw this.#fault;
      const what = error instanceof Error ? error.message : String(error);
      throw new DecompressionError(
        `the zstd data is corrupt (${what}); the packets before were read`,
      );
    }
  }

  async finish(): Promise<void> {
    if (this.#frames.inside) {
      throw new DecompressionError('the zstd data is cut off; everything before was read');
    }
  }
}
