/** SHA-1 of octets as they come: what SDP announces of a file (RFC 5547 §6), not for security. */
import { createHash, type Hash } from 'node:crypto';

export class Sha1Stream {
  /** Made when there is something to hash: most announcements never come to that. */
  #hash: Hash | undefined = undefined;

  write(octets: Uint8Array): this {
    this.#hash ??= createHash('sha1');
    this.#hash.update(octets);
    return this;
  }

  /** Lower-case hex; call once. */
  hex(): string {
    return (this.#hash ?? createHash('sha1')).digest('hex');
  }
}
