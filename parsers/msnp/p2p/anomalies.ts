/** Odd input that the P2P readers name: counted, shown and matched by rules under these names. */
export const P2pAnomaly = {
  /** Shorter than its header and footer, or lengths in it that do not fit it. */
  Malformed: 'p2p-malformed',
  /** The header's length field is not the length of the data. */
  LengthMismatch: 'p2p-length-mismatch',
  /** Data beyond the total of its message: left out. */
  BeyondTotal: 'p2p-beyond-total',
  /** The total of a message changed between its parts, or is beyond 2^53. */
  BadTotal: 'p2p-bad-total',
  /** Data for a place that had some: the first copy counts. */
  Overlap: 'p2p-overlap',
  /** Parts out of order (put in order). */
  OutOfOrder: 'p2p-out-of-order',
  /** Octets of a file are missing: no hash. */
  Hole: 'p2p-hole',
  /** A file of another size than was offered. */
  SizeMismatch: 'p2p-size-mismatch',
  /** Data in a packet whose flags say it has none. */
  DataInControl: 'p2p-data-in-control',
  /** More at a time than is remembered: the oldest is forgotten. */
  TableFull: 'p2p-table-full',
  /** Text with session 0 that is not MSNSLP. */
  SlpMalformed: 'slp-malformed',
  /** An MSNSLP text beyond what is kept: its beginning is read. */
  SlpTooLong: 'slp-too-long',
  /** Fields that say what is offered are there more than once: the first counts. */
  SlpRepeated: 'slp-repeated-field',
  /** `From` is not who sent it. */
  SlpForeignSender: 'slp-foreign-sender',
  /** Somebody who has no part in a dialog speaks in it: ignored. */
  SlpStranger: 'slp-stranger',
  /** A file offer whose context cannot be read. */
  BadContext: 'p2p-bad-context',
  /** An address or port of a direct connection that is none. */
  BadEndpoint: 'p2p-bad-endpoint',
  /** Header names of a transport answer spelt backwards. */
  ReversedNames: 'p2p-reversed-names',
} as const;
export type P2pAnomaly = (typeof P2pAnomaly)[keyof typeof P2pAnomaly];
