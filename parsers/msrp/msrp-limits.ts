/** Every limit of the MSRP parser: unit and reason. Memory per flow follows from these. */

/** Octets of a start line with its header. */
export const HEAD_LIMIT = 16 << 10;
/** Octets of a start line. */
export const START_LINE_LIMIT = 128;
/** Octets of a chunk that is read as a whole; larger ones stream. Texts are chunked at 2048 (§5.1). */
export const CHUNK_LIMIT = 64 << 10;
/** Octets of a text put together from its chunks. */
export const MESSAGE_LIMIT = 256 << 10;
/** Messages under way at a time per direction. */
export const MESSAGES_LIMIT = 32;
/** Octets of all texts under way at a time per direction. */
export const MESSAGES_OCTETS = 1 << 20;
/** Ranges of octets that are there of one message, when they are not contiguous. */
export const RANGES_LIMIT = 64;
/** Transactions that wait for their answer. */
export const TRANSACTIONS_LIMIT = 64;
/** Octets of that table. */
export const TABLE_OCTETS = 32 << 10;
/** Characters of an identifier that is kept. */
export const KEPT_LIMIT = 256;
/** Octets of the CPIM header in front of a file. */
export const CPIM_HEAD_LIMIT = 8 << 10;
