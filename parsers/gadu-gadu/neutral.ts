/**
 * What stands in the place of a refused packet: a ping to the server, a pong to the client, of the same length,
 * all zeros. Servers answer a ping, clients note that a pong came; neither looks at what it carries.
 */
import { Direction, type Neutraliser } from '../contract.ts';
import { HEADER } from './frames.ts';
import { ToClient, ToServer } from './packet-type.ts';

const SIZE_AT = 4; // octets: the size of the payload stays

export const neutralise: Neutraliser = (part, from, { direction }) => {
  const type = direction === Direction.ToServer ? ToServer.Ping : ToClient.Pong;
  for (let i = 0; i < part.length; i++) {
    const at = from + i;
    if (at < SIZE_AT) part[i] = at === 0 ? type : 0;
    else if (at >= HEADER) part[i] = 0;
  }
};
