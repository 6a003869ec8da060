/** Odd input that the reader of direct connections names. */
export const DirectAnomaly = {
  /** A length beyond any packet: the connection is given up. */
  PacketTooLong: 'direct-packet-too-long',
  /** Packets before either side said its nonce. */
  NoHandshake: 'direct-no-handshake',
  /** A nonce that nobody announced. */
  UnknownNonce: 'direct-unknown-nonce',
  /** A second nonce of the same side. */
  SecondNonce: 'direct-second-nonce',
} as const;
export type DirectAnomaly = (typeof DirectAnomaly)[keyof typeof DirectAnomaly];
