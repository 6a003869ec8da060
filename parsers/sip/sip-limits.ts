/** Every limit of the SIP parser: unit and reason. Memory per flow follows from these. */

/** Octets of a start line with its header: real ones have 500 to 4000. */
export const HEAD_LIMIT = 64 << 10;
/** Octets of a body: MESSAGE should not exceed 1300 (RFC 3428 §8), lists of contacts reach 100 000. */
export const BODY_LIMIT = 1 << 20;
/** Octets of a start line that may still become one. */
export const START_LINE_LIMIT = 4096;
/** Addresses registered over one flow that are remembered: a trunk has many, a telephone one. */
export const REGISTERED_LIMIT = 32;
/** Requests that wait for their answer. */
export const TRANSACTIONS_LIMIT = 128;
/** Datagrams by which a retransmission is known: timers end after 32 s (§17.1.2.2). */
export const RECENT_LIMIT = 128;
/** Octets that each of these tables may hold. */
export const TABLE_OCTETS = 64 << 10;
/** Characters of a Call-ID, a name or an address that is kept. */
export const KEPT_LIMIT = 256;
/** Media descriptions read of one session description. */
export const MEDIA_LIMIT = 32;
/** MSRP sessions of one INVITE that are remembered: dialogs live in shared memory, and one may be large. */
export const SESSIONS_LIMIT = 8;
/** Events of one message: a contact list of that many entries. */
export const EVENTS_LIMIT = 4096;
/** People in conferences who are remembered, to say each arrival once. */
export const PARTICIPANTS_LIMIT = 256;
