/** Every limit of the Gadu-Gadu parsers: unit and reason. Memory per flow follows from these. */

/** Octets of a packet less its header: libgadu takes no more. */
export const PAYLOAD_LIMIT = 65_535;
/** Octets of the longest packet that is skipped to its end; beyond it no packet is believed. */
export const LONGEST_PACKET = 1 << 20;
/** Entries reported of one packet: a NOTIFY has 400 contacts, 64 KiB hold 13 000. */
export const ENTRIES_LIMIT = 1024;
/** Recipients of one conference. */
export const CONFERENCE_LIMIT = 64;
/** Transfers and calls remembered. */
export const OFFERS_LIMIT = 32;
/** Inline images under way at a time, both directions together. */
export const IMAGES_LIMIT = 16;
/** Images reported of one message. */
export const IMAGES_PER_MESSAGE = 16;
/** Octets of an inflated contact list. */
export const LIST_LIMIT = 1 << 20;
/**
 * Octets that all lists of a flow may make of one compressed octet, once so many were made: lists make
 * about 10.
 */
export const LIST_RATIO = 20;
export const LIST_FLOOR = 1 << 20;
/** Octets of a contact list's unfinished line that are kept until its next packet. */
export const LINE_LIMIT = 2048;
/** UTF-16 units of a name that is kept: a file name has 255 octets. */
export const NAME_LIMIT = 256;
