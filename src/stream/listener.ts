/** What the flow and stream layers tell the inspection above them. Flows are table slots. */
import type { GapCause } from '../event/event.ts';

/** 0 to server, 1 to client: the same numbers as the parser contract's Direction. */
export type FlowDirection = 0 | 1;

export type EndCause = 'fin' | 'reset' | 'timeout' | 'evicted' | 'reused' | 'capture-end';

export interface StreamListener {
  /**
   * The first packet of a flow; its payload, if any, follows as data. The disposition is Undecided.
   */
  opened(slot: number): void;
  /** In-order octets of one direction, each once; buffer[start, end) is lent for the call. */
  data(
    slot: number,
    direction: FlowDirection,
    buffer: Uint8Array,
    start: number,
    end: number,
  ): void;
  /** Octets that will never come (TCP) between the last data and the next. */
  gap(slot: number, direction: FlowDirection, octets: number, cause: GapCause): void;
  /** No more octets in this direction. At most once a direction, before closed. */
  ended(slot: number, direction: FlowDirection, cause: EndCause): void;
  /** The flow leaves the table: its slot may be reused after the call. */
  closed(slot: number, cause: EndCause): void;
  /** Odd TCP: 'conflicting-overlap', 'reset-out-of-window', … named, counted. */
  anomaly(slot: number, direction: FlowDirection, name: string): void;
}
