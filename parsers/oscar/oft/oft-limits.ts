/** Every limit of the OFT parser: unit and reason. */

/** Octets of a header: 192 and a name padded to 64. */
export const HEADER_LEAST = 256;
/** Octets of a header with a long name: file systems allow 4096 of a path. */
export const HEADER_MOST = 4096;
/** Octets of the parser with nothing held: measured, and rounded up. */
export const OFT_HELD = 3072;
