/**
 * Threema's handshake, which shows nothing but its sizes (nDPI threema.c, Threema's cryptography white paper;
 * ../shared/corpus/encrypted/threema). Each side waits for the other:
 *
 *   client   48   ephemeral key, cookie
 *   server   80   cookie, and sealed: its key and cookie
 *   client  191   login, sealed; 144 and an extension of 47 since 2019
 *   server   32   acknowledged, sealed
 *   both     u16 LE length and a sealed message, as often as they like
 */
export const CLIENT_HELLO = 48;
export const SERVER_HELLO = 80;
export const CLIENT_LOGIN = 191;
export const SERVER_ACK = 32;
/** Octets of a message's length before it. */
export const LENGTH = 2;
/** Of a sealed message: the box of 16 and four octets of a header. */
export const SEALED_LEAST = 20;
