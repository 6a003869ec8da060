/**
 * Headers of Google's QUIC before Q050, as a client sends them while its server has not answered. What follows is in
 * clear.
 *
 *   Q024 … Q043   0  flags: 01 version, 08 connection id, 30 octets of the packet number (1, 2, 4, 6)
 *                 1  connection id, 8 octets (until Q033 its length stands in the flags, 0c: 8)
 *                 9  version · packet number · 12 octets of a hash · frames
 *   Q044 … Q049   0  1 1 .. .... · version · u8 50 (lengths of the ids: 8 and 0) · connection id
 *                14  packet number, 4 octets · 12 octets of a hash · frames
 *
 * Source: nDPI's quic.c; "QUIC Wire Layout Specification" (Google).
 */
import { i32be } from '../../src/bytes/read.ts';
import { Header, type QuicVersion, versionOf } from './versions.ts';

const VERSION = 0x01;
const CONNECTION_ID = 0x08;
/** What a client's first packets never set: reset, multipath, and a reserved bit. */
const NEVER = 0xc2;
const EIGHT_AND_NONE = 0x50;
/** Octets before the frames at least. */
const SHORTEST_PUBLIC = 26;
const SHORTEST_LONG = 30;
/** Octets of the packet in which the hello begins: behind the header stand frames of a few octets at most. */
const CHLO_WITHIN = 96;
const CHLO = 0x43484c4f;

/** The version of a client's packet; undefined where it has no such header. Allocates nothing. */
export function googleVersion(octets: Uint8Array): QuicVersion | undefined {
  const first = octets[0] ?? 0;
  if (first >= 0xc0) {
    if (octets.length <= SHORTEST_LONG || octets[5] !== EIGHT_AND_NONE) return undefined;
    return ofForm(octets, 1, Header.GoogleLong);
  }
  const flags = VERSION | CONNECTION_ID;
  if ((first & flags) !== flags || (first & NEVER) !== 0) return undefined;
  return octets.length > SHORTEST_PUBLIC ? ofForm(octets, 9, Header.GooglePublic) : undefined;
}

function ofForm(octets: Uint8Array, at: number, header: Header): QuicVersion | undefined {
  const version = versionOf(i32be(octets, at) >>> 0);
  return version?.header === header ? version : undefined;
}

/** Where a CHLO begins in the packet of a client, -1 where there is none. */
export function findChlo(octets: Uint8Array): number {
  const last = Math.min(octets.length - 4, CHLO_WITHIN);
  for (let at = SHORTEST_PUBLIC; at <= last; at++) if (i32be(octets, at) === CHLO) return at;
  return -1;
}
