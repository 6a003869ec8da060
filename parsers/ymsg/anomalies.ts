/** Odd input that the Yahoo! parsers name: counted, shown and matched by rules under these names. */
export const Anomaly = {
  /** Octets that are no packet where a packet must begin; the next one was looked for. */
  NoMagic: 'ymsg-no-magic',
  /** A key that is not a plain decimal number; read as clients do. */
  BadKey: 'ymsg-bad-key',
  /** The last value has no end, or a key no value: servers drop it or the connection; read all the same. */
  Unterminated: 'ymsg-unterminated',
  /** Octets behind a NUL where a key must begin: not read, as clients do not. */
  Trailing: 'ymsg-trailing-octets',
  /** More pairs than are read: the packet is told as `app.unknown`. */
  TooManyPairs: 'ymsg-too-many-pairs',
  /** More than one text where receivers show one: all are told. */
  RepeatedText: 'ymsg-repeated-text',
  /** More events than one packet may make; what is beyond is not told. */
  TooManyEvents: 'ymsg-too-many-events',
  /** More recipients, members or files than are told. */
  TooManyPeople: 'ymsg-too-many-people',
  /** A size that is not a number of octets. */
  BadSize: 'ymsg-bad-size',
  /** A contact-list entry longer than is kept over packets. */
  ListTooLong: 'ymsg-list-too-long',
  /** A sender in a client's packet that is none of its own identities. */
  ForeignSender: 'ymsg-foreign-sender',
  /** A transfer's content goes on behind its announced size, or ends before it. */
  SizeMismatch: 'ymsg-size-mismatch',
  /** The packet in the body of an upload is none, or too long. */
  BadUpload: 'ymsg-bad-upload',
} as const;
export type Anomaly = (typeof Anomaly)[keyof typeof Anomaly];
