/** Odd input that the Direct Connect parsers name: counted, shown and matched by rules under these names. */
export const Anomaly = {
  /** A command beyond what is kept: its beginning is read. */
  CommandTooLong: 'dc-command-too-long',
  /** A client named a sender that it is not. */
  SenderMismatch: 'dc-sender-mismatch',
  /** The compressed part of a stream is damaged, or makes more than is allowed. */
  BadCompression: 'dc-bad-compression',
  /** A file's compressed content is longer or shorter than announced. */
  SizeMismatch: 'dc-size-mismatch',
  /** Content, or an answer, that nobody asked for. */
  Unrequested: 'dc-unrequested',
  /** An address or port that is none. */
  BadAddress: 'dc-bad-address',
  /** A size or position that is none. */
  BadNumber: 'dc-bad-number',
  /** A line that is no command of ADC. */
  BadLine: 'adc-bad-line',
} as const;
export type Anomaly = (typeof Anomaly)[keyof typeof Anomaly];
