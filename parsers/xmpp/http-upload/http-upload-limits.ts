/** UTF-16 units of a URL whose connection is waited for; a longer one stays an offer. */
export const URL_LIMIT = 2048;
/** UTF-16 units of all identities of one offer; one with more stays an offer. */
export const PARTIES_LIMIT = 2048;
/** UTF-16 units of a file name, a type or a token that is kept beyond its stanza. */
export const TEXT_LIMIT = 256;
/** Offers of one URL that are remembered: occupants of a room, people it was sent on to. */
export const TOLD_LIMIT = 16;
/** Connections of others, one after another, that are looked at where a file was announced. */
export const STRANGERS_LIMIT = 64;
/** Files of one connection that were asked for and are not answered: as many as requests wait. */
export const ASKED_LIMIT = 64;
