/** What decoding came to, counted since the decoder was made. */
export class DecodeCounters {
  /** Frames by what they came to; indexed by Decoded. */
  readonly outcomes: Float64Array = new Float64Array(9);
  /** Fragments seen, whatever became of them. */
  fragments = 0;
  /** Datagrams that all fragments came of. */
  datagrams = 0;
  /** Datagrams given up after Limits.fragmentTimeout. */
  fragmentTimeouts = 0;
  /** Datagrams given up for Limits.fragmentedDatagrams. */
  fragmentedDatagramsRefused = 0;
  /** Datagrams given up for Limits.fragmentOctets. */
  fragmentOctetsRefused = 0;
  /** Fragments that repeat octets: all the same, or cut otherwise. */
  fragmentOverlaps = 0;
  /** Anomaly: fragments that contradict others of their datagram: other octets, or another end. */
  fragmentConflicts = 0;
  /** Anomaly: fragments that reach beyond the largest datagram ("ping of death"). */
  fragmentsOversize = 0;
  /** Anomaly: fragments without octets, or whose length is no multiple of 8 where it must be. */
  fragmentsMalformed = 0;
  /** Fragments cut by the snap length, which cannot be put together. */
  fragmentsTruncated = 0;
}
