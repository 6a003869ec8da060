/** Every limit of the MSNP parser: unit and reason. Memory per flow follows from these. */

/** Octets of a command line: XFR and NLN with a percent-encoded object stay below 2 KiB; SSO tickets below 4. */
export const LINE_LIMIT = 8192;
/** Octets of a payload that is read whole: switchboards allow 1664, lists (ADL) about 7500. */
export const PAYLOAD_LIMIT = 65_536;
/** Octets of a message's payload beyond which real switchboards close the connection. */
export const MESSAGE_LIMIT = 1664;
/** Digits of a number: transactions have 32 bits; a length with more is none. */
export const LENGTH_DIGITS = 10;
/** Parameters of a line that are looked at. */
export const PARAMS_LIMIT = 24;
/** Participants of one switchboard; servers allow about 20. */
export const PARTICIPANTS_LIMIT = 256;
/** People called and not there yet: every message names all of them. */
export const CALLED_LIMIT = 20;
/** Groups whose names are kept; clients allow 30. */
export const GROUPS_LIMIT = 256;
/** People whose request was not answered yet, and people blocked, each. */
export const PEOPLE_LIMIT = 1024;
/** Entries of one ADL or RML that are said: a payload of 64 KiB holds about 3000. */
export const ENTRIES_LIMIT = 4096;
/** Chunked messages under way (per flow), their parts, and their octets together. */
export const CHUNKED_LIMIT = 16;
export const CHUNKS_LIMIT = 1024;
export const CHUNKED_OCTETS_LIMIT = 262_144;
/** Objects read of one emoticon message; clients send at most 5. */
export const OBJECTS_LIMIT = 32;
/** Call invitations waiting for their answer. */
export const CALLS_LIMIT = 64;
/** Notices of waiting mail that are said of one payload. */
export const MAILS_LIMIT = 64;
/** Characters of a name that is kept beyond its command. */
export const NAME_LIMIT = 512;
/** HTTP gateway: characters of a session identifier. */
export const SESSION_ID_LIMIT = 128;
/** HTTP gateway: sessions remembered, and octets of one between two bodies; most hold 10 KiB. */
export const SESSIONS_LIMIT = 512;
export const SESSION_HELD_LIMIT = 131_072;
