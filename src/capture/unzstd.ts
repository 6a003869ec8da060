/** zstd (RFC 8878), several frames one after another and skippable frames; by fzstd, a frame at a time. */
import { Decompress } from 'fzstd';
import { type Decompressed, DecompressionError, type Decompressor } from './decompressor.ts';
import { ZstdFrames } from './zstd-frames.ts';

const NOTHING = new Uint8Array(0);

export class Unzstd implements Decompressor {
  readonly #frames: ZstdFrames;
  #fault: unknown;

  constructor(out: Decompressed) {
    // Errors of `out` pass through the library and must not be taken for its own.
    const hand: Decompressed = (octets) => {
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
      this.#frames.push(piece);
    } catch (error) {
      if (this.#fault !== undefined) throw this.#fault;
      const what = error instanceof Error ? error.message : String(error);
      throw new DecompressionError(
        `the zstd data is corrupt (${what}); everything before was read`,
      );
    }
  }

  async finish(): Promise<void> {
    if (this.#frames.inside) {
      throw new DecompressionError('the zstd data is cut off; everything before was read');
    }
  }
}
