/** gzip (RFC 1952), several members one after another as `cat a.gz b.gz` makes them; by node:zlib. */
import { createGunzip } from 'node:zlib';
import { type Decompressed, DecompressionError, type Decompressor } from './decompressor.ts';

/** Octets that come out at a time. */
const CHUNK = 256 * 1024;

export class Gunzip implements Decompressor {
  readonly #zlib = createGunzip({ chunkSize: CHUNK });
  #fault: unknown;
  #ended = false;
  #settle: () => void = () => {};

  constructor(out: Decompressed) {
    this.#zlib.on('data', (octets: Uint8Array) => {
      if (this.#fault !== undefined) return;
      try {
        out(octets);
      } catch (error) {
        this.#fail(error);
      }
    });
    this.#zlib.on('error', (error) => this.#fail(explained(error)));
    // Also before `finish`: what follows the last member and is no gzip is left unread.
    this.#zlib.on('end', () => {
      this.#ended = true;
      this.#settle();
    });
  }

  push(piece: Uint8Array): Promise<void> {
    return this.#settled((done) => this.#zlib.write(piece, done));
  }

  finish(): Promise<void> {
    return this.#settled(() => this.#zlib.end()); // settled by 'end'
  }

  #settled(act: (done: () => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#settle = () => {
        if (this.#fault !== undefined) reject(this.#fault);
        else resolve();
      };
      if (this.#ended || this.#fault !== undefined) this.#settle();
      else act(this.#settle);
    });
  }

  #fail(fault: unknown): void {
    this.#fault ??= fault;
    this.#zlib.destroy();
    this.#settle();
  }
}

function explained(error: Error): DecompressionError {
  const cut = 'code' in error && error.code === 'Z_BUF_ERROR';
  return new DecompressionError(
    cut
      ? 'the gzip data is cut off; everything before was read'
      : `the gzip data is corrupt (${error.message}); the packets before were read`,
  );
}
