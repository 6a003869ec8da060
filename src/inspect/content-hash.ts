/** Follows one transfer's content: SHA-256, nothing kept. */
import { createHash } from 'node:crypto';
import type { ContentFollower } from '../../parsers/contract.ts';

export class ContentHash implements ContentFollower {
  readonly #hash = createHash('sha256');

  write(octets: Uint8Array): void {
    this.#hash.update(octets);
  }

  finish(): string {
    return this.#hash.digest('hex');
  }

  discard(): void {}
}
