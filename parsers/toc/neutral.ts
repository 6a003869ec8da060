/**
 * A refused frame keeps its sequence number and length. To the server it becomes a keep-alive frame,
 * which servers pass over; to the client `DIR_STATUS:0`, the success of something that needs no telling,
 * padded with colons.
 */
import { ascii } from '../../src/bytes/text.ts';
import { Direction, type Neutraliser } from '../contract.ts';

export const TocForm = { Only: 0 } as const;
export const NO_FORM = -1;

export const NEUTRAL = ascii('DIR_STATUS:0');
/** Octets of the shortest payload to the client that can be made neutral. */
export const SHORTEST_NEUTRAL = NEUTRAL.length;
export const KEEP_ALIVE = 5;
const CHANNEL_AT = 1;
const COLON = 0x3a;

export const neutraliseToc: Neutraliser = (part, from, { direction, head }) => {
  const toServer = direction === Direction.ToServer;
  for (let i = 0; i < part.length; i++) {
    const at = from + i;
    if (at >= head) part[i] = toServer ? 0 : (NEUTRAL[at - head] ?? COLON);
    else if (toServer && at === CHANNEL_AT) part[i] = KEEP_ALIVE;
  }
};
