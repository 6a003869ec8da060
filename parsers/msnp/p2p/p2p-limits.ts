/** Every limit of the P2P readers: unit and reason. Memory per conversation follows from these. */

/**
 * Octets of one MSNSLP text that are kept: a file offer has 1.2 kB, with a preview picture some 30 kB. Of a
 * longer one the beginning is read, where the offer stands.
 */
export const SLP_LIMIT = 65_536;
/** MSNSLP texts that arrive in parts at the same time: two parties, and what they interleave. */
export const ASSEMBLIES_LIMIT = 8;
/** Stretches of one text that wait for what lies between them. */
export const STRETCHES_LIMIT = 16;
/** Dialogs (offers, calls) of one conversation that are remembered, the oldest forgotten first. */
export const DIALOGS_LIMIT = 64;
/** Files and pictures that pass at the same time, finished ones included. */
export const CONTENTS_LIMIT = 32;
/** Octets of parts of one file that came before their turn, kept until it comes: 16 parts of 2 kB. */
export const EARLY_LIMIT = 32_768;
/** Parts of one file that came before their turn. */
export const EARLY_PARTS_LIMIT = 64;
/** Characters of a name, GUID or address that is kept: a file name has 260. */
export const TEXT_LIMIT = 512;
/** Octets of an msnobj description that are read. */
export const OBJECT_LIMIT = 4096;
/** Addresses of one transport answer that are expected: internal and external, a few each. */
export const ADDRESSES_LIMIT = 8;
/** Unknown things said once each: content types of MSNSLP, and sessions of data. */
export const UNKNOWN_LIMIT = 16;
/** Octets of a packet of a direct connection: libpurple takes 48 + 8192. */
export const PACKET_LIMIT = 65_536;
/** Largest octet count that a number holds exactly. */
export const MOST_OCTETS = Number.MAX_SAFE_INTEGER;
