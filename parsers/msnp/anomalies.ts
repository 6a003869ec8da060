/** Odd input that the MSNP parser names: counted, shown and matched by rules under these names. */
export const Anomaly = {
  /** A line where a command must stand and that is none: octets up to the next command are not read. */
  BadCommand: 'msnp-bad-command',
  /** A line beyond LINE_LIMIT: skipped to its LF. */
  LineTooLong: 'msnp-line-too-long',
  /** The length of a payload is missing or no decimal number. */
  BadLength: 'msnp-bad-length',
  /** A payload beyond PAYLOAD_LIMIT: passed over unread. */
  PayloadTooLarge: 'msnp-payload-too-large',
  /** A message that real switchboards do not take for its size (still read). */
  MessageTooLarge: 'msnp-message-too-large',
  /** A line that ends in LF alone. */
  LoneLf: 'msnp-lone-lf',
  /** Tabs or control characters between parameters, where the protocol has spaces. */
  OddBlank: 'msnp-odd-blank',
  /** A command in lower case, which some servers obey. */
  VerbCase: 'msnp-verb-case',
  /** A message without the empty line that ends its headers, or with lines among them that are none. */
  BadHeaders: 'msnp-bad-headers',
  /** More than one Content-Type: receivers may not agree what the message is. */
  TwoTypes: 'msnp-two-content-types',
  /** Headers that receivers do not read alike: what may be a text to some is told as one. */
  TwoReadings: 'msnp-two-readings',
  /** A text in another charset than UTF-8. */
  OddCharset: 'msnp-odd-charset',
  /** A name for the sender that the sender chose for this one message (P4-Context). */
  NameOverride: 'msnp-name-override',
  /** A typing notice in the name of somebody else than its sender. */
  TypingForOther: 'msnp-typing-for-other',
  /** A chunk without its first, twice, beyond the count, or in the middle of too many others. */
  BadChunk: 'msnp-bad-chunk',
  /** More chunks, chunked messages or octets of them than are kept. */
  ChunkLimit: 'msnp-chunk-limit',
  /** An image whose body is no base64. */
  BadBase64: 'msnp-bad-base64',
  /** More participants, contacts, groups, objects or calls than are kept or said. */
  TableFull: 'msnp-table-full',
  /** A list payload that is not the XML it must be. */
  BadXml: 'msnp-bad-xml',
  /** The HTTP gateway: a session that was not opened here, or whose thread is lost. */
  UnknownSession: 'msnp-unknown-session',
  /** The HTTP gateway: a session that holds more between two bodies than is kept; it is forgotten. */
  SessionTooLarge: 'msnp-session-too-large',
} as const;
export type Anomaly = (typeof Anomaly)[keyof typeof Anomaly];
