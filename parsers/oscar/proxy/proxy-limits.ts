/** Every limit of the reader of rendezvous proxies: unit and reason. */

/** Octets of a frame with its length: a create of the longest name has below 320. */
export const FRAME_MOST = 512;
/** Frames of a connection before content comes: real ones have two or three. */
export const FRAMES_MOST = 16;
/** Octets of the parser with nothing held: measured, and rounded up. */
export const PROXY_HELD = 1536;
