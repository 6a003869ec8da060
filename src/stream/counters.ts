/** What the stream layer refused, gave up or found odd; all since the start. */
export interface StreamCounters {
  /** Packets with a wrong checksum: not looked at. */
  badChecksums: number;
  /** Segments with nothing new. */
  retransmissions: number;
  keepAlives: number;
  outOfOrder: number;
  /** Times that segments ahead were dropped: the receiver does not have what precedes them. */
  dropped: number;
  gaps: number;
  gapOctets: number;
  /** Of the gaps: given up at Limits.reassemblyPerDirection or reassemblyTotal. */
  memoryGaps: number;
  /** Of the gaps: cut by the snap length. */
  snapGaps: number;
  anomalies: number;
}

export function streamCounters(): StreamCounters {
  return {
    badChecksums: 0,
    retransmissions: 0,
    keepAlives: 0,
    outOfOrder: 0,
    dropped: 0,
    gaps: 0,
    gapOctets: 0,
    memoryGaps: 0,
    snapGaps: 0,
    anomalies: 0,
  };
}
