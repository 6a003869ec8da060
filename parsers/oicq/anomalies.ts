/** Odd input that the QQ parsers name. */
export const OicqAnomaly = {
  /** A datagram, or a part of the stream, that is no packet of QQ. */
  NoPacket: 'oicq-no-packet',
} as const;
