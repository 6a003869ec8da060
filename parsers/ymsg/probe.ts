/**
 * Is it YMSG? Both directions begin every packet with `YMSG`, a version and a length (dossier §2).
 *
 * Yes needs a whole header of a known service, or one of a client's first (a version that is known).
 * The ancestors (`YHOO1.`, `YPNS1.`) and the web chat (`YCHT`) are recognised by their first words.
 */
import { u16be } from '../../src/bytes/read.ts';
import { Direction, Probe } from '../contract.ts';
import { isKnown, Service } from './services.ts';
import { isKnownVersion } from './version.ts';
import { HEADER } from './ymsg-limits.ts';

/** Octets of a direction that are looked at. */
export const PROBE_LIMIT = HEADER;

const Y = 0x59;
const MAGIC = 4; // octets
const KINDS = ['YMSG', 'YHOO1.', 'YPNS1.', 'YCHT'];

export function probeYmsg(direction: Direction, octets: Uint8Array, midstream: boolean): Probe {
  if (octets.length === 0) return Probe.More;
  if (octets[0] !== Y) return Probe.No;
  if (!mayBeginOne(octets)) return Probe.No;
  if (octets.length < MAGIC) return Probe.More;
  if (octets[1] !== 0x4d) return octets.length < 12 ? Probe.More : ancestor(octets);
  if (octets.length < HEADER) return Probe.More;
  const version = u16be(octets, 4);
  const service = u16be(octets, 10);
  const toServer = direction === Direction.ToServer;
  // A server answers with version 0, a client never has it.
  if (midstream && toServer && version === 0) return Probe.No;
  if (midstream && isOnlyOf(toServer ? Direction.ToClient : Direction.ToServer, service)) {
    return Probe.No;
  }
  return isKnown(service) || (version !== 0 && isKnownVersion(version)) ? Probe.Yes : Probe.No;
}

/** The first octets are those of one of the words, as far as they are there. */
function mayBeginOne(octets: Uint8Array): boolean {
  for (const word of KINDS) {
    const most = Math.min(word.length, octets.length);
    let i = 1;
    while (i < most && octets[i] === word.charCodeAt(i)) i++;
    if (i === most) return true;
  }
  return false;
}

/** Behind their names the ancestors have a version in digits and NULs, the web chat a binary header. */
function ancestor(octets: Uint8Array): Probe {
  const isChat = octets[1] === 0x43;
  const digit = octets[isChat ? 4 : 6] ?? 0;
  if (isChat) return digit === 0 && octets[5] === 0 ? Probe.Yes : Probe.No;
  return digit >= 0x30 && digit <= 0x39 && octets[7] === 0 ? Probe.Yes : Probe.No;
}

/** Services that only one side says: they tell which side is the client where that is a guess. */
function isOnlyOf(direction: Direction, service: number): boolean {
  if (direction === Direction.ToServer) {
    return (
      service === Service.KeepAlive ||
      service === Service.StatusUpdate ||
      service === Service.AuthResponse
    );
  }
  return service === Service.List || service === Service.List15 || service === Service.Status15;
}
