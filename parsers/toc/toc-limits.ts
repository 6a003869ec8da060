/** Every limit of the TOC parser: unit and reason. */

/** Octets of a frame that servers and clients allow (dossier oscar.md §7); a longer one is read and named. */
export const FRAME_USUAL = 8192;
/** Words of one command that are read: a frame of 2048 octets lists some 250 buddies. */
export const WORDS_LIMIT = 512;
/** Entries reported of one list of contacts. */
export const CONTACTS_LIMIT = 2048;
/** People reported of one change in a room. */
export const PEOPLE_LIMIT = 512;
/** Rooms whose names are kept by their number. */
export const ROOMS_LIMIT = 64;
/** File offers whose answer is awaited. */
export const OFFERS_LIMIT = 64;
/** Characters of a name that is kept beyond its frame. */
export const NAME_LIMIT = 256;
/** Characters of an unknown command that are reported. */
export const COMMAND_LIMIT = 32;
/** Octets passed over without a frame before the flow is given up. */
export const ASTRAY_LIMIT = 65_536;
/** Octets of the parser with empty tables: measured, and rounded up. */
export const TOC_HELD = 4096;
/** Octets of one entry of a table beside its texts. */
export const ENTRY_HELD = 512;
