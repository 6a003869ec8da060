/** Names of what is odd in a WebSocket; rules match on them. */
export const Anomaly = {
  /** Another connection is carried inside (SSH, TLS, HTTP, wstunnel). */
  Tunnel: 'websocket-tunnel',
  /** A client's frame without a mask, or a server's with one (RFC 6455 §5.1). */
  Mask: 'websocket-mask',
  /** Reserved bits or opcodes, control frames that are long or in parts (RFC 6455 §5.2, §5.5). */
  Frame: 'websocket-bad-frame',
  /** Host fields, or target and Host field, that name different hosts. */
  HostMismatch: 'http-host-mismatch',
} as const;
