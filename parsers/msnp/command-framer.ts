/**
 * Cuts one direction into commands: a line, and where its last parameter counts one, a payload.
 *
 * A command that lies in one push is passed on as a view of the caller's octets; only one that is cut
 * is copied, at most LINE_LIMIT + PAYLOAD_LIMIT octets. After a gap, a line that is no command, or the
 * middle of a stream, lines are passed over until one is beyond doubt a command of this direction.
 */
import { find } from '../../src/bytes/find.ts';
import { OctetHold } from '../framing/octet-hold.ts';
import { Anomaly } from './anomalies.ts';
import { MsnpCommand } from './command.ts';
import { LINE_LIMIT, PAYLOAD_LIMIT } from './msnp-limits.ts';
import { payloadLength } from './payload-length.ts';
import { commandWithin, isPlausible } from './plausible.ts';

export interface CommandListener {
  /**
   * The command stands at [from, to) of the stream, its first octet at command.start of its buffer. A
   * payload that is too large is not there, and passed over: `unread` is its length; -1 where there must be one
   * and nobody can say where it ends.
   */
  command(command: MsnpCommand, from: number, to: number, unread: number): void;
  /** Something that is no command begins at stream offset `from`. */
  odd(name: Anomaly, from: number): void;
}

const LF = 0x0a;
const CR = 0x0d;

export class CommandFramer {
  readonly #toServer: boolean;
  readonly #command = new MsnpCommand();
  readonly #hold = new OctetHold();
  /** In search of a command. */
  #searching: boolean;
  #skippingLine = false;
  /** Octets of a payload that are passed over. */
  #skip = 0;
  /** Octets of the command under way, once its line is read; 0 before. */
  #need = 0;
  #lineLength = 0;
  #offset = 0; // stream offset of the next octet
  #from = 0; // stream offset of the command under way

  /** `midstream`: the first octets may be the middle of a command. */
  constructor(toServer: boolean, midstream: boolean) {
    this.#toServer = toServer;
    this.#searching = midstream;
  }

  /** Memory in use now, octets. */
  get held(): number {
    return this.#hold.size;
  }

  get offset(): number {
    return this.#offset;
  }

  /** Stream offset of the unfinished command's first octet; -1 between commands and while skipping. */
  get pending(): number {
    return this.#hold.used > 0 ? this.#from : -1;
  }

  push(octets: Uint8Array, to: CommandListener): void {
    const base = this.#offset;
    let at = 0;
    while (at < octets.length) {
      if (this.#skip > 0) {
        const passed = Math.min(this.#skip, octets.length - at);
        this.#skip -= passed;
        at += passed;
      } else if (this.#need > 0) at = this.#payload(octets, at, to);
      else at = this.#line(octets, at, base, to);
    }
    this.#offset = base + octets.length;
    this.#command.clear();
  }

  /** `octets` are missing; 0: nobody knows how many. */
  gap(octets: number): void {
    this.#offset += octets;
    if (octets > 0 && this.#skip > octets) {
      this.#skip -= octets;
      return;
    }
    this.#hold.release();
    this.#skip = 0;
    this.#need = 0;
    this.#skippingLine = false;
    this.#searching = true;
  }

  #line(octets: Uint8Array, at: number, base: number, to: CommandListener): number {
    const found = find(octets, LF, at, octets.length);
    const end = found === -1 ? octets.length : found + 1;
    const hold = this.#hold;
    if (hold.used === 0 && !this.#skippingLine) this.#from = base + at;
    if (!this.#skippingLine && hold.used + end - at > LINE_LIMIT) {
      hold.release();
      this.#skippingLine = true;
      if (!this.#searching) to.odd(Anomaly.LineTooLong, this.#from);
      this.#searching = true;
    }
    if (this.#skippingLine) {
      if (found !== -1) this.#skippingLine = false;
      return end;
    }
    if (found === -1) {
      hold.append(octets, at, end);
      return end;
    }
    if (hold.used === 0) return this.#lineDone(octets, at, end, octets.length, to);
    hold.append(octets, at, end);
    this.#lineDone(hold.buffer, 0, hold.used, 0, to);
    return end;
  }

  /**
   * The line is buffer[start, stop), its LF included; octets up to `there` follow it in the same
   * buffer, where it is the caller's (0: the buffer is the hold). Where reading goes on.
   */
  #lineDone(
    buffer: Uint8Array,
    start: number,
    stop: number,
    there: number,
    to: CommandListener,
  ): number {
    const command = this.#command;
    const inHold = there === 0;
    const lineEnd = stop - 2 >= start && buffer[stop - 2] === CR ? stop - 2 : stop - 1;
    if (lineEnd === start) {
      // Empty lines count for nothing: the neutral form of nothing, and what robots send.
      if (inHold) this.#hold.release();
      return stop;
    }
    const begin = this.#begin(buffer, start, lineEnd);
    if (begin === -1) {
      if (inHold) this.#hold.release();
      if (!this.#searching) to.odd(Anomaly.BadCommand, this.#from);
      this.#searching = true;
      return stop;
    }
    this.#from += begin - start;
    this.#searching = false;
    if (lineEnd === stop - 1) to.odd(Anomaly.LoneLf, this.#from);
    const length = payloadLength(command, this.#toServer);
    command.payloadStart = command.end = stop;
    if (length < 0) {
      this.#searching = true;
      if (inHold) this.#hold.release();
      to.command(command, this.#from, this.#from + stop - begin, -1);
      return stop;
    }
    if (length > PAYLOAD_LIMIT) {
      this.#skip = length;
      if (inHold) this.#hold.release();
      to.command(command, this.#from, this.#from + stop - begin + length, length);
      // What the caller has of it is passed over by push().
      return stop;
    }
    if (inHold ? length === 0 : there - stop >= length) {
      command.end = stop + length;
      if (inHold) this.#hold.release();
      to.command(command, this.#from, this.#from + command.end - begin, 0);
      return command.end;
    }
    if (inHold && begin > start) this.#hold.release();
    if (!inHold || begin > start) this.#hold.append(buffer, begin, stop);
    this.#lineLength = stop - begin;
    this.#need = this.#lineLength + length;
    return stop;
  }

  /** Where in the line the command begins; -1 where there is none. */
  #begin(buffer: Uint8Array, start: number, end: number): number {
    const command = this.#command;
    const isCommand = command.read(buffer, start, end);
    if (!this.#searching) return isCommand ? start : -1;
    if (isCommand && isPlausible(command, this.#toServer)) return start;
    return commandWithin(command, buffer, start, end, this.#toServer);
  }

  #payload(octets: Uint8Array, at: number, to: CommandListener): number {
    const hold = this.#hold;
    const end = Math.min(octets.length, at + this.#need - hold.used);
    hold.append(octets, at, end);
    if (hold.used < this.#need) return end;
    const { buffer, used } = hold;
    const stop = this.#lineLength;
    this.#need = 0;
    hold.release();
    const command = this.#command;
    command.read(buffer, 0, buffer[stop - 2] === CR ? stop - 2 : stop - 1);
    command.payloadStart = stop;
    command.end = used;
    to.command(command, this.#from, this.#from + used, 0);
    return end;
  }
}
