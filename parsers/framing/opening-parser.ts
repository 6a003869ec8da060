/**
 * For protocols whose opening says more than that it is one (a version, an account): collects the octets of each
 * direction until the opening has been read, at most `limit` of each, says what it shows, and is done.
 *
 * What is longer or not whole when its direction ends is still said, as far as it was read.
 */
import {
  Direction,
  type FlowFacts,
  type FlowParser,
  type ParserSink,
  Status,
} from '../contract.ts';
import { OctetHold } from './octet-hold.ts';

/** The opening as far as it is there: buffer[0, used). */
export interface OpeningOctets {
  readonly buffer: Uint8Array;
  readonly used: number;
}

export interface OpeningRules {
  /** Octets of a direction that are collected. */
  readonly limit: number;
  /** What both directions show. `last`: no more comes, what is there must do. */
  read(toServer: OpeningOctets, toClient: OpeningOctets, last: boolean): Opening;
}

/** Facts; or that more is needed (which is no answer where no more comes), or that it is another protocol after all. */
export type Opening = FlowFacts | 'more' | 'other';

export class OpeningParser implements FlowParser {
  readonly #rules: OpeningRules;
  readonly #holds = [new OctetHold(), new OctetHold()] as const;
  #over = false;

  constructor(rules: OpeningRules) {
    this.#rules = rules;
  }

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    if (this.#over) return Status.Done;
    const hold = this.#holds[direction];
    const room = this.#rules.limit - hold.used;
    hold.append(octets, 0, Math.min(octets.length, room));
    return this.#read(octets.length >= room, sink);
  }

  gap(_direction: Direction, _octets: number, sink: ParserSink): Status {
    return this.#read(true, sink);
  }

  end(_direction: Direction, sink: ParserSink): void {
    this.#read(true, sink);
  }

  holdFrom(direction: Direction): number {
    return this.#over || direction === Direction.ToClient || this.#holds[0].used === 0 ? -1 : 0;
  }

  held(): number {
    return this.#holds[0].size + this.#holds[1].size;
  }

  #read(last: boolean, sink: ParserSink): Status {
    if (this.#over) return Status.Done;
    const [toServer, toClient] = this.#holds;
    const opening = this.#rules.read(toServer, toClient, last);
    if (opening === 'more' && !last) return Status.More;
    this.#over = true;
    if (typeof opening === 'object') sink.identify(opening);
    toServer.release();
    toClient.release();
    return typeof opening === 'object' ? Status.Done : Status.Lost;
  }
}
