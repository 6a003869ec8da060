/** Octets of the header that stands before every packet. */
export const HEADER = 20;
/** Pairs read of one packet: a packet of 65 535 octets holds a third more at the very most. */
export const PAIRS_LIMIT = 8192;
/** UTF-16 units of identities, rooms, groups and tokens: Yahoo! IDs have 32, rooms rarely 100. */
export const NAME_LIMIT = 256;
/** UTF-16 units of a file name that is kept beyond its packet. */
export const FILE_NAME_LIMIT = 256;
/** UTF-16 units of a URL whose connection is waited for. */
export const URL_LIMIT = 1024;
/** UTF-16 units of all names of one batch that are kept; files beyond are not. */
export const BATCH_NAMES_LIMIT = 2048;
/** Recipients, members and invited people reported of one packet. */
export const PEOPLE_LIMIT = 256;
/** Files of one batch. */
export const FILES_LIMIT = 256;
/**
 * Characters of all events of one packet together: twice (text and markup) what 65 535 octets of
 * text make, and as much again for names.
 */
export const PACKET_TEXT_LIMIT = 262_144;
/** The account's own identities that are remembered. */
export const IDENTITIES_LIMIT = 32;
/** Contacts remembered per flow, to tell a first request from a move between groups. */
export const CONTACTS_LIMIT = 1024;
/** UTF-16 units of a contact list's unfinished entry, kept until the next packet. */
export const LIST_TAIL_LIMIT = 1024;
/** Identifiers of messages kept, to know one that is sent again. */
export const MESSAGE_IDS_LIMIT = 64;
/** Requests waited for at one address and port. */
export const PENDING_LIMIT = 8;
/** Connections of others that are looked at there after an offer, before it is waited for no more. */
export const STRANGERS_LIMIT = 64;
/** Uploads between two people whose download is still to come. */
export const UPLOADS_LIMIT = 8;
/** Octets of the packet that stands before the file in the body of `POST /notifyft`. */
export const NOTIFY_PACKET_LIMIT = 8192;
/** Refused messages of one packet beside which a proxy lets the others pass; servers hand out a few at a time. */
export const REFUSED_LIMIT = 32;
