/** Odd input that the DTLS parser names; those of the ClientHello itself are framing/hello-anomalies.ts. */
export const Anomaly = {
  /** A ClientHello in fragments although all of it would have gone into the datagram of the first. */
  Fragmented: 'client-hello-fragmented',
} as const;
export type Anomaly = (typeof Anomaly)[keyof typeof Anomaly];
