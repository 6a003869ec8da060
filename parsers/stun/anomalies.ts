/** Odd input that the parser of STUN names. */
export const StunAnomaly = {
  /** An attribute that goes beyond its message. */
  Malformed: 'stun-malformed',
} as const;
