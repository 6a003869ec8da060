/** What a bridge did, in plain numbers: counted since its start, but for what is held now. */
export interface BridgeCounts {
  /** Packets that went on, and those of them with other octets than they came with. */
  forwarded: number;
  rewritten: number;
  /** Packets held back until a message was whole, and for how long all together. */
  heldPackets: number;
  holdMicroseconds: number;
  /** Packets that went on undecided when they could be held no longer. */
  releasedLate: number;
  /** Messages made neutral, and texts masked. */
  neutralised: number;
  masked: number;
  /** Packets (datagrams, packets of refused connections) that a verdict stopped. */
  droppedByVerdict: number;
  /** Segments kept aside ahead of a hole; those for which there was no room, or that lay nowhere near. */
  keptAside: number;
  droppedOutOfOrder: number;
  /** Acknowledgements of segments aside, sent to their senders. */
  toldAside: number;
  /** Segments that contradict the connection: after its end, or a second end. */
  droppedContradicting: number;
  /** Fragments that were never whole and that the policy does not let pass, or for which there was no room. */
  droppedFragments: number;
  /** Segments beyond what may be unacknowledged, and retransmissions of what is held. */
  droppedAhead: number;
  droppedRetransmissions: number;
  /** Retransmissions, urgent pointers and SYNs with data that went on as the parser read them. */
  normalised: number;
  /** Segments with a wrong checksum: they went on, and were not read. */
  badChecksums: number;
  /** RSTs sent. */
  resets: number;
  /** Connections refused because of a verdict, and of those the ones that refused offers announced. */
  refusedFlows: number;
  refusedConnections: number;
  /** Octets that went another way than past us. */
  passedBy: number;
  /** Flows not read on for want of memory. */
  memoryRefused: number;
  /** Faults of a parser, the rules or the bridge itself: their flows are not read on, or refused. */
  failures: number;
}

export function bridgeCounts(): BridgeCounts {
  return {
    forwarded: 0,
    rewritten: 0,
    heldPackets: 0,
    holdMicroseconds: 0,
    releasedLate: 0,
    neutralised: 0,
    masked: 0,
    droppedByVerdict: 0,
    droppedFragments: 0,
    keptAside: 0,
    toldAside: 0,
    droppedOutOfOrder: 0,
    droppedContradicting: 0,
    droppedAhead: 0,
    droppedRetransmissions: 0,
    normalised: 0,
    badChecksums: 0,
    resets: 0,
    refusedFlows: 0,
    refusedConnections: 0,
    passedBy: 0,
    memoryRefused: 0,
    failures: 0,
  };
}
