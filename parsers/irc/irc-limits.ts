/** Every limit of the IRC parser: unit and reason. Memory per flow follows from these. */

/** Octets of tags with `@` and the space: 8191 from a server (IRCv3 message-tags). */
export const TAGS_LIMIT = 8191;
/** Octets of a line after its tags, CR LF included (RFC 1459 §2.3). */
export const MESSAGE_LIMIT = 512;
/** Octets of the longest line read: twice what is allowed; what is longer is skipped to its LF. */
export const LINE_LIMIT = 16_384;
/** Targets reported of one line: a line of 512 octets holds no more. */
export const TARGETS_LIMIT = 256;
/** Room names whose first spelling is kept. */
export const ROOMS_LIMIT = 256;
/** Watched nicks (MONITOR, WATCH, ISON) whose state is kept. */
export const CONTACTS_LIMIT = 512;
/** DCC offers waiting for their answer. */
export const OFFERS_LIMIT = 256;
/** Characters of a name that is kept: no name that a line of 512 octets carries is longer. */
export const NAME_LIMIT = 512;
/**
 * Characters of all texts of one line's events together: a text to many rooms is judged and
 * written once a room. 512 octets in the worst split (125 rooms, 250 octets, markup) make 62 500.
 */
export const LINE_TEXT_LIMIT = 65_536;
/** Batches open at a time per direction. */
export const BATCHES_LIMIT = 32;
/** UTF-16 units of text of one multiline batch: ten times the usual `max-bytes=4096`. */
export const MULTILINE_LIMIT = 40_960;
/** Lines of one multiline batch: ten times the usual `max-lines`. */
export const MULTILINE_LINES_LIMIT = 512;
/** SASL chunks (400 octets each) kept to learn the account. */
export const SASL_CHUNKS_LIMIT = 16;
/** DCC requests read of one message (thirty offers in one segment were seen, one a line). */
export const DCC_LIMIT = 64;
/** DCC events of one line: requests times targets, so that a line cannot make thousands. */
export const DCC_EVENTS_LIMIT = 256;
/** UTF-16 units of an unknown command that are reported. */
export const COMMAND_LIMIT = 32;
