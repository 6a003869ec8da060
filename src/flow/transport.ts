/** Protocol numbers of IP, as the table keeps them: of what is read and of what is counted. */
import { Protocol } from '../decode/transport.ts';

export const TCP = Protocol.Tcp;
export const UDP = Protocol.Udp;
