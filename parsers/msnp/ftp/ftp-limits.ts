/** Limits of MSNFTP: unit and reason. */

/** Invitations of one conversation that are remembered, the oldest forgotten first. */
export const INVITATIONS_LIMIT = 64;
/** Characters of a name or address that is kept: a file name has 260. */
export const TEXT_LIMIT = 512;
/** Octets of a line of the data connection: `USR address cookie` is the longest. */
export const LINE_LIMIT = 1024;
/** Addresses of one acceptance that are expected. */
export const ENDPOINTS_LIMIT = 4;
