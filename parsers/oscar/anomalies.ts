/** Odd input that the OSCAR parser names: counted, shown and matched by rules under these names. */
export const Anomaly = {
  /** No frame begins where one had to: the next one is looked for. */
  FramingLost: 'flap-framing-lost',
  /** A frame beyond 32 KiB (still read). */
  LargeFrame: 'flap-large-frame',
  /** A data frame too short for a SNAC head. */
  ShortSnac: 'snac-too-short',
  /** A client sets the flag of versions before a body, which only servers do. */
  VersionsAhead: 'oscar-versions-ahead',
  /** A field goes beyond its SNAC. */
  Malformed: 'snac-malformed',
  /** A TLV goes beyond its parent, or some are missing. */
  BadTlv: 'oscar-bad-tlv',
  /** A TLV that is read stands twice; the first is read, as in most clients. */
  RepeatedTlv: 'oscar-repeated-tlv',
  /** A piece beyond its message, or of an unknown kind. */
  BadFragment: 'oscar-bad-fragment',
  /** Pieces of one text in different character sets. */
  MixedCharsets: 'oscar-mixed-charsets',
  /** UTF-16 text of an odd number of octets. */
  OddUtf16: 'oscar-odd-utf16',
  /** A message on channel 1 without text. */
  NoText: 'oscar-no-text',
  /** More contacts, groups, requests or invitations than are remembered: the oldest is forgotten. */
  TableFull: 'oscar-table-full',
  /** A frame with more events than are said. */
  TooManyEvents: 'oscar-too-many-events',
  /** A cookie that was another account's, or a client that signs in as another in the middle. */
  OtherAccount: 'oscar-other-account',
} as const;
export type Anomaly = (typeof Anomaly)[keyof typeof Anomaly];
