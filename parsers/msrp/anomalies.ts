/** Odd input that the MSRP parser names: counted, shown and matched by rules under these names. */
export const MsrpAnomaly = {
  /** Neither a request nor a response begins here: skipped to the next one. */
  BadStartLine: 'msrp-bad-start-line',
  /** To-Path and From-Path are not the first two header fields (RFC 4975 §7.1), or are missing. */
  BadPath: 'msrp-bad-path',
  /** A header beyond 16 KiB: skipped. */
  HeadTooLarge: 'msrp-head-too-large',
  /** A Byte-Range that is none, or disagrees with what is there. */
  BadRange: 'msrp-bad-range',
  /** Octets of a message sent twice, and not alike: the later ones count (§7.3.1). */
  Overlap: 'msrp-overlapping-chunks',
  /** Chunks of a file out of order: its digest is not known. */
  OutOfOrder: 'msrp-chunks-out-of-order',
  /** A message of which octets never came. */
  Incomplete: 'msrp-incomplete-message',
  /** A text beyond what is kept: its beginning is reported. */
  Truncated: 'msrp-message-truncated',
  /** More messages under way at a time than are kept: the oldest is given up. */
  TableFull: 'msrp-table-full',
  /** More octets than the offer or the Byte-Range announced. */
  SizeExceeded: 'size-exceeded',
  /** Another number of octets than the offer announced. */
  SizeDiffers: 'file-size-differs',
  /** The file has another SHA-1 than the offer announced. */
  HashDiffers: 'file-hash-differs',
  /** From of a CPIM wrapper is not who the session is with. */
  CpimSenderDiffers: 'cpim-sender-differs',
} as const;
export type MsrpAnomaly = (typeof MsrpAnomaly)[keyof typeof MsrpAnomaly];
