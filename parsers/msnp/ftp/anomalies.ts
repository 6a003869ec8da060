/** Odd input that the readers of MSNFTP, its invitations and its connections, name. */
export const FtpAnomaly = {
  /** An invitation without a command or a cookie. */
  InvitationMalformed: 'msnftp-invitation-malformed',
  /** Fields that say what is offered are there more than once: the first counts. */
  RepeatedField: 'msnftp-repeated-field',
  /** A size that is no number of octets. */
  BadSize: 'msnftp-bad-size',
  /** An address or port of the data connection that is none. */
  BadEndpoint: 'msnftp-bad-endpoint',
  /** Somebody who has no part in an invitation answers it: ignored. */
  Stranger: 'msnftp-stranger',
  /** More invitations than are remembered: the oldest is forgotten. */
  TableFull: 'msnftp-table-full',
  /** A line beyond what is kept, or that is none of the protocol. */
  BadLine: 'msnftp-bad-line',
  /** The file is of another size than was offered. */
  SizeMismatch: 'msnftp-size-mismatch',
  /** Octets after the announced size: left out. */
  BeyondSize: 'msnftp-beyond-size',
  /** The receiver gives another name than the one who was invited. */
  OtherReceiver: 'msnftp-other-receiver',
} as const;
export type FtpAnomaly = (typeof FtpAnomaly)[keyof typeof FtpAnomaly];
