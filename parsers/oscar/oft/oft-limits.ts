/** Every limit of the OFT parser: unit and reason. */

/** Octets of a header before the name. Clients pad the name to 64, and take headers of any length. */
export const HEADER_LEAST = 192;
/** Octets of a header with its name: what its length can say. */
export const HEADER_MOST = 65_535;
/** Of a header of an unknown type: noise would be taken for a longer one. */
export const HEADER_USUAL = 4096;
/** Characters of a name: file systems allow 4096 of a path. */
export const NAME_LIMIT = 4096;
/** Octets of the parser with nothing held: measured, and rounded up. */
export const OFT_HELD = 3072;
