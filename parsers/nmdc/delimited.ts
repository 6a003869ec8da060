/**
 * Cuts commands that end in one octet (`|` in NMDC, LF in ADC), one a call: after any of them the
 * stream may turn into content or compression, which is not for this framer.
 *
 * A command inside one push is passed on as a view of the caller's octets; one cut by a segment
 * boundary is copied, into at most `limit` octets. Octets that come out of compression have no place
 * in the stream: they are pushed with offset -1, and a command with any of them stands at -1.
 */
import { OctetHold } from '../framing/octet-hold.ts';

export interface CommandListener {
  /**
   * `buffer[start, end)` is one command without its end, valid only during the call; with its end it
   * is [from, to) of the stream, or -1 where it was compressed.
   */
  command(buffer: Uint8Array, start: number, end: number, from: number, to: number): void;
  /** The beginning of one that is longer than the limit; the rest of it is skipped. */
  beginning(buffer: Uint8Array, start: number, end: number, from: number): void;
}

export class DelimitedFramer {
  readonly #delimiter: number;
  readonly #limit: number;
  readonly #hold = new OctetHold();
  /** Stream offset of the command under way. */
  #from = 0;
  #skipping = false;

  /** `limit`: octets of the longest command kept. */
  constructor(delimiter: number, limit: number) {
    this.#delimiter = delimiter;
    this.#limit = limit;
  }

  /** Stream offset of the unfinished command's first octet; -1 between commands, inside compression. */
  get pending(): number {
    return this.#hold.used > 0 ? this.#from : -1;
  }

  /** Memory in use, octets. */
  get held(): number {
    return this.#hold.size;
  }

  /** Whether nothing of a command is under way. */
  get between(): boolean {
    return this.#hold.used === 0 && !this.#skipping;
  }

  /**
   * Reads from octets[at], which is stream octet `offset`, to the end of one command, and says it.
   * Returns where reading goes on.
   */
  read(octets: Uint8Array, at: number, offset: number, to: CommandListener): number {
    const hold = this.#hold;
    const found = octets.indexOf(this.#delimiter, at);
    const end = found === -1 ? octets.length : found;
    if (hold.used === 0) this.#from = offset;
    else if (offset === -1) this.#from = -1;
    if (!this.#skipping && hold.used + end - at > this.#limit) {
      this.#skipping = true;
      hold.append(octets, at, at + this.#limit - hold.used);
      const { buffer, used } = hold;
      hold.release();
      to.beginning(buffer, 0, used, this.#from);
    }
    if (found === -1) {
      if (!this.#skipping) hold.append(octets, at, end);
      return end;
    }
    const next = found + 1;
    if (this.#skipping) {
      this.#skipping = false;
      return next;
    }
    const from = offset === -1 ? -1 : this.#from;
    const last = from === -1 ? -1 : offset + next - at;
    if (hold.used === 0) to.command(octets, at, end, from, last);
    else {
      hold.append(octets, at, end);
      const { buffer, used } = hold;
      hold.release();
      to.command(buffer, 0, used, from, last);
    }
    return next;
  }

  /** Forgets what is unfinished; what comes up to the next delimiter is skipped. */
  skip(): void {
    this.#hold.release();
    this.#skipping = true;
  }

  /** Forgets what is unfinished; a command may begin at once. */
  reset(): void {
    this.#hold.release();
    this.#skipping = false;
  }
}
