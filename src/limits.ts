/**
 * Every limit of the engine: name, unit, reason. What a limit refuses is counted under its name.
 * Total memory follows from these: docs/limits.md has the formula.
 */
export interface Limits {
  /** Flows in the table; the least recently used flow that is not IM goes first. */
  readonly flows: number;
  /** Octets of out-of-order segments kept per direction of one flow. */
  readonly reassemblyPerDirection: number;
  /** Octets of out-of-order segments kept in all flows together. */
  readonly reassemblyTotal: number;
  /** Datagrams under defragmentation at a time. */
  readonly fragmentedDatagrams: number;
  /** Octets of fragments kept in all. */
  readonly fragmentOctets: number;
  /** Seconds a datagram waits for its missing fragments (RFC 8200 §4.5 says 60). */
  readonly fragmentTimeout: number;
  /** Octets per direction that identification may look at before a flow is let go. */
  readonly identificationOctets: number;
  /** Datagrams of a UDP flow, both directions together, that are looked at before it is let go. */
  readonly identificationDatagrams: number;
  /** Flows whose first octets are kept while a probe wants more. */
  readonly identificationFlows: number;
  /** Expected connections announced and not yet opened. */
  readonly expectedConnections: number;
  /** Seconds an expected connection is waited for. */
  readonly expectedTimeout: number;
  /** Entries of the memory that parsers share across flows. */
  readonly sharedMemoryEntries: number;
  /** Flows that are read at a time (a parser each). */
  readonly sessions: number;
  /** Flows whose service is looked for at a time; the oldest is not waited for. */
  readonly recognisers: number;
  /** Flows of known services that are not read, kept to tell their end; of the oldest it is told at once. */
  readonly recognisedFlows: number;
  /** Octets all parsers together may hold; the flow that goes beyond is not read on. */
  readonly parserOctets: number;
  /**
   * Inline: octets per direction that were forwarded and are not acknowledged, kept so that a retransmission
   * goes out as the first copy did; a power of two. A sender that is farther ahead is slowed down.
   */
  readonly retainedPerDirection: number;
  /** The same in all; the flow that goes beyond is not read on. */
  readonly retainedTotal: number;
  /** Inline: octets of packets held until what they carry is decided, in all; beyond, they pass undecided. */
  readonly heldTotal: number;
  /** Inline: octets of segments ahead of a hole kept per direction of one flow; beyond, they are dropped. */
  readonly asidePerDirection: number;
  /** The same in all. */
  readonly asideTotal: number;
  /** Addresses remembered as answers for names of the catalogue. */
  readonly nameHints: number;
  /** Server addresses remembered of refused services, where rules say `learn`. */
  readonly learnedAddresses: number;
  /** Nested tunnel headers decoded in one packet, and proxies' tunnels followed in one stream. */
  readonly tunnelDepth: number;
}

export const DEFAULT_LIMITS: Limits = {
  flows: 1 << 20,
  reassemblyPerDirection: 1 << 20,
  reassemblyTotal: 256 << 20,
  fragmentedDatagrams: 4096,
  fragmentOctets: 16 << 20,
  fragmentTimeout: 60,
  identificationOctets: 8192,
  identificationDatagrams: 4,
  identificationFlows: 16384,
  expectedConnections: 65536,
  expectedTimeout: 300,
  sharedMemoryEntries: 65536,
  sessions: 65536,
  recognisers: 16384,
  recognisedFlows: 65536,
  parserOctets: 512 << 20,
  retainedPerDirection: 1 << 20,
  retainedTotal: 128 << 20,
  heldTotal: 64 << 20,
  asidePerDirection: 1 << 20,
  asideTotal: 64 << 20,
  nameHints: 16384,
  learnedAddresses: 16384,
  tunnelDepth: 8,
};
