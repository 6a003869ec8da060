/** Odd input that the TLS parser names; those of the ClientHello itself are framing/hello-anomalies.ts. */
export const Anomaly = {
  /** The ClientHello came in several records: what hides a name from those who look at one. */
  Fragmented: 'client-hello-fragmented',
  /** A ClientHello beyond what is kept; read as far as it is kept. */
  HelloOversized: 'client-hello-oversized',
  /** A record longer than any may be. */
  RecordOversized: 'tls-record-oversized',
  /** Its first records have the sizes of another TLS handshake: a tunnel, perhaps. */
  InnerSuspected: 'tls-in-tls-suspected',
} as const;
export type Anomaly = (typeof Anomaly)[keyof typeof Anomaly];
