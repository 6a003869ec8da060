/** Odd input that the reader of rendezvous proxies names. */
export const ProxyAnomaly = {
  /** A frame that is too long or too short for what it says. */
  BadFrame: 'oscar-proxy-bad-frame',
  /** A type of frame that is not known. */
  UnknownFrame: 'oscar-proxy-unknown-frame',
  /** Content before the proxy said that it is ready. */
  EarlyContent: 'oscar-proxy-early-content',
} as const;
export type ProxyAnomaly = (typeof ProxyAnomaly)[keyof typeof ProxyAnomaly];
