/** Every limit of the Direct Connect parsers: unit and reason. Memory per flow follows from these. */

/**
 * Octets of a command without its end: a hub's list of 5000 nicks has some 60 000, its greeting a few
 * thousand. What is longer is skipped to its end and named.
 */
export const COMMAND_LIMIT = 65_536;
/** Users of a hub whose state is remembered (what is news is told); the oldest is forgotten. */
export const USERS_LIMIT = 4096;
/** UTF-16 units of a name that is kept: hubs allow 64 octets of nick, some 255. */
export const NAME_LIMIT = 256;
/** UTF-16 units of all that is kept of the users of one hub. */
export const USERS_TEXT_LIMIT = 262_144;
/** UTF-16 units of a hub's name. */
export const HUB_NAME_LIMIT = 128;
/** UTF-16 units of a file's name in what is kept: paths have 260 on Windows, 4096 elsewhere. */
export const FILE_NAME_LIMIT = 4096;
/** UTF-16 units of an unknown command that are reported. */
export const WORD_LIMIT = 32;
/**
 * Octets that all compressed parts of a hub's flow together may make of one: its lists make about 10. What
 * they make is commands, each of which costs.
 */
export const HUB_RATIO = 20;
/** Octets inflated in a flow before a ratio counts. */
export const INFLATE_FLOOR = 1 << 20;
/** Of files, which are only hashed: what compresses better than a text does is rare, zeros make 1032. */
export const FILE_RATIO = 100;
