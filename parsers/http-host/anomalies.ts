/** Names of what is odd in requests; rules match on them. */
export const Anomaly = {
  /** Host fields, or target and Host field, that name different hosts. */
  HostMismatch: 'http-host-mismatch',
  /** A tunnel is asked for behind another request of the same connection: it is not looked into. */
  LateConnect: 'http-late-connect',
  /** No end of a head within the limit. */
  HeadTooLong: 'http-head-too-long',
} as const;
