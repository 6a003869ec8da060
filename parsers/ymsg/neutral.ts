/**
 * A refused packet becomes a ping (0x12) of the same length, with the status and the session it has.
 * Its body is NULs: where a key must begin a NUL ends the reading in clients (dossier §3), and servers
 * find no separator in it, thus no pair. Of a packet whose beginning has passed already the rest becomes
 * NULs: the value under way loses its end and is dropped.
 */
import type { Neutraliser } from '../contract.ts';
import { Service } from './services.ts';

const SERVICE_AT = 10; // two octets, big-endian

export const neutralisePacket: Neutraliser = (part, from, unit) => {
  for (let i = 0; i < part.length; i++) {
    const at = from + i;
    if (at >= unit.head) part[i] = 0;
    else if (at === SERVICE_AT) part[i] = 0;
    else if (at === SERVICE_AT + 1) part[i] = Service.Ping;
  }
};
