/**
 * STUN and TURN over TCP: messages and channel data one after the other (RFC 8656 §12.4, data padded to four octets),
 * or each with its length before it (RFC 4571, as ICE over TCP has it).
 */
import { u16be } from '../../src/bytes/read.ts';
import {
  type Direction,
  type FlowContext,
  type FlowParser,
  type ParserSink,
  Status,
} from '../contract.ts';
import { OctetHold } from '../framing/octet-hold.ts';
import { StunCall } from './call.ts';
import { COOKIE, STUN_HEADER } from './message.ts';

/** Octets of the longest message or channel data that is waited for. */
const MESSAGE_LIMIT = 4096;
const HELD = 512; // octets: the objects of one flow

export class StunStreamParser implements FlowParser {
  readonly #call: StunCall;
  readonly #holds = [new OctetHold(), new OctetHold()] as const;
  /** Octets before each message that are its length; undefined until the first octets tell. */
  #prefix: number | undefined = undefined;

  constructor(context: FlowContext) {
    this.#call = new StunCall(context);
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    const hold = this.#holds[direction];
    hold.append(octets, 0, octets.length);
    let at = 0;
    let status: Status = Status.More;
    while (status === Status.More) {
      const length = this.#measure(hold.buffer, at, hold.used);
      if (length < 0 || length > MESSAGE_LIMIT) status = Status.Done;
      else if (length === 0 || at + length > hold.used) break;
      else {
        const from = at + (this.#prefix ?? 0);
        const message = hold.buffer.subarray(from, at + length);
        status = this.#call.message(direction, message, sink) ?? this.#call.count(sink);
        at += length;
      }
    }
    if (status !== Status.More) this.#release();
    else hold.drop(at);
    return status;
  }

  /** Where messages begin is no longer known. */
  gap(_direction: Direction, _octets: number, sink: ParserSink): Status {
    this.#call.ask(sink);
    this.#release();
    return Status.Done;
  }

  end(_direction: Direction, sink: ParserSink): void {
    this.#call.ask(sink);
  }

  holdFrom(): number {
    return -1;
  }

  held(): number {
    return HELD + this.#holds[0].size + this.#holds[1].size;
  }

  /** Octets of what stands at `at`; 0: too few to tell; -1: nothing of STUN. */
  #measure(buffer: Uint8Array, at: number, end: number): number {
    if (end - at < 10) return 0;
    this.#prefix ??= u16be(buffer, at + 4) === COOKIE >>> 16 ? 0 : 2;
    if (this.#prefix === 2) return 2 + u16be(buffer, at);
    const first = buffer[at] ?? 0;
    const length = u16be(buffer, at + 2);
    if (first < 0x40) return STUN_HEADER + length;
    return first < 0x80 ? 4 + ((length + 3) & ~3) : -1;
  }

  #release(): void {
    this.#holds[0].release();
    this.#holds[1].release();
  }
}
