/** SHA-1 of octets as they come: what SDP announces of a file (RFC 5547 §6), not for security. */
import { createHash } from 'node:crypto';

export class Sha1Stream {
  readonly #hash = createHash('sha1');

  write(octets: Uint8Array): this {
    this.#hash.update(octets);
    return this;
  }

  /** Lower-case hex; call once. */
  hex(): string {
    return this.#hash.digest('hex');
  }
}
