/** The wrapper in front of a file inside `message/cpim`: two header blocks, each ended by an empty line. */
import { CPIM_HEAD_LIMIT } from './msrp-limits.ts';

const LF = 0x0a;
const CR = 0x0d;
const BLOCKS = 2;
const NOTHING = new Uint8Array(0);

export class CpimSkip {
  #blocks = 0;
  #skipped = 0;
  /** The line under way has no octet yet. */
  #empty = true;

  readonly held = 64;

  /** What of the octets belongs to the file. */
  take(octets: Uint8Array): Uint8Array {
    if (this.#blocks >= BLOCKS) return octets;
    for (let i = 0; i < octets.length; i++) {
      const octet = octets[i];
      this.#skipped += 1;
      if (octet === LF) {
        if (this.#empty) this.#blocks += 1;
        this.#empty = true;
      } else if (octet !== CR) this.#empty = false;
      // A wrapper without end is none: what follows counts as the file.
      if (this.#skipped >= CPIM_HEAD_LIMIT) this.#blocks = BLOCKS;
      if (this.#blocks >= BLOCKS) return octets.subarray(i + 1);
    }
    return NOTHING;
  }
}
