/** Odd input that the parser of DNS names. */
export const DnsAnomaly = {
  /** A message that ends inside a record, or a name that loops or never ends. */
  Malformed: 'dns-malformed',
  /** An answer to nothing that was asked in its flow: forged, or asked on a way that was not seen. */
  Unasked: 'dns-unasked-answer',
  /** More records in an answer than are read. */
  TooManyRecords: 'dns-too-many-records',
  /** The name's servers offer to encrypt the name in TLS handshakes (HTTPS record with `ech`). */
  EchOffered: 'dns-ech-offered',
} as const;
