/** Every limit of the TLS parser: unit and reason. Memory per flow follows from these. */

/** Octets of a server's message that are kept: a chain of certificates has some 4 KB, its first one the names. */
export const SERVER_MESSAGE_LIMIT = 32_768;
/** Octets of the server that are looked at for its certificate. */
export const SERVER_LIMIT = 49_152;
/** Octets of the client after its hello, without an answer seen: the capture has one side only. */
export const UNANSWERED_LIMIT = 16_384;
/** Names of a certificate beyond which it is a content network's, and its second name tells nothing. */
export const CERTIFICATE_NAMES = 16;
/** Octets of memory that watching for a handshake inside takes: measured, and rounded up. */
export const INNER_HELD = 512;
