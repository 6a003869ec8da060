/** Every limit of the OSCAR parser: unit and reason. Memory per flow follows from these. */

/** Octets after the loss of the framing in which no frame was found: given up beyond. */
export const ASTRAY_LIMIT = 65_536;
/** Octets of a frame beyond which it is named: icons of 25 KiB were seen, messages end at 8 KiB. */
export const LARGE_FRAME = 32_768;
/** Requests of the client whose answer is of interest (messages, services). */
export const REQUESTS_LIMIT = 64;
/** Contacts whose presence is remembered, so that a repeated one says nothing. */
export const PRESENCES_LIMIT = 1024;
/** Groups of a contact list whose name is known. */
export const GROUPS_LIMIT = 512;
/** Invitations into rooms that wait for an answer. */
export const INVITATIONS_LIMIT = 32;
/** Events of one frame: a contact list of 64 KiB holds no more names. */
export const EVENTS_LIMIT = 8192;
/** Characters of a name that is kept beyond its frame. */
export const NAME_LIMIT = 256;
/** Fields of an old ICQ message that are told apart; the last has the rest. */
export const FIELDS_LIMIT = 64;
/** Octets of one table, whatever stands in it. */
export const TABLE_OCTETS = 1 << 20;
/** Octets of a text in a table, beside its entry. */
export const textHeld = ({ length }: string): number => 40 + 2 * length;
