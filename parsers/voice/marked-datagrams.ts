/**
 * A UDP protocol that is told by marks of its datagrams, and of which nothing else is read: the rest is encrypted.
 *
 * A protocol's `Look` sees each datagram until it has facts. Some are certain at the first, others wait for the answer
 * to a question that others could ask too. A datagram that is none of the protocol's is looked at as the first of a new
 * flow: nobody hides what he says behind a forged beginning.
 */
import {
  ANY_PROTOCOL,
  Direction,
  type FlowFacts,
  type FlowParser,
  type ParserSink,
  Status,
} from '../contract.ts';

/** Something of the protocol, or that may be: more is needed. */
export const WAIT = 0;
/** Not of the protocol. */
export const OTHER = 1;

export type Look = (
  direction: Direction,
  octets: Uint8Array,
) => FlowFacts | typeof WAIT | typeof OTHER;

/** Datagrams of a flow that are looked at. */
const DATAGRAMS_LIMIT = 16;
const HELD = 256; // octets: the objects of one flow

export class MarkedDatagrams implements FlowParser {
  readonly #look: Look;
  #seen = 0;

  constructor(look: Look) {
    this.#look = look;
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    if (octets.length === 0) return Status.More;
    const found = this.#look(direction, octets);
    if (found === WAIT) return ++this.#seen < DATAGRAMS_LIMIT ? Status.More : Status.Done;
    if (found !== OTHER) {
      sink.identify(found);
      return Status.Done;
    }
    const toServer = direction === Direction.ToServer;
    sink.handOver(
      ANY_PROTOCOL,
      'after other datagrams',
      toServer ? octets : undefined,
      toServer ? undefined : octets,
    );
    return Status.HandOver;
  }

  gap(): Status {
    return Status.More;
  }

  end(): void {}

  holdFrom(): number {
    return -1;
  }

  held(): number {
    return HELD;
  }
}
