/** What became of the packets of one netfilter queue, since it was opened. */
export interface QueueCounters {
  /** Packets that were judged, and their octets. */
  readonly packets: number;
  readonly octets: number;
  readonly accepted: number;
  /** Of the accepted: with other octets. */
  readonly changed: number;
  /** Of the accepted: with the mark, so that the rest of the connection does not come here. */
  readonly marked: number;
  readonly dropped: number;
  /** Of the dropped: kept for the judge until nobody sent them. */
  readonly keptTooLong: number;
  /** Dropped because they would have gone on changed or later, and the kernel had handed over only a part. */
  readonly cut: number;
  /** Waiting without a verdict because the judge keeps them. */
  readonly kept: number;
  /** Packets of our own, and those that could not be sent. */
  readonly injected: number;
  readonly injectErrors: number;
  /** Packets for which the socket had no room: passed unread or dropped, as the queue was told. */
  readonly missed: number;
  /** Verdicts that the kernel did not take: the packet was gone (its interface went down). */
  readonly verdictErrors: number;
  /** Messages that were none: never seen. */
  readonly malformed: number;
  /** By the kernel, since the queue was full; passed packets are not counted. */
  readonly droppedFull: number;
  /** By the kernel, since the socket had no room. */
  readonly droppedUnread: number;
  /** In the kernel, not judged yet. */
  readonly waiting: number;
  /** `waiting` of the most that may wait, 0 to 1. */
  readonly fill: number;
}
