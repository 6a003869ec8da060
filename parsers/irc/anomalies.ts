/** Odd input that the IRC parser names: counted, shown and matched by rules under these names. */
export const Anomaly = {
  /** A line beyond 8191 octets of tags or 512 of message (still read). */
  LineTooLong: 'irc-line-too-long',
  /** A line beyond what is kept: skipped to its LF. */
  LineSkipped: 'irc-line-skipped',
  /** NUL inside a line; left out before the line is read. */
  Nul: 'irc-nul',
  /** A CR that no LF follows, taken as a line end as most servers do. */
  LoneCr: 'irc-lone-cr',
  /** No command, or one that is neither letters nor three digits. */
  BadCommand: 'irc-bad-command',
  /** A client named a source; servers ignore or refuse it, it identifies nobody. */
  ClientSource: 'client-source',
  /** More targets in one line than are reported. */
  TooManyTargets: 'irc-too-many-targets',
  /** Octets between STARTTLS and its answer: never read, a server must not either. */
  OctetsAfterStartTls: 'irc-octets-after-starttls',
  /** A multiline batch, or more open batches, than is kept. */
  BatchTooLarge: 'irc-batch-too-large',
  /** More offers than are remembered (the oldest is forgotten), or more contacts (the newest is). */
  TableFull: 'irc-table-full',
  /** A DCC request without the fields of its kind. */
  DccMalformed: 'dcc-malformed',
  /** Not an IPv4 number up to 4294967295, dotted IPv4 or IPv6. */
  DccBadAddress: 'dcc-bad-address',
  /** A port that is not 1 to 65535, or 0 without a token. */
  DccBadPort: 'dcc-bad-port',
  /** Not a number of octets, or beyond 2^53-1. */
  DccBadSize: 'dcc-bad-size',
  /** A DCC request that does not stand alone in its message, or hides behind formatting codes. */
  DccHidden: 'dcc-hidden',
} as const;
export type Anomaly = (typeof Anomaly)[keyof typeof Anomaly];
