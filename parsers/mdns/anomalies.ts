/** Odd input that the parser of multicast DNS names. */
export const MdnsAnomaly = {
  /** A datagram that is no DNS message, or ends inside a record. */
  Malformed: 'mdns-malformed',
  /** More records in a datagram than are read. */
  TooManyRecords: 'mdns-too-many-records',
} as const;
