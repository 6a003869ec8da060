/** Odd input that the OFT parser names. */
export const OftAnomaly = {
  /** Octets that begin no header and belong to no file. */
  NoHeader: 'oft-no-header',
  /** A type of header that is not known, or from the side that does not send it. */
  OutOfOrder: 'oft-out-of-order',
  /** Encryption or compression is announced: what passes is not the file. */
  Encoded: 'oft-encoded',
  /** Another file name than was offered. */
  NameDiffers: 'oft-name-differs',
  /** Another number of octets than was offered. */
  SizeDiffers: 'oft-size-differs',
  /** The file flows from who was offered it. */
  DirectionDiffers: 'oft-direction-differs',
  /** The checksum of the content is not the one announced. */
  ChecksumDiffers: 'oft-checksum-differs',
  /** The receiver says it is done before all octets passed. */
  DoneEarly: 'oft-done-early',
  /** A resume position beyond the file. */
  BadOffset: 'oft-bad-offset',
} as const;
export type OftAnomaly = (typeof OftAnomaly)[keyof typeof OftAnomaly];
