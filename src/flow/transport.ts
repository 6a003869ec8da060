/** The protocol number of IP by which the table tells flows of datagrams. */
import { Protocol } from '../decode/transport.ts';

export const UDP = Protocol.Udp;
