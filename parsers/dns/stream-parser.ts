/** DNS over TCP: each message with its length before it (RFC 1035 §4.2.2). */
import { u16be } from '../../src/bytes/read.ts';
import {
  type Direction,
  type FlowParser,
  type ParserSink,
  Status,
  type Unit,
} from '../contract.ts';
import { HEADER } from '../framing/dns-message.ts';
import { type FrameListener, type FrameRules, LengthFramer } from '../framing/length-frames.ts';
import { DnsAnomaly } from './anomalies.ts';
import { DnsLookups } from './lookups.ts';

/** Octets before a message: its length. A refused message keeps them. */
export const PREFIX = 2;

const RULES: FrameRules = {
  limit: PREFIX + 4096, // octets of a message that are read; the rest of a longer answer is passed over
  measure(buffer, at, end) {
    if (end - at < PREFIX) return 0;
    const length = u16be(buffer, at);
    return length < HEADER ? -1 : PREFIX + length;
  },
  plausible: (buffer, at, end) =>
    end - at >= PREFIX + HEADER &&
    (u16be(buffer, at + PREFIX + 2) & 0x7840) === 0 &&
    u16be(buffer, at + PREFIX + 4) === 1,
};

export class DnsStreamParser implements FlowParser {
  readonly #lookups = new DnsLookups();
  readonly #framers: readonly [LengthFramer, LengthFramer];
  readonly #listener: FrameListener;
  readonly #unit: Unit;
  #lost = false;
  #sink: ParserSink | undefined = undefined;

  constructor(midstream: boolean) {
    this.#framers = [new LengthFramer(RULES, midstream), new LengthFramer(RULES, midstream)];
    const place = { start: 0, end: 0, textStart: -1, textEnd: -1, head: PREFIX, form: 0 };
    const unit: Unit = { direction: 0, ...place };
    this.#unit = unit;
    this.#listener = {
      frame: (buffer, start, end, from, length) => {
        if (this.#sink === undefined) return;
        unit.start = from;
        unit.end = from + length;
        const message = buffer.subarray(start + PREFIX, end);
        this.#lookups.message(unit.direction, message, unit, this.#sink);
      },
      lost: () => {
        this.#lost = true;
      },
    };
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    this.#unit.direction = direction;
    this.#sink = sink;
    this.#framers[direction].push(octets, this.#listener);
    this.#sink = undefined;
    if (this.#lost) sink.anomaly(DnsAnomaly.Malformed, direction);
    this.#lost = false;
    return Status.More;
  }

  gap(direction: Direction, octets: number): Status {
    this.#framers[direction].gap(octets);
    return Status.More;
  }

  end(): void {}

  holdFrom(direction: Direction): number {
    return this.#framers[direction].pending;
  }

  held(): number {
    return this.#lookups.held() + this.#framers[0].held + this.#framers[1].held;
  }
}
