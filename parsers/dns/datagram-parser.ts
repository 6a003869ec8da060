/** DNS over UDP: each datagram a message. What is none is looked at as the first of a new flow. */
import {
  ANY_PROTOCOL,
  Direction,
  type FlowParser,
  type ParserSink,
  Status,
  type Unit,
} from '../contract.ts';
import { isMessage } from './form.ts';
import { DnsLookups } from './lookups.ts';

export class DnsDatagramParser implements FlowParser {
  readonly #lookups = new DnsLookups();
  readonly #offsets: [number, number] = [0, 0];
  readonly #unit: Unit = {
    direction: Direction.ToServer,
    start: 0,
    end: 0,
    textStart: -1,
    textEnd: -1,
    head: 0,
    form: 0,
  };

  push(direction: Direction, octets: Uint8Array, sink: ParserSink): Status {
    const unit = this.#unit;
    unit.direction = direction;
    unit.start = this.#offsets[direction];
    unit.end = unit.start + octets.length;
    this.#offsets[direction] = unit.end;
    if (octets.length === 0) return Status.More;
    if (isMessage(octets)) {
      this.#lookups.message(direction, octets, unit, sink);
      // Nearly each lookup has a flow of its own, which stays for minutes: its session need not.
      return this.#lookups.isIdle ? Status.Done : Status.More;
    }
    const toServer = direction === Direction.ToServer;
    sink.handOver(
      ANY_PROTOCOL,
      'after DNS',
      toServer ? octets : undefined,
      toServer ? undefined : octets,
    );
    return Status.HandOver;
  }

  gap(direction: Direction, octets: number): Status {
    this.#offsets[direction] += octets;
    return Status.More;
  }

  end(): void {}

  holdFrom(): number {
    return -1;
  }

  held(): number {
    return this.#lookups.held();
  }
}
