/** Odd input that the QUIC recogniser names; what is odd of a ClientHello is in framing/hello-anomalies.ts. */
export const QuicAnomaly = {
  /** A client's first packets have none of the keys that they must have. */
  InitialUnreadable: 'quic-initial-unreadable',
  /** Octets of a handshake came twice and were not the same: receivers differ in which they take. */
  CryptoConflict: 'quic-crypto-conflict',
} as const;
