/** Every limit of the rendezvous reader: unit and reason. */

/** Proposals of one connection whose answer is awaited; the oldest is forgotten. */
export const PROPOSALS_LIMIT = 64;
/** Characters of a file name that is kept beyond its message (both ends of a longer one). */
export const NAME_LIMIT = 512;
/** Characters of a comment or reason that is reported. */
export const TEXT_LIMIT = 8192;
/** Octets of one proposal in the table beside its texts: measured, and rounded up. */
export const PROPOSAL_HELD = 640;
